"""A call by which a file is written fails, once or from then on: what was acknowledged is there once, and counted."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.workspace import JOURNAL
from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.core.errors import QianmianError
from qianmian.lake.connection import fetch
from tests.faults.collector import Ledger, judge
from tests.faults.parts.sending import SOURCE, new_shop
from tests.faults.parts.traced import CALLS, AsideError, Tell, Traced, can_trace, run

#: What the kernel answers. A call that writes nothing is the shortest that a call can be.
FAULTS = {
    "kill": "signal=SIGKILL",
    "io error": "error=EIO",
    "no room": "error=ENOSPC",
    "interrupted": "error=EINTR",
    "nothing written": "retval=0",
}
_SHORTENED = ("write", "pwrite64")
#: A death comes once, and whoever is interrupted for ever may try for ever.
_ONCE = ("kill", "interrupted")
#: Rounds of receiving and flushing that a shop has behind it, so that files are merged in a trial.
_ROUNDS = 15
_DELIVERIES, _EVENTS = 6, 3


@dataclass(frozen=True)
class Fault:
    """Which call fails, and how.

    Attributes:
        call: of the kernel.
        number: which of a thread's, from 1.
        kind: of `FAULTS`.
        lasts: whether all later ones fail too.
    """

    call: str
    number: int
    kind: str
    lasts: bool = False

    @property
    def order(self) -> str:
        """As strace wants it."""
        return f"{self.call}:{FAULTS[self.kind]}:when={self.number}{'+' if self.lasts else ''}"

    def __str__(self) -> str:
        return f"{self.kind} at {self.call} {self.number}{' and later' if self.lasts else ''}"


@dataclass(frozen=True)
class Trial:
    """What came of a fault.

    Attributes:
        fault: what failed.
        ended: how the process ended, see `Traced`.
        hits: calls that failed.
        lost: acknowledged events that are not in the lake.
        duplicated: events that are there twice.
        miscounted: how far the counts are from the lake and the raw files.
        unreadable: why the shop could not be read or worked with afterwards; empty = it could.
        lied: whether the process said that it had shown all, and had not.
    """

    fault: Fault
    ended: str
    hits: int
    lost: int = 0
    duplicated: int = 0
    miscounted: int = 0
    unreadable: str = ""
    lied: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        bad = self.lost or self.duplicated or self.miscounted or self.unreadable or self.lied
        return not bad and self.ended != "hung"


def work(folder: Path, tell: Tell) -> None:
    """Receive, take in, merge files and read: tells what was acknowledged, and in the end what is seen."""
    shop = qianmian.open(folder)
    workspace = shop.workspace
    asyncio.run(_receive(shop, tell))
    flusher = Flusher(workspace)
    told = flusher.flush_all()
    flusher.flush()  # the file is finished and empty: it is released, and files are merged
    if told.damaged:  # as far as could be seen
        tell("damaged")
    tell(f"seen {len(_numbers(shop))}")


async def _receive(shop: qianmian.Shop, tell: Tell) -> None:
    workspace, first = shop.workspace, len(_numbers(shop))
    folder = JournalFolder(workspace.data / JOURNAL)
    writer = JournalWriter(folder, workspace.keys, workspace.clock, workspace.entropy)
    for number in range(first, first + _DELIVERIES * _EVENTS, _EVENTS):
        names = [str(one) for one in range(number, number + _EVENTS)]
        try:
            await writer.append(_delivery(names))
        except QianmianError:
            continue  # nobody was told that they are safe
        tell(f"safe {' '.join(names)}")
    await writer.close()


def _delivery(names: list[str]) -> Delivery:
    now = datetime.now(UTC)
    lines = [
        json.dumps({
            "receivedAt": now.isoformat(), "type": "track", "event": "Product Viewed", "messageId": f"m-{name}",
            "userId": f"u-{name}", "timestamp": now.isoformat(), "properties": {"number": name},
        })
        for name in names
    ]  # fmt: skip
    told = {"dialect": "segment", "source": SOURCE, "environment": "prod", "received_at": now}
    return Delivery(**told, count=len(lines), lines="\n".join(lines).encode())


def _numbers(shop: qianmian.Shop) -> list[str]:
    workspace = shop.workspace
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, "events") as connection:
        found: list[str] = fetch(connection, "SELECT properties->>'number' AS n FROM events")["n"].to_pylist()
    return found


def prepare(folder: Path) -> list[str]:
    """Make a shop that has received and taken in for a while; says what is in it."""
    new_shop(folder)
    shop = qianmian.open(folder)
    for _ in range(_ROUNDS):
        asyncio.run(_receive(shop, lambda _line: None))
        Flusher(shop.workspace).flush_all()
    numbers = _numbers(shop)
    shop.close()
    return numbers


@dataclass(frozen=True)
class Bench:
    """A prepared shop, and how many calls the work makes in it.

    Attributes:
        shop: is copied for each trial.
        before: what is in it.
        calls: of each kind, which of a thread's.
    """

    shop: Path
    before: list[str]
    calls: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, folder: Path) -> Bench:
        """Prepare a shop in a folder, and do the work once without faults."""
        before = prepare(folder / "shop")
        shutil.copytree(folder / "shop", folder / "counting")
        found = run(work, folder / "counting", folder / "counting.log")
        assert found.ended == "done", found
        return cls(folder / "shop", before, found.calls)

    def faults(self) -> list[Fault]:
        """Every call with every fault, once and for good."""
        return [
            Fault(call, number, kind, lasts)
            for call in CALLS
            for number in self.calls.get(call, ())
            for kind in FAULTS
            for lasts in (False, True)
            if (kind != "nothing written" or call in _SHORTENED) and not (kind in _ONCE and lasts)
        ]

    def trial(self, fault: Fault, folder: Path) -> Trial:
        """Do the work with a fault, then hold what is there against what was told."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.shop, folder / "shop")
        found = run(work, folder / "shop", folder / "log", fault.order)
        ledger = Ledger(set(self.before) | _safe(found))
        try:
            counts = judge(folder / "shop", ledger)
        except (QianmianError, OSError) as error:
            return Trial(fault, found.ended, found.hits, unreadable=f"{type(error).__name__}: {error}")
        counts.pop("acknowledged")
        seen = [int(line.partition(" ")[2]) for line in found.told if line.startswith("seen ")]
        lied = found.ended == "done" and "damaged" not in found.told and seen[0] < len(ledger.acknowledged)
        return Trial(fault, found.ended, found.hits, **counts, lied=lied)


