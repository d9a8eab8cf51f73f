"""Events sent again in other requests, processes and days, beside an import and merged files: each is stored once."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.shop import Shop
from qianmian.app.taken import SUMMED, Counts
from qianmian.app.workspace import writing
from qianmian.collect.wire.meanings import mapping_text
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.connection import fetch
from tests.faults.collector import raw_events
from tests.faults.parts.sending import (
    SEGMENT,
    SENSORS,
    SOURCE,
    Address,
    Event,
    counted,
    new_shop,
    served,
    wait_for,
)

DAYS, SENDERS, LARGEST_REQUEST = 6, 2, 60
#: Of a hundred events sent, so many were sent before; of a hundred new ones, so many have a twin with other content.
AGAIN_PERCENT, TWINS_PERCENT = 30, 2
_SINCE = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS)


@dataclass
class Told:
    """What was sent.

    Attributes:
        chance: what is sent when, and with whom.
        events: times that each event was sent with its own content, by its number.
        twins: events that came under the id of another, right behind it.
        late_twins: the same, when the other had long been stored.
    """

    chance: random.Random
    events: Counter[int] = field(default_factory=Counter)
    twins: int = 0
    late_twins: int = 0

    @property
    def sent(self) -> int:
        """All events sent, whatever their content."""
        return self.events.total() + self.twins + self.late_twins

    def round(self, new: int) -> list[list[int]]:
        """Numbers of events of a round in any order, one that has a twin twice in a row."""
        first = len(self.events)
        fresh = range(first, first + new)
        has_twin = set(self.chance.sample(fresh, new * TWINS_PERCENT // 100))
        groups = [[number] * (1 + (number in has_twin)) for number in fresh]
        known = [number for number in (*self.events, *fresh) if number not in has_twin]
        groups += [[number] for number in self.chance.choices(known, k=new * AGAIN_PERCENT // (100 - AGAIN_PERCENT))]
        self.chance.shuffle(groups)
        self.events.update(group[0] for group in groups)
        self.twins += len(has_twin)
        return groups

    def again(self, numbers: Sequence[int]) -> list[list[int]]:
        """The same numbers once more, in another order."""
        self.events.update(numbers)
        return [[number] for number in self.chance.sample(numbers, len(numbers))]

    def expected(self) -> Counts:
        """What must have become of it."""
        stored = len(self.events)
        return Counts(self.sent, stored, self.events.total() - stored + self.late_twins, 0, self.twins)


def event(number: int, twin: bool = False) -> tuple[str, Event]:
    """An event by its number, in one of two dialects, on one of some days; a twin has the same id and other content."""
    at = _SINCE + timedelta(days=number * 7 % DAYS, seconds=number % 3600)
    told = {"number": str(number), "twin": twin}
    if number % 3:
        head = {"type": "track", "messageId": f"m-{number}", "event": "Product Viewed", "userId": f"u{number % 97}"}
        return SEGMENT, {**head, "timestamp": at.isoformat(), "properties": told}
    head = {"type": "track", "event": "ProductViewed", "distinct_id": f"u{number % 97}", "_track_id": number}
    return SENSORS, {**head, "time": int(at.timestamp() * 1000), "properties": {"$is_login_id": True, **told}}


def send(at: Address, chance: random.Random, groups: Sequence[Sequence[int]], *, twins: bool = False) -> None:
    """Send events, or their twins, in requests of any size, some at a time; a group stays in one request."""
    with ThreadPoolExecutor(SENDERS) as pool:
        for status in pool.map(lambda told: at.send(*told), _requests(chance, groups, twins)):
            assert status == 200, status


def _requests(chance: random.Random, groups: Sequence[Sequence[int]], twins: bool) -> Iterator[tuple[str, list[Event]]]:
    open_: dict[str, list[Event]] = {SEGMENT: [], SENSORS: []}
    for group in groups:
        for place, number in enumerate(group):
            dialect, told = event(number, twin=twins or place > 0)
            open_[dialect].append(told)
        if len(open_[dialect]) >= chance.randrange(1, LARGEST_REQUEST):
            yield dialect, open_[dialect]
            open_[dialect] = []
    yield from ((dialect, events) for dialect, events in open_.items() if events)


def merge(shop: Shop) -> None:
    """Merge the small files of all tables."""
    with writing(shop.workspace, "compaction"):
        how = Compaction(threads=1, memory_mib=256, spill=shop.workspace.scratch / "merging", at_least=2)
        for table in shop.workspace.lake.tables:
            compact(shop.workspace.lake, table, how)


def beside_an_import(shop: Shop, at: Address, told: Told, each: int) -> None:
    """Import known and new events as a file, send the same, undo the import, send them again.

    What came while the import stood was its duplicate and leaves with it, so that it has to come again.
    """
    flushed(shop, told)
    known, fresh = list(told.events)[:each], range(len(told.events), len(told.events) + each)
    numbers = [number for number in (*known, *fresh) if event(number)[0] == SEGMENT]
    lines = shop.workspace.folder / "same.jsonl"
    now = datetime.now(UTC).isoformat()
    lines.write_text("".join(f"{json.dumps(event(number)[1] | {'receivedAt': now})}\n" for number in numbers))
    mapping = lines.with_suffix(".yaml")
    mapping.write_text(mapping_text(SEGMENT).replace("source: segment", f"source: {SOURCE}", 1))
    report = shop.import_file(lines, mapping)
    assert (report.accepted, report.duplicates) == (_of_segment(fresh), _of_segment(known)), report
    came = told.again([number for number in fresh if event(number)[0] == SEGMENT])
    send(at, told.chance, came)
    wait_for(lambda: counted(shop).received == told.sent, "what came beside the import is in")
    shop.undo(report.batch)
    send(at, told.chance, told.again(fresh))


def flushed(shop: Shop, told: Told) -> None:
    """Wait until all that was sent is in, whoever takes it in."""
    wait_for(lambda: counted(shop).received == told.sent, "all that was sent is in")


def judge(folder: Path, told: Told) -> dict[str, int]:
    """Hold lake, counts and raw files against what was sent."""
    shop = qianmian.open(folder)
    try:
        Flusher(shop.workspace).flush_all()
        snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
        query = "SELECT (properties->>'number')::INTEGER AS number, properties->>'twin' AS twin FROM events"
        with shop.workspace.connected(snapshot, "events") as connection:
            rows = fetch(connection, query)
        found, expected, counts = Counter(rows["number"].to_pylist()), told.expected(), counted(shop)
        wrong = sum(abs(getattr(counts, name) - getattr(expected, name)) for name in SUMMED)
        return {
            "sent": told.sent,
            "events": len(told.events),
            "lost": len(told.events.keys() - found.keys()),
            "duplicated": sum(times - 1 for times in found.values()),
            "twins_stored": rows["twin"].to_pylist().count("true"),
            "conflicts": counts.refused,
            "miscounted": wrong + abs(raw_events(shop) - told.sent),
        }
    finally:
        shop.close()


def _of_segment(numbers: Sequence[int]) -> int:
    return sum(event(number)[0] == SEGMENT for number in numbers)


def run(top: Path, rounds: int, each: int, tell: Callable[[str], None] = print) -> dict[str, int]:
    """So many servers one after another, each killed, each sent so many new events; one meets the import."""
    folder, told = top / "shop", Told(random.Random(rounds))
    at = new_shop(folder)
    shop = qianmian.open(folder)
    try:
        for number in range(rounds):
            with served(folder, at):
                send(at, told.chance, told.round(each))
                if number == rounds // 2:
                    beside_an_import(shop, at, told, each // 4)
                elif number % 2:
                    flushed(shop, told)
            merge(shop)
            tell(f"server {number + 1}: {told.sent} sent, {counted(shop).received} of them in as it died")
        with served(folder, at):
            flushed(shop, told)
            late = told.chance.sample(list(told.events), each // 20)
            told.late_twins += len(late)
            send(at, told.chance, [[number] for number in late], twins=True)
    finally:
        shop.close()
    return {"trials": rounds, **judge(folder, told)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="servers")
    parser.add_argument("--each", type=int, default=1000, help="new events sent to each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), asked.trials, asked.each)
    print(json.dumps({"name": "duplicates", **counts}))
    return 1 if any(counts[name] for name in ("lost", "duplicated", "twins_stored", "miscounted")) else 0


if __name__ == "__main__":
    sys.exit(main())
