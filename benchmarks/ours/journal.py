"""Our side of acknowledging: callers in one event loop, each waiting for the last of its deliveries to be on disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.measuring.acknowledging import bodies, measured
from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter, Limits
from qianmian.core.clock import SystemClock
from qianmian.privacy.keys import KeyRing

_NOW = datetime(2026, 11, 26, tzinfo=UTC)


def acknowledge(folder: str, events: int, callers: int, seconds: float) -> dict[str, Any]:
    """Append for some seconds; what was acknowledged, how long each waited, and the processor time of it."""
    root = Path(folder)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    keys = KeyRing.create(root / "keys")
    told = {"dialect": "segment", "source": "web", "environment": "prod", "received_at": _NOW, "count": events}
    deliveries = [Delivery(**told, lines=body) for body in bodies(events)]

    async def caller(writer: JournalWriter, number: int, until: float) -> list[float]:
        waits = []
        while (begun := perf_counter()) < until:
            await writer.append(deliveries[(number + len(waits)) % len(deliveries)])
            waits.append(perf_counter() - begun)
        return waits

    async def all_of_them() -> dict[str, Any]:
        limits = Limits(waiting_bytes=1 << 40)
        writer = JournalWriter(JournalFolder(root / "journal"), keys, SystemClock(), os.urandom, limits)
        await writer.append(deliveries[0])
        told = measured()
        waits = await asyncio.gather(*(caller(writer, n, perf_counter() + seconds) for n in range(callers)))
        answer = told([wait for some in waits for wait in some])
        await writer.close()
        return answer

    answer = asyncio.run(all_of_them())
    keys.close()
    answer["bytes"] = sum(path.stat().st_size for path in (root / "journal").rglob("*.db"))
    shutil.rmtree(root)
    return answer
