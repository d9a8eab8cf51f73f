"""Bodies that callers deliver, and what it takes to acknowledge them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

_NAMES = ("Product Viewed", "Product Added", "Post Liked", "Order Completed")
_CATEGORIES = ("美妆", "女装", "数码", "家居")


def bodies(events: int, count: int = 64) -> list[bytes]:
    """Some bodies of so many events, one a line, about 460 bytes each; no two events are alike."""
    chance = random.Random(events)
    return [b"\n".join(_event(chance) for _ in range(events)) for _ in range(count)]


def measured() -> Callable[[Sequence[float]], dict[str, Any]]:
    """Begin to measure; call the result with the seconds that each acknowledgement took."""
    begun, used = perf_counter(), process_time()

    def told(waits: Sequence[float]) -> dict[str, Any]:
        seconds, cpu = perf_counter() - begun, process_time() - used
        cuts = quantiles(waits, n=100, method="inclusive")
        return {"acks": len(waits), "seconds": seconds, "cpu": cpu, "p50_ms": 1e3 * cuts[49], "p99_ms": 1e3 * cuts[98]}

    return told


def _event(chance: random.Random) -> bytes:
    item, minute = chance.randrange(100_000), chance.randrange(60)
    told = {
        "type": "track",
        "messageId": f"{chance.getrandbits(128):032x}",
        "anonymousId": f"{chance.getrandbits(64):016x}",
        "userId": f"u-{chance.randrange(1_000_000)}",
        "event": chance.choice(_NAMES),
        "timestamp": f"2026-11-26T08:{minute:02d}:{chance.randrange(60):02d}.{chance.randrange(1000):03d}Z",
        "properties": {
            "product_id": f"sku-{item}",
            "price": chance.randrange(100_000) / 100,
            "currency": "CNY",
            "category": chance.choice(_CATEGORIES),
            "url": f"https://shop.example/p/{item}?from=feed",
        },
        "context": {
            "ip": f"10.{chance.randrange(256)}.{chance.randrange(256)}.0",
            "userAgent": "Mozilla/5.0 (Linux; Android 14; Mobile)",
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()
