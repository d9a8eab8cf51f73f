"""Sends events over HTTP as fast as they are acknowledged, or at a pace; a process of its own, on one core."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

_ID = "################"
_NOW = "2000-01-01T00:00:00.000Z"


def body(count: int) -> bytes:
    """A request of so many events of a shop, with a place for their ids and times."""
    events = [
        {
            "type": "track", "event": "Product Viewed", "messageId": f"{_ID}-{number}", "timestamp": _NOW,
            "userId": f"u-{_ID[:6]}{number % 40}", "anonymousId": f"a-{_ID[:6]}{number % 40}",
            "properties": {"product_id": f"sku-{number % 97:05}", "category": "美妆", "price": 39.9, "position": number,
                           "list": "首页推荐", "session": f"s-{_ID}"},
            "context": {"channel": "app", "device": {"type": "ios"}, "library": {"name": "bench", "version": "1"},
                        "location": {"country": "CN", "region": "广东省", "city": "深圳市"}, "locale": "zh-CN"},
        }
        for number in range(count)
    ]  # fmt: skip
    return json.dumps({"batch": events, "sentAt": _NOW}, ensure_ascii=False).encode()


@dataclass
class Sender:
    """Sends from several connections, each of which waits for its answer before it sends again.

    Attributes:
        port: of the server on the loopback address.
        key: write key.
        count: events of a request.
        connections: how many.
        seconds: how long.
        pace: events a second over all connections; 0 = as fast as they are acknowledged.
        events: acknowledged so far.
        failed: requests that were answered otherwise.
        took: seconds of each acknowledged request.
    """

    port: int
    key: str
    count: int
    connections: int
    seconds: float
    pace: float
    events: int = 0
    failed: int = 0
    took: list[float] = field(default_factory=list)

    async def send(self) -> None:
        """Send for a while."""
        template, until = body(self.count), time.monotonic() + self.seconds
        await asyncio.gather(*(self._connection(template, number, until) for number in range(self.connections)))

    async def _connection(self, template: bytes, number: int, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        sent, begun = 0, time.monotonic()
        while time.monotonic() < until:
            started = time.monotonic()
            writer.write(self._request(template, f"{number:04x}{sent:012x}"))
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
            sent += 1
            if answer.startswith(b"HTTP/1.1 200"):
                self.events += self.count
                self.took.append(time.monotonic() - started)
            else:
                self.failed += 1
            ahead = begun + sent * self.count * self.connections / self.pace - time.monotonic() if self.pace else 0
            if ahead > 0:
                await asyncio.sleep(ahead)
        writer.close()

    def _request(self, template: bytes, ident: str) -> bytes:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
        text = template.replace(_ID.encode(), ident.encode()).replace(_ID[:6].encode(), ident[-6:].encode())
        text = text.replace(_NOW.encode(), now.encode())
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        head = (
            f"POST /v1/batch HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {basic}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        return head.encode() + text


def main() -> None:
    sender = Sender(**json.loads(sys.argv[1]))
    begun = time.monotonic()
    asyncio.run(sender.send())
    seconds = time.monotonic() - begun
    took = np.array(sender.took or [0.0]) * 1e3
    print(json.dumps({
        "events": sender.events, "failed": sender.failed, "seconds": seconds, "cpu_seconds": time.process_time(),
        "p50_ms": float(np.percentile(took, 50)), "p99_ms": float(np.percentile(took, 99)),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
