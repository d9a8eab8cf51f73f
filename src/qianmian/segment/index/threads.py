"""Threads that divide a range among them; the compiled loops let each other run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")

#: More parts than threads, since another process may hold one of them up.
_PARTS_A_THREAD = 2


class Threads:
    """So many threads, kept between questions; they end with whoever keeps them."""

    def __init__(self, count: int) -> None:
        """No thread is begun before the first work."""
        self._count = count
        self._pool = ThreadPoolExecutor(count)

    def over(self, length: int, least: int, work: Callable[[slice], Result]) -> list[Result]:
        """Work on each part of a range; the results in the order of the parts.

        Args:
            length: of the range.
            least: a part is at least so long, for less is not worth a thread.
            work: takes a part.
        """
        parts = min(self._count * _PARTS_A_THREAD, length // least) if self._count > 1 else 1
        if parts < 2:
            return [work(slice(0, length))]
        edges = [length * part // parts for part in range(parts + 1)]
        return list(self._pool.map(work, map(slice, edges, edges[1:])))

    def each(self, work: Callable[[Thing], Result], of: list[Thing]) -> list[Result]:
        """Work on each of some things."""
        return list(self._pool.map(work, of))
