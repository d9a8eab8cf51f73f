"""Clients' clocks that are years off, a server's that jumps, and the end of 2038: right days, nothing twice or lost."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.shop import Shop
from qianmian.app.taken import Counts
from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.collect.wire.contracts import Request
from qianmian.collect.wire.doors import read
from qianmian.core.clock import FixedClock
from qianmian.lake.connection import fetch
from tests.faults.parts.sending import SEGMENT, SENSORS, SOURCE, counted

_HOUR, _DAY, _YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365.25)
_LATENCY = timedelta(seconds=5)
#: What the documentation says: less is no error of a clock, and beyond these an event is refused.
_SKEW, _EARLIEST = timedelta(minutes=5), datetime(2000, 1, 1, tzinfo=UTC)
#: The server's clock, step by step: over both changes to and from summer time in New York, an hour back, an hour on,
#: over the last second of 32 bits, and an hour back over it again.
SERVER = tuple(
    datetime.fromisoformat(told)
    for told in (
        *("2026-03-08T06:59:59.500Z", "2026-03-08T07:00:00.500Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
        *("2026-11-01T05:30:00.001Z", "2026-11-01T06:30:00Z", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"),
        *("2038-01-19T03:14:07.999Z", "2038-01-19T03:14:08Z", "2038-01-19T02:14:08Z", "2038-01-19T03:14:09Z"),
    )
)


@dataclass
class Event:
    """One thing that happened, and how its client tells it.

    Attributes:
        number: says which.
        dialect: of the client.
        happened_at: when it did, truly.
        skew: by how much the client's clock is ahead.
        tells_sending: whether the client says when it sends.
        offset: the client's zone, in hours.
    """

    number: int
    dialect: str
    happened_at: datetime
    skew: timedelta
    tells_sending: bool
    offset: float

    def request(self, sent_at: datetime) -> Request:
        """The request by which it comes, sent at a true instant."""
        number, by_client = str(self.number), self.told(sent_at)
        if self.dialect == SEGMENT:
            told: dict[str, Any] = {"type": "track", "messageId": f"m-{number}", "event": "E", "userId": "u"}
            told |= {"timestamp": self._iso(self.told(self.happened_at)), "properties": {"number": number}}
            body = {"batch": [told]} | ({"sentAt": self._iso(by_client)} if self.tells_sending else {})
            return Request("POST", "/v1/batch", b"", {}, json.dumps(body).encode())
        told = {"type": "track", "event": "E", "distinct_id": "u", "_track_id": self.number}
        told |= {"time": _millis(self.told(self.happened_at)), "properties": {"number": number}}
        told |= {"_flush_time": _millis(by_client)} if self.tells_sending else {}
        data = base64.b64encode(json.dumps(told).encode()).replace(b"+", b"%2B")
        return Request("POST", "/sa", b"project=p", {}, b"data=" + data)

    def told(self, instant: datetime) -> datetime:
        """A true instant by the client's clock, as finely as its protocol tells it."""
        return (instant + self.skew).replace(microsecond=(instant + self.skew).microsecond // 1000 * 1000)

    def _iso(self, instant: datetime) -> str:
        return instant.astimezone(timezone(timedelta(hours=self.offset))).isoformat()

    def expected(self, sent_at: datetime, received_at: datetime) -> datetime | None:
        """When it counts as having happened, by the documentation; None = refused."""
        at, clocks = self.told(self.happened_at), received_at - self.told(sent_at)
        if self.tells_sending and abs(clocks) > _SKEW:
            at = min(at + clocks, received_at)
        return None if at > received_at + _DAY or at < _EARLIEST else at


@dataclass
class Told:
    """What was sent, and what must come of it.

    Attributes:
        sent: events received.
        refused: of these, refused.
        days: number → instant and day, of what must be stored.
        misplaced: events whose clock could be set right, and that are told further from the truth than clocks allow.
    """

    sent: int = 0
    refused: int = 0
    instants: dict[int, datetime] = field(default_factory=dict)
    misplaced: list[int] = field(default_factory=list)


def event(chance: random.Random, number: int, now: datetime) -> Event:
    """An event of the last hours, by a client whose clock is right, a little off, just at a limit, or years off."""
    near = chance.choice((_SKEW, _DAY)) * chance.choice((-1, 1)) + timedelta(seconds=chance.uniform(-2, 2))
    skew = chance.choice((timedelta(0), timedelta(seconds=chance.gauss(0, 60)), near, chance.uniform(-10, 10) * _YEAR))
    happened_at = now - chance.choice((timedelta(seconds=2), chance.uniform(0, 30) * _HOUR))
    dialect = chance.choice((SEGMENT, SENSORS))
    return Event(number, dialect, happened_at, skew, chance.random() < 0.7, chance.choice((0, 8, -5, 5.75)))


def deliver(shop: Shop, requests: Sequence[Request]) -> None:
    """What the server does with requests, by the shop's clock."""
    workspace, now = shop.workspace, shop.workspace.clock.now()

    async def append() -> None:
        writer = JournalWriter(JournalFolder(workspace.data / "journal"), workspace.keys, workspace.clock, _entropy)
        for request in requests:
            told = read(request, now, workspace.keys.journal)
            await writer.append(
                Delivery(
                    dialect=told.dialect,
                    source=SOURCE,
                    environment="prod",
                    received_at=now,
                    count=told.count,
                    lines=told.lines,
                )
            )
        await writer.close()

    asyncio.run(append())


def _entropy(size: int) -> bytes:
    return random.randbytes(size)


def step(shop: Shop, told: Told, chance: random.Random, error: timedelta, events: Sequence[Event]) -> None:
    """Let events come at the server's instant, which is off by an error, and take them in."""
    received_at = shop.workspace.clock.now()
    requests = []
    for one in events:
        sent_at = received_at - error - chance.random() * _LATENCY
        requests.append(one.request(sent_at))
        told.sent += 1
        at = one.expected(sent_at, received_at)
        if at is None:
            told.refused += 1
        elif one.number not in told.instants:
            told.instants[one.number] = at
            off = abs(at - one.happened_at)
            if one.tells_sending and off > _SKEW + _LATENCY + abs(error):
                told.misplaced.append(one.number)
    deliver(shop, requests)
    Flusher(shop.workspace).flush_all()


def judge(shop: Shop, told: Told) -> dict[str, int]:
    """Hold lake and counts against what was sent."""
    snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
    query = "SELECT (properties->>'number')::INTEGER AS number, day, epoch_us(occurred_at) AS at FROM events"
    with shop.workspace.connected(snapshot, "events") as connection:
        rows = fetch(connection, query).to_pylist()
    found = Counter(row["number"] for row in rows)
    wrong = [row for row in rows if not _is_right(row, told.instants.get(row["number"]))]
    stored = len(told.instants)
    expected = Counts(told.sent, stored, told.sent - stored - told.refused, 0, told.refused)
    return {
        "sent": told.sent,
        "refused": told.refused,
        "days": len({row["day"] for row in rows}),
        "lost": len(told.instants.keys() - found.keys()),
        "duplicated": sum(times - 1 for times in found.values()),
        "wrong_day": len(wrong),
        "misplaced": len(told.misplaced),
        "miscounted": int(counted(shop) != expected),
    }


def _is_right(row: dict[str, Any], expected: datetime | None) -> bool:
    day: date = row["day"]
    at = datetime.fromtimestamp(row["at"] / 1e6, UTC)
    return expected is not None and abs(at - expected) < timedelta(milliseconds=1) and day == at.date()


def _millis(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _errors() -> Iterator[tuple[datetime, timedelta]]:
    """The server's instants, and by how much each is behind the truth: who went back is wrong until it is caught up."""
    latest = SERVER[0]
    for now in SERVER:
        latest = max(latest, now)
        yield now, now - latest


def run(top: Path, trials: int, tell: Callable[[str], None] = print) -> dict[str, int]:
    """So many events over all steps of the server's clock; a third of them come again at a later step."""
    folder, told, chance = top / "shop", Told(), random.Random(trials)
    qianmian.init(folder, name="shop", threads=1, memory_mib=512, time_zone="America/New_York").close()
    known: list[Event] = []
    for now, error in _errors():
        shop = qianmian.open(folder, clock=FixedClock(now))
        fresh = [event(chance, len(known) + at, now - error) for at in range(trials // len(SERVER) + 1)]
        again = chance.sample(known[-2 * len(fresh) :], min(len(known), len(fresh) // 2))
        step(shop, told, chance, error, [*fresh, *again])
        known += fresh
        tell(f"{now.isoformat()}: {told.sent} sent, {told.refused} refused")
        shop.close()
    shop = qianmian.open(folder, clock=FixedClock(SERVER[-1]))
    result = judge(shop, told)
    shop.close()
    return {"trials": len(known), **result}


#: Which of the counts must be 0.
NOTHING = ("lost", "duplicated", "wrong_day", "misplaced", "miscounted")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="events")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), asked.trials)
    print(json.dumps({"name": "clocks", **counts}))
    return 1 if any(counts[name] for name in NOTHING) else 0


if __name__ == "__main__":
    sys.exit(main())
