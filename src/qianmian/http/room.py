"""How much the door of tracking SDKs takes in at a time: beyond it, requests are turned away at once.

Two things are bounded: what is in memory, and how long a request waits for the one event loop that does all the work.
The second follows the clock: requests that come together are taken in together, unless they had to wait too long for
their turn lately; then fewer are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from qianmian.core.errors import NotTakenError

#: Where a request has its stay, if it was admitted before the application heard of it.
STAY = "qianmian.stay"
#: What the smallest request counts as: it costs time, if hardly any room.
_LEAST_BYTES = 16 << 10
#: When those who were turned away come again: some sooner, some later, so that they do not all meet again.
_SOONEST_SECONDS, _SPREAD_SECONDS = 2, 6
#: How long a request may wait for its turn. It waits about as long again before its head is read, and for the journal.
_LONGEST_WAIT_SECONDS = 0.015
#: By how much more may come together after nobody waited longer; and so much at least.
_MORE, _FEWEST_BYTES = 1.1, 1 << 20


@dataclass
class Room:
    """Bytes that are being received, or wait until they are on disk.

    Attributes:
        most_bytes: of all together.
        monotonic: seconds that only grow.
    """

    most_bytes: int
    monotonic: Callable[[], float] = field(default=monotonic, repr=False)
    _held: int = 0
    _turned_away: int = 0
    _entering: int = 0
    _came_together: int = 0
    _entering_since: float = 0.0
    _most_entering: float = field(init=False)

    def __post_init__(self) -> None:
        """Let all come together that has room."""
        self._most_entering = self.most_bytes

    def stay(self) -> Stay:
        """A request whose turn it is; a context that lasts until it is answered."""
        return Stay(self)

    def admit(self, *, comes_again: bool) -> Stay | None:
        """A request whose head is read, before its turn has come; None = it is to be turned away.

        Args:
            comes_again: its client does if it is turned away; who would lose events has only to fit into memory.
        """
        most = self._most_entering if comes_again else self.most_bytes
        if self._held + _LEAST_BYTES > self.most_bytes or self._entering + _LEAST_BYTES > most:
            return None
        if not self._entering:
            self._entering_since = self.monotonic()
        stay = Stay(self, is_entering=True)
        stay.add(_LEAST_BYTES)
        return stay

    def wait_seconds(self) -> int:
        """When the next one for whom there is no room may come again."""
        self._turned_away += 1
        return _SOONEST_SECONDS + self._turned_away % _SPREAD_SECONDS

    def _take(self, size: int) -> None:
        if self._held + size > self.most_bytes:
            raise NotTakenError("not_taken", seconds=self.wait_seconds())
        self._held += size

    def _entered(self, size: int) -> None:
        self._entering -= size
        self._came_together += size
        if not self._entering:  # the last of those that came together
            waited = self.monotonic() - self._entering_since
            most = self._most_entering * _MORE
            if waited > _LONGEST_WAIT_SECONDS and self._came_together > _FEWEST_BYTES:  # few make nobody wait
                in_time = self._came_together * _LONGEST_WAIT_SECONDS / waited
                most = max(in_time, self._most_entering / 2)
            self._most_entering = min(max(most, _FEWEST_BYTES), self.most_bytes)
            self._came_together = 0


@dataclass
class Stay:
    """What one request holds.

    Attributes:
        room: where.
        is_entering: its turn has not come yet.
        bytes: held by it.
    """

    room: Room
    is_entering: bool = False
    bytes: int = 0
    _came: int = 0

    def __enter__(self) -> Stay:
        """Its turn has come.

        Raises:
            NotTakenError: it was not admitted, and there is no room for another.
        """
        if self.is_entering:
            self.is_entering = False
            self.room._entered(self.bytes)  # noqa: SLF001  # the two are one thing
        self.hold(_LEAST_BYTES)
        return self

    def __exit__(self, *_failed: object) -> None:
        """Give back what was held."""
        self.room._held -= self.bytes  # noqa: SLF001

    def came(self, size: int) -> None:
        """So many bytes more of its body lie in memory; once its turn has come, `hold` counts them."""
        if self.is_entering:
            self._came += size
            self.add(max(0, self._came - self.bytes))

    def add(self, size: int) -> None:
        """Hold so many bytes more before its turn, whether there is room or not."""
        self.bytes += size
        self.room._held += size  # noqa: SLF001
        self.room._entering += size  # noqa: SLF001

    def hold(self, size: int) -> None:
        """Hold so many bytes in all, if it did not hold them before; half of the room at most, so that all can come in.

        Raises:
            NotTakenError: there is no room for them.
        """
        size = min(size, self.room.most_bytes // 2)
        if size > self.bytes:
            self.room._take(size - self.bytes)  # noqa: SLF001
            self.bytes = size
