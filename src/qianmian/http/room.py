"""How much the door of tracking SDKs takes in at a time: beyond it, requests are turned away at once.

One event loop does all the work, so that what is in memory is also how long the next one must wait. A bound on it
bounds both.
"""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.core.errors import NotTakenError

#: What the smallest request counts as: it costs time, if hardly any room.
_LEAST_BYTES = 16 << 10
#: When those who were turned away come again: some sooner, some later, so that they do not all meet again.
_SOONEST_SECONDS, _SPREAD_SECONDS = 2, 6


@dataclass
class Room:
    """Bytes that are being received, or wait until they are on disk.

    Attributes:
        most_bytes: of all together.
    """

    most_bytes: int
    _held: int = 0
    _turned_away: int = 0

    def stay(self) -> Stay:
        """A request that comes in; a context that lasts until it is answered."""
        return Stay(self)

    def _take(self, size: int) -> None:
        if self._held + size > self.most_bytes:
            self._turned_away += 1
            seconds = _SOONEST_SECONDS + self._turned_away % _SPREAD_SECONDS
            raise NotTakenError("not_taken", seconds=seconds)
        self._held += size


@dataclass
class Stay:
    """What one request holds."""

    room: Room
    bytes: int = 0

    def __enter__(self) -> Stay:
        """Come in.

        Raises:
            NotTakenError: there is no room for another.
        """
        self.hold(_LEAST_BYTES)
        return self

    def __exit__(self, *_failed: object) -> None:
        """Give back what was held."""
        self.room._held -= self.bytes  # noqa: SLF001  # the two are one thing

    def hold(self, size: int) -> None:
        """Hold so many bytes in all, if it did not hold them before; half of the room at most, so that all can come in.

        Raises:
            NotTakenError: there is no room for them.
        """
        size = min(size, self.room.most_bytes // 2)
        if size > self.bytes:
            self.room._take(size - self.bytes)  # noqa: SLF001
            self.bytes = size
