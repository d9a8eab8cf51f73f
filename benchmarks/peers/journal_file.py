"""The peer of the journal: the same bodies as they are in one plain file, with fdatasync a group or a body."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.measuring.acknowledging import bodies, measured


def acknowledge(folder: str, events: int, callers: int, seconds: float, grouped: bool) -> dict[str, Any]:
    """Append for some seconds; see the same function of our side."""
    file = Path(folder) / "plain"
    file.parent.mkdir(parents=True, exist_ok=True)
    some = bodies(events)

    async def caller(log: _Log, number: int, until: float) -> list[float]:
        waits = []
        while (begun := perf_counter()) < until:
            await log.append(some[(number + len(waits)) % len(some)])
            waits.append(perf_counter() - begun)
        return waits

    async def all_of_them() -> dict[str, Any]:
        log = _Log(file, grouped)
        await log.append(some[0])
        told = measured()
        waits = await asyncio.gather(*(caller(log, n, perf_counter() + seconds) for n in range(callers)))
        answer = told([wait for each in waits for wait in each])
        await log.close()
        return answer

    answer = asyncio.run(all_of_them())
    answer["bytes"] = file.stat().st_size
    file.unlink()
    return answer


class _Log:
    """A file, a thread that appends what gathered, and one wake-up a group."""

    def __init__(self, path: Path, grouped: bool) -> None:
        self._loop = asyncio.get_running_loop()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        self._most = 64 if grouped else 1
        self._gathering = threading.Condition()
        self._queue: list[tuple[bytes, asyncio.Future[None]]] = []
        self._is_closing = False
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    async def append(self, body: bytes) -> None:
        done = self._loop.create_future()
        with self._gathering:
            self._queue.append((body, done))
            self._gathering.notify()
        await done

    async def close(self) -> None:
        with self._gathering:
            self._is_closing = True
            self._gathering.notify()
        await asyncio.to_thread(self._thread.join)
        os.close(self._file)

    def _write(self) -> None:
        while True:
            with self._gathering:
                while not self._queue and not self._is_closing:
                    self._gathering.wait()
                group, self._queue = self._queue[: self._most], self._queue[self._most :]
            if not group:
                return
            os.writev(self._file, [body for body, _ in group])
            os.fdatasync(self._file)
            self._loop.call_soon_threadsafe(_tell, [done for _, done in group])


def _tell(group: list[asyncio.Future[None]]) -> None:
    for done in group:
        done.set_result(None)
