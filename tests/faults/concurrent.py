"""Receiving, flushing, importing, building, erasing, backing up and reading at once: whole, once, and to the end."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.shop import Shop
from tests.faults.parts.sending import SEGMENT, Address, Event, counted, new_shop, served
from tests.faults.parts.workers import WORK, Report, released, users, whole, working

LARGEST_BATCH, EVENTS_OF_LEAVER = 40, 3
_PATIENCE_SECONDS = 3600


@dataclass
class Acknowledged:
    """What clients were told is safe.

    Attributes:
        batches: number of events by batch; each came in one request.
        leavers: people who will be erased, with some events each.
    """

    batches: dict[str, int] = field(default_factory=dict)
    leavers: list[str] = field(default_factory=list)

    @property
    def events(self) -> int:
        """All of them."""
        return sum(self.batches.values()) + EVENTS_OF_LEAVER * len(self.leavers)


def send(at: Address, safe: Acknowledged, chance: random.Random) -> None:
    """Send one more batch, and now and then the events of somebody who is to be erased."""
    name, size = f"wire-{len(safe.batches)}", chance.randrange(1, LARGEST_BATCH)
    assert at.send(SEGMENT, [_event(f"{name}-{at}", f"u{at % 7}", name, size) for at in range(size)]) == 200
    safe.batches[name] = size
    if len(safe.batches) % 3 == 0:
        leaver = f"leaver-{len(safe.leavers)}"
        assert at.send(SEGMENT, [_event(f"{leaver}-{at}", leaver) for at in range(EVENTS_OF_LEAVER)]) == 200
        safe.leavers.append(leaver)


def _event(id_: str, user: str, batch: str = "", size: int = 0) -> Event:
    told: Event = {"type": "track", "messageId": id_, "event": "Product Viewed", "userId": user}
    if batch:
        return told | {"context": {"location": {"region": batch, "city": str(size)}}}
    return told | {"properties": {"leaver": user}}


def judge(shop: Shop, safe: Acknowledged, reports: dict[str, Report]) -> dict[str, int]:
    """Hold the lake against what clients and workers were told."""
    found, leavers, counts = whole(shop), users(shop), counted(shop)
    imported, erased = reports["import"].told, set(reports["erase"].told)
    torn = sum(there != size for there, size in found.values())
    told = counts.stored + counts.duplicates + counts.skipped + counts.refused
    return {
        "sent": safe.events,
        "lost": sum(name not in found for name in (*safe.batches, *imported))
        + sum(leavers[name] != EVENTS_OF_LEAVER for name in safe.leavers if name not in erased),
        "torn": torn,
        "not_erased": sum(leavers[name] for name in erased),
        "miscounted": abs(counts.received - safe.events) + abs(counts.received - told),
        "wrong": sum(len(report.wrong) for report in reports.values()),
    }


def judge_backup(folder: Path, told: Sequence[str], to: Path) -> dict[str, int]:
    """What the last backup holds: all that was there as it ended, in whole batches; nothing if there was none."""
    if not told:
        return {}
    qianmian.restore(folder / "data.tar", folder / "keys.tar", to)
    shop = qianmian.open(to)
    try:
        found = whole(shop)
    finally:
        shop.close()
    torn = sum(there != size for there, size in found.values())
    return {"backup_torn": torn, "backup_lost": sum(name not in found for name in told)}


def run(top: Path, releases: int, tell: Callable[[str], None] = print) -> dict[str, int]:
    """Work until the events were released so many times."""
    folder, safe, chance = top / "shop", Acknowledged(), random.Random(releases)
    at = new_shop(folder)
    shop = qianmian.open(folder)
    until = time.monotonic() + _PATIENCE_SECONDS
    with served(folder, at), ExitStack() as stack:
        workers = {name: stack.enter_context(working(name, folder)) for name in WORK}
        while released(shop) < releases and time.monotonic() < until:
            send(at, safe, chance)
            time.sleep(0.05)
        reports = {name: worker.end() for name, worker in workers.items()}
    try:
        for name, report in reports.items():
            tell(f"{name}: done {report.done} times, waited {report.waited}; {report.wrong or 'nothing wrong'}")
        Flusher(shop.workspace).flush_all()
        done = {f"{name}s": report.done for name, report in reports.items()}
        told = judge(shop, safe, reports)
        backup = judge_backup(folder, reports["backup"].told, top / "restored")
        return {"trials": released(shop), **done, **told, **backup}
    finally:
        shop.close()


#: Which of the counts must be 0.
NOTHING = ("lost", "torn", "not_erased", "miscounted", "wrong", "backup_torn", "backup_lost")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="releases of events")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), asked.trials)
    print(json.dumps({"name": "concurrent", **counts}))
    return 1 if any(counts.get(name) for name in NOTHING) else 0


if __name__ == "__main__":
    sys.exit(main())
