"""One bit turned over, or an end cut off, anywhere on disk: an error by name, or the same answers; never other ones."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from qianmian.app.checkup import count_rows, mend, read_through
from qianmian.app.flusher import Flusher
from qianmian.app.shop import Shop
from qianmian.collect.journal.entries import Place
from qianmian.core.errors import DamagedJournalError, QianmianError
from tests.app.test_flusher import batch, form, received, track
from tests.app.traces import Scene
from tests.faults.parts.scene import open_shop
from tests.faults.parts.state import read_state

#: What is damaged, by the path below the data folder.
KINDS = {
    "journal": ("journal/waiting/*.db", "journal/released/*.db"),
    "data files": ("lake/*/*.parquet", "lake/*/day=*/*.parquet"),
    "history": ("lake/history/*.arrow",),
    "log": ("lake/*/_delta_log/*.json",),
    "vault": ("vault.db", "keys/salts.db"),
    "catalogue": ("catalogue.db",),
}
#: Kinds of which every byte that tells something is sealed or digested: a changed bit cannot pass for another answer.
SEALED = ("journal", "data files", "history")
#: An error that says which file; an error in a library's words; the same answers; other answers without a word.
OUTCOMES = ("named", "unnamed", "harmless", "silent")


Answers = dict[str, Counter[str]]


@dataclass(frozen=True)
class Damage:
    """What was done to a file.

    Attributes:
        file: below the data folder.
        offset: of the byte.
        bit: that was turned over; None = everything from the offset on is cut off.
    """

    file: str
    offset: int
    bit: int | None

    def do(self, data: Path) -> None:
        """Damage the file in a data folder."""
        path = data / self.file
        told = bytearray(path.read_bytes())
        if self.bit is None:
            del told[self.offset :]
        else:
            told[self.offset] ^= 1 << self.bit
        path.write_bytes(told)


def prepare(folder: Path) -> Answers:
    """A shop with something of every kind; returns its answers."""
    scene = Scene(folder)
    more = [track(number, properties={"product_id": f"i{number % 9}", "note": f"好 {number}"}) for number in range(300)]
    received(scene, batch(*more[:200]), batch(*more[200:], track(7, timestamp="yesterday")), form(_sensors()))
    Flusher(scene.shop.workspace).flush_all()
    scene.shop.build()
    received(scene, batch(track(500), track(501, userId="13800138000")))
    scene.shop.close()
    return examine(shutil.copytree(folder, folder.with_name("asked")))


def _sensors() -> dict[str, object]:
    head = {"type": "track", "event": "ProductViewed", "time": 1780200000000, "distinct_id": "anna"}
    return {**head, "properties": {"item_id": "i1"}}


def examine(folder: Path) -> Answers:
    """Every answer that a shop can give: a thorough checkup, all of its raw events, and all rows of all tables.

    Raises:
        QianmianError: something is damaged.
    """
    mend(folder)
    shop = open_shop(folder)
    try:
        read_through(shop.workspace)
        for file in Flusher(shop.workspace).flush_all().damaged:
            raise DamagedJournalError("damaged_journal", file=file, why="told by the flusher")
        checkup = Counter({f"{name} {rows}": 1 for name, rows in count_rows(shop.workspace).items()})
        raw = Counter(str(entry) for entry in _entries(shop))
    finally:
        shop.close()
    return {"checkup": checkup, "journal": raw, **read_state(folder)}


def _entries(shop: Shop) -> Iterator[object]:
    for file in shop.workspace.journal.files():
        at = 0
        while some := shop.workspace.journal.read(Place(file.stream, at)):
            yield from some
            at = some[-1].position


def damaged(data: Path, kind: str, seed: int) -> Damage:
    """Damage one file of a kind, larger ones more often; every third time its end is cut off."""
    chance = random.Random(f"{kind} {seed}")
    files = sorted(path for pattern in KINDS[kind] for path in data.glob(pattern))
    (file,) = chance.choices(files, [path.stat().st_size for path in files])
    bit = None if seed % 3 == 0 else chance.randrange(8)
    damage = Damage(file.relative_to(data).as_posix(), chance.randrange(file.stat().st_size), bit)
    damage.do(data)
    return damage


def asked(folder: Path, expected: Answers) -> tuple[str, str]:
    """Ask a damaged shop everything; returns the outcome, and what was told or is wrong."""
    try:
        found = examine(folder)
    except QianmianError as error:
        return "named", str(error)
    except Exception as error:  # noqa: BLE001  # an error that nobody put in words is what is counted here
        return "unnamed", f"{type(error).__name__} {error}"
    differing = [name for name in expected if found.get(name) != expected[name]]
    return ("silent", f"other {', '.join(differing)}") if differing else ("harmless", "")


def run(top: Path, trials: int, tell: Callable[[str], None] = print) -> dict[str, dict[str, Counter[str]]]:
    """Damage each kind so many times; returns outcomes by kind and by what was done."""
    expected, copy = prepare(top / "sound"), top / "copy"
    found = {kind: {"bit": Counter[str](), "cut": Counter[str]()} for kind in KINDS}
    for kind, seed in product(KINDS, range(trials)):
        shutil.copytree(top / "sound", copy)
        damage = damaged(copy / "data", kind, seed)
        outcome, why = asked(copy, expected)
        found[kind]["cut" if damage.bit is None else "bit"][outcome] += 1
        if outcome in ("silent", "unnamed"):
            tell(f"{kind}: {outcome}: {damage}: {why.splitlines()[0][:200]}")
        shutil.rmtree(copy)
    return found


def broken(found: dict[str, dict[str, Counter[str]]]) -> int:
    """How often it was not told though it is promised: of what is sealed anything, of all else an end that is gone."""
    bits = sum(found[kind]["bit"]["silent"] for kind in SEALED)
    return bits + sum(of["cut"]["silent"] for of in found.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="damages of each kind")
    trials = parser.parse_args().trials
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), trials)
    print(f"{'':24}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES))
    for kind, what in product(KINDS, ("bit", "cut")):
        print(f"{kind:14}{what:10}" + "".join(f"{found[kind][what][outcome]:10}" for outcome in OUTCOMES))
    silent = sum(counts["silent"] for of in found.values() for counts in of.values())
    print(json.dumps({"name": "corruption", "trials": trials * len(KINDS), "silent": silent, "broken": broken(found)}))
    return 1 if broken(found) else 0


if __name__ == "__main__":
    sys.exit(main())
