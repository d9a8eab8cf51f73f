"""Kill -9 while eight append to the journal, and while it is tidied: what was acknowledged is there, once."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qianmian.collect.journal.entries import Entry, Place
from qianmian.collect.journal.journal import Journal
from qianmian.core.errors import QianmianError
from tests.faults.parts.appending import ERASED, append, delivery, number_of, opened, parts_of, process, promised, tidy
from tests.faults.parts.child import KILLED

#: Who passes each failpoint, and at which time it dies there.
DEATHS = {
    "journal.after_file": ("append", 3),
    "journal.after_salt": ("append", 3),
    "journal.after_rows": ("append", 5),
    "journal.after_commit": ("append", 5),
    "journal.after_settling": ("release", 2),
    "journal.after_rewriting": ("forget", 2),
    "journal.after_shredding": ("expire", 2),
}
#: Numbers of what is appended after a death.
_LATER = 10_000_000
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Trial:
    """What came of one kill.

    Attributes:
        what: who died where.
        status: how the process ended.
        promised: deliveries that were acknowledged.
        lost: those of them that are not there as they were, at the place that was told.
        duplicated: deliveries that are there twice.
        wrong: what is there and is not what anybody delivered.
        unreadable: why the journal could not be read or tidied; empty if it could.
    """

    what: str
    status: int
    promised: int = 0
    lost: int = 0
    duplicated: int = 0
    wrong: int = 0
    unreadable: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return self.promised > 0 and not (self.lost or self.duplicated or self.wrong or self.unreadable)


def while_appending(root: Path, seed: int, failpoint: str = "", hit: int = 1) -> Trial:
    """Kill a process that appends, at a failpoint or at a random moment, and look while it lives and after."""
    chance, reader = random.Random(seed), _Reader(root)
    child = process("append", root, failpoint, hit)
    begun = time.monotonic()
    while not promised(root) and child.is_alive() and time.monotonic() - begun < _PATIENCE_SECONDS:
        time.sleep(0.002)
    dies_at = time.monotonic() + (_PATIENCE_SECONDS if failpoint else chance.uniform(0, 0.5))
    problem = ""
    try:
        while child.is_alive() and time.monotonic() < dies_at:
            reader.follow()
    except QianmianError as error:
        problem = f"{type(error).__name__} while it lived: {error}"
    child.kill()
    child.join()
    reader.close()
    what = f"append at {failpoint}" if failpoint else f"append, seed {seed}"
    return _judged(root, what, child.exitcode or 0, problem)


def while_tidying(root: Path, failpoint: str) -> Trial:
    """Kill a process that releases, forgets or expires; the same again ends as if nothing had happened."""
    deed, hit = DEATHS[failpoint]
    append(root, 0, 150)
    if deed != "release":
        tidy(root, "release")
    child = process(deed, root, failpoint, hit)
    child.join(_PATIENCE_SECONDS)
    child.kill()
    child.join()
    return _judged(root, f"{deed} at {failpoint}", child.exitcode or 0, "", deed)


def _judged(root: Path, what: str, status: int, problem: str, deed: str = "") -> Trial:
    """Go on after the death, then hold what is there against the ledger, before and after all is released."""
    if problem:
        return Trial(what, status, unreadable=problem)
    try:
        append(root, _LATER, 20)
        if deed:
            tidy(root, deed)
        found = entries_of(root)
        tidy(root, "release")
        again = entries_of(root)
    except (QianmianError, OSError) as error:
        return Trial(what, status, unreadable=f"{type(error).__name__}: {error}")
    told, forgotten = promised(root), deed == "forget"
    if deed == "expire":  # what was released is to be gone, and what came later is to be there
        told = {number: place for number, place in told.items() if number >= _LATER}
        found = {place: entry for place, entry in found.items() if place.stream in {p.stream for p in told.values()}}
    lost = sum(not is_kept(found.get(place), number, forgotten) for number, place in told.items())
    parts = [part for entry in found.values() for part in parts_of(entry) if part.lines]
    whole = [number_of(part) for part in parts]
    wrong = sum(not _is_delivery(part, number, forgotten) for part, number in zip(parts, whole, strict=True))
    wrong += found != {place: again.get(place) for place in found}
    twice = sum(times - 1 for times in Counter(whole).values())
    return Trial(what, status, len(told), lost, twice, wrong)


def is_kept(entry: Entry | None, number: int, forgotten: bool = False) -> bool:
    """Whether the delivery of that number is in an entry, without the line of the erased where that was forgotten."""
    return entry is not None and any(_is_delivery(part, number, forgotten) for part in parts_of(entry))


def _is_delivery(part: Entry, number: int, forgotten: bool) -> bool:
    wanted = delivery(number)
    lines = wanted.lines
    if forgotten and number < _LATER and ERASED.encode() in lines:
        lines = b"" if wanted.reason else lines.rpartition(b"\n")[0]
    is_same = part.lines.rstrip(b"\n") == lines.rstrip(b"\n")
    return is_same and (part.source, part.reason) == (wanted.source, wanted.reason)


def entries_of(root: Path) -> dict[Place, Entry]:
    """All that can be read, by its place."""
    folder, keys = opened(root)
    journal, found = Journal(folder, keys, os.urandom), {}
    for file in journal.files():
        at = 0
        while some := journal.read(Place(file.stream, at), 1 << 20):
            found |= {Place(file.stream, entry.position): entry for entry in some}
            at = some[-1].position
    journal.close()
    keys.close()
    return found


class _Reader:
    """Reads while another process writes, and releases what is finished and read."""

    def __init__(self, root: Path) -> None:
        folder, self._keys = opened(root)
        self._journal = Journal(folder, self._keys, os.urandom)
        self._at: dict[str, int] = {}

    def follow(self) -> None:
        for file in self._journal.files():
            if file.is_released:
                continue
            some = self._journal.read(Place(file.stream, self._at.get(file.stream, 0)), 100_000)
            if some:
                self._at[file.stream] = some[-1].position
            elif file.is_finished and self._at.get(file.stream):
                self._release(file.stream)

    def close(self) -> None:
        self._journal.close()
        self._keys.close()

    def _release(self, stream: str) -> None:
        try:
            self._journal.release(stream)
        except QianmianError as error:
            if error.message.name != "journal_busy":  # the writer has not let go of it yet
                raise


def at_failpoint(root: Path, name: str) -> Trial:
    """Die at a failpoint."""
    deed, hit = DEATHS[name]
    return while_appending(root, 0, name, hit) if deed == "append" else while_tidying(root, name)


def _trials(top: Path, moments: int) -> Iterator[Trial]:
    for name in DEATHS:
        yield at_failpoint(_new(top), name)
    for seed in range(moments):
        yield while_appending(_new(top), seed)


def _new(top: Path) -> Path:
    """An empty folder, and the last one gone."""
    root = top / "trial"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    return root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="random moments, beside every failpoint once")
    told = parser.parse_args()
    counts, kept = {"trials": 0, "lost": 0, "duplicated": 0, "unreadable": 0}, 0
    clean = True
    with tempfile.TemporaryDirectory() as folder:
        for trial in _trials(Path(folder), told.trials):
            counts["trials"] += 1
            counts["lost"] += trial.lost
            counts["duplicated"] += trial.duplicated + trial.wrong
            counts["unreadable"] += bool(trial.unreadable)
            kept += trial.promised
            clean = clean and trial.is_clean and trial.status == KILLED
            print(f"{'ok ' if trial.is_clean else 'BAD'} {trial.what}: {trial.promised} acknowledged", flush=True)
            if not trial.is_clean or trial.status != KILLED:
                print(f"    {trial}", flush=True)
    print(json.dumps({"name": "journal", **counts, "acknowledged": kept}))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