def _safe(found: Traced) -> set[str]:
    return {name for line in found.told if line.startswith("safe ") for name in line.split()[1:]}


def trials(top: Path, number: int, seed: int = 0) -> Iterator[Trial]:
    """So many of all faults, chosen by chance; all of them if there are not so many."""
    bench = Bench.of(top)
    faults = bench.faults()
    calls = {call: len(numbers) for call, numbers in bench.calls.items()}
    print(f"{len(faults)} faults at {sum(calls.values())} calls: {calls}", flush=True)
    for fault in random.Random(seed).sample(faults, min(number, len(faults))):
        with suppress(AsideError):  # which thread makes which call is not the same each time
            yield bench.trial(fault, top / "trial")


def main(tell: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="of all faults, chosen by chance")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if not can_trace():
        tell("strace is not there, or may not look at processes: nothing was tested")
        return 1
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for trial in trials(Path(folder), asked.trials, asked.seed):
            counts.update(trials=1, hit=bool(trial.hits), lost=trial.lost, unreadable=bool(trial.unreadable))
            counts.update(duplicated=trial.duplicated, miscounted=trial.miscounted, lied=trial.lied)
            counts[trial.ended] += 1
            if not trial.is_clean:
                tell(f"BAD {trial.fault}: {trial}")
    print(json.dumps({"name": "calls", **counts}))
    bad = ("lost", "duplicated", "miscounted", "unreadable", "lied", "hung")
    return int(any(counts[name] for name in bad) or not counts["hit"])


if __name__ == "__main__":
    sys.exit(main())
