"""Does something as a person, and looks until the person's recent events show it; a process of its own."""

from __future__ import annotations

import base64
import json
import sys
import time
from datetime import UTC, datetime
from http.client import HTTPConnection

import numpy as np


def look(port: int, key: str, token: str, people: list[tuple[str, str]], seconds: float) -> dict[str, float]:
    """Send an event, wait for its acknowledgement and ask until it is told, somebody after the other, twice a second.

    Args:
        port: of the server on the loopback address.
        key: write key.
        token: for the API.
        people: (user_id, id of the person), in turns.
        seconds: how long.
    """
    connection, until = HTTPConnection("127.0.0.1", port, timeout=120), time.monotonic() + seconds
    basic = {"authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    bearer = {"authorization": f"Bearer {token}"}
    waits, asked, behind, number = [], 0, 0, 0
    while time.monotonic() < until:
        begun, (user, person) = time.monotonic(), people[number % len(people)]
        ident, now = f"look-{number}-{person}", datetime.now(UTC).isoformat()
        message = {"messageId": ident, "userId": user, "event": "Product Viewed", "timestamp": now}
        _ask(connection, "POST", "/v1/track", basic, json.dumps(message))
        acknowledged, found = time.monotonic(), False
        while not found:
            told = json.loads(_ask(connection, "GET", f"/api/people/{person}/recent", bearer))
            asked += 1
            behind += told["upto"] is not None
            found = any(event["event_id"] == ident for event in told["events"])
        waits.append(time.monotonic() - acknowledged)
        number += 1
        time.sleep(max(0.0, begun + 0.5 - time.monotonic()))
    took = np.array(waits) * 1e3
    return {
        "looks": len(waits), "asked": asked, "behind": behind, "p50_ms": float(np.percentile(took, 50)),
        "p99_ms": float(np.percentile(took, 99)), "worst_ms": float(took.max()),
    }  # fmt: skip


def _ask(connection: HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None) -> bytes:
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {told[:300]!r}")
    return told


if __name__ == "__main__":
    print(json.dumps(look(**json.loads(sys.argv[1]))))
