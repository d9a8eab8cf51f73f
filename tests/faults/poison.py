"""Events that no SDK should send, each between two sound ones: kept apart with a reason, and nobody else suffers."""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.shop import Shop
from qianmian.collect.wire.contracts import Request
from qianmian.collect.wire.doors import read
from qianmian.core.errors import WireError
from qianmian.lake.connection import fetch
from tests.faults.collector import raw_events
from tests.faults.parts.poison import Poison, generated, listed, sound
from tests.faults.parts.sending import SENSORS, Address, counted, new_shop, packed, served, wait_for

SENDERS = 8
_NAME = re.compile(r"(?:listed|generated|sound)-\d{6}(?!\d)")


@dataclass
class Sent:
    """What was sent, and what was answered.

    Attributes:
        neighbours: sound events of requests that were taken.
        statuses: how often each status was answered.
        answered: name of a poison → status.
    """

    neighbours: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    answered: dict[str, int] = field(default_factory=dict)


def send(at: Address, poison: Sequence[Poison], numbers: count[int]) -> Sent:
    """Send each between two sound ones; alone if no reader could tell where it ends."""
    sent = Sent()
    with ThreadPoolExecutor(SENDERS) as pool:
        requests = [(one, *_request(at, one, numbers)) for one in poison]
        statuses = pool.map(lambda told: at.post(*told[2]), requests)
        for (one, neighbours, _), status in zip(requests, statuses, strict=True):
            sent.statuses[status] += 1
            sent.answered[one.name] = status
            if status == 200:
                sent.neighbours |= neighbours
    return sent


def _request(at: Address, one: Poison, numbers: count[int]) -> tuple[set[str], tuple[str, bytes]]:
    names = [f"sound-{next(numbers):06}", f"sound-{next(numbers):06}"]
    first, last = (json.dumps(sound(one.dialect, name)).encode() for name in names)
    request = packed(one.dialect, at.key, b"[%s,%s,%s]" % (first, one.raw, last))
    if one.dialect == SENSORS and not _can_be_parted(*request):
        return set(), packed(one.dialect, at.key, one.raw)
    return set(names), request


def _can_be_parted(path: str, body: bytes) -> bool:
    path, _, query = path.partition("?")
    try:
        return read(Request("POST", path, query.encode(), {}, body), datetime.now(UTC), b"key").count > 0
    except WireError:
        return False


def stored(shop: Shop) -> Counter[str]:
    """How often each event stands in the lake, by its name, wherever that is left."""
    snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
    with shop.workspace.connected(snapshot, "events") as connection:
        rows = fetch(connection, "SELECT concat_ws(' ', name, event_id, properties) AS told FROM events")
    return Counter(name for told in rows["told"].to_pylist() for name in set(_NAME.findall(told)))


def refused(shop: Shop) -> dict[str, str]:
    """Reason by name, of the events that are kept apart; a form of 神策 that nobody can read lies there as it came."""
    found = {}
    for row in shop.workspace.refused.bodies():
        body = row.body or ""
        with suppress(ValueError):
            body += base64.b64decode(unquote(body), validate=True).decode("utf-8", "replace")
        found |= dict.fromkeys(_NAME.findall(body), row.reason)
    return found


def judge(shop: Shop, sent: Sent, poison: Sequence[Poison], tell: Callable[[str], None] = print) -> dict[str, int]:
    """Hold lake, refused rows, counts and raw files against what was sent."""
    found, apart, counts = stored(shop), refused(shop), counted(shop)
    told = counts.stored + counts.duplicates + counts.skipped + counts.refused
    missing = [one for one in poison if _is_missing(one, sent, found, apart)]
    tell(f"found nowhere, so repeated or passed over: {[one.what for one in missing]}")
    return {
        "lost": len(sent.neighbours - found.keys()),
        "duplicated": sum(times - 1 for times in found.values()),
        "unaccounted": max(0, len(missing) - counts.skipped - counts.duplicates),
        "without_reason": sum(not reason for reason in apart.values()),
        "miscounted": abs(counts.received - raw_events(shop)) + abs(counts.received - told),
        "failures": sum(times for status, times in sent.statuses.items() if status >= 500),
        "kept_apart": counts.refused,
        "stored": counts.stored,
    }


def _is_missing(one: Poison, sent: Sent, found: Counter[str], apart: Mapping[str, str]) -> bool:
    is_taken = sent.answered[one.name] == 200 and one.name.encode() in one.raw
    return is_taken and not (found[one.name] or one.name in apart)


def heal(shop: Shop, at: Address, poison: Sequence[Poison]) -> int:
    """Send each that was kept apart once more, mended, under its own id; returns how many of them are not stored."""
    apart = refused(shop)
    ill = [one for one in poison if one.name in apart]
    for one in ill:
        assert at.send(one.dialect, [sound(one.dialect, one.name)]) == 200
    _settle(shop)
    found = stored(shop)
    return sum(not found[one.name] for one in ill)


def _settle(shop: Shop) -> None:
    """Wait until the server's own flusher has taken in everything: a stall would be told."""
    received = raw_events(shop)
    wait_for(lambda: counted(shop).received >= received, "everything is taken in")


def run(top: Path, poison: Sequence[Poison], tell: Callable[[str], None] = print) -> dict[str, int]:
    """Send poison to a served shop, judge, and send it again mended."""
    folder = top / "shop"
    at, numbers = new_shop(folder), count()
    shop = qianmian.open(folder)
    try:
        with served(folder, at):
            sent = send(at, poison, numbers)
            tell(f"answers by status: {dict(sorted(sent.statuses.items()))}")
            _settle(shop)
            told = judge(shop, sent, poison, tell)
            unhealed = heal(shop, at, poison)
        stalled = Flusher(shop.workspace).flush_all().deliveries
        reasons = Counter(refused(shop).values())
        tell(f"kept apart by reason: {dict(reasons.most_common())}")
        return {"trials": len(poison), **told, "unhealed": unhealed, "stalled": stalled}
    finally:
        shop.close()


#: Which of the counts must be 0.
NOTHING = ("lost", "duplicated", "unaccounted", "without_reason", "miscounted", "failures", "unhealed", "stalled")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="events by chance, beside the list")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), [*listed(), *map(generated, range(asked.trials))])
    print(json.dumps({"name": "poison", **counts}))
    return 1 if any(counts[name] for name in NOTHING) else 0


if __name__ == "__main__":
    sys.exit(main())
