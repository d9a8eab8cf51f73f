"""How often a password may be tried: counted before it is checked, so that many tries at once count too."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from qianmian.core.clock import Clock
from qianmian.core.errors import TooManyAttemptsError


class Attempts:
    """Tries of the last minutes, by account and over all; kept in memory, since one process serves a workspace."""

    def __init__(
        self, clock: Clock, *, each: int = 5, all_: int = 60, window: timedelta = timedelta(minutes=5)
    ) -> None:
        """No tries yet.

        Args:
            clock: the only source of time.
            each: tries for one account in a window; a right password begins it anew.
            all_: tries for all accounts together, which also bounds what hashing costs.
            window: how long a try counts.
        """
        self._clock, self._each, self._all_, self._window = clock, each, all_, window
        self._tries: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def admit(self, account: str) -> None:
        """Count a try.

        Raises:
            TooManyAttemptsError: there were too many; says how long to wait.
        """
        now = self._clock.now()
        with self._lock:
            self._forget(now - self._window)
            mine = self._tries.setdefault(account, deque())
            everybodys = [instant for tries in self._tries.values() for instant in tries]
            if len(mine) >= self._each:
                self._refuse(mine[0], now)
            if len(everybodys) >= self._all_:
                self._refuse(min(everybodys), now)
            mine.append(now)

    def clear(self, account: str) -> None:
        """Forget the tries of an account whose password was right."""
        with self._lock:
            self._tries.pop(account, None)

    def _forget(self, before: datetime) -> None:
        for account, tries in list(self._tries.items()):
            while tries and tries[0] <= before:
                tries.popleft()
            if not tries:
                del self._tries[account]

    def _refuse(self, oldest: datetime, now: datetime) -> None:
        seconds = max(1, -(now - oldest - self._window) // timedelta(seconds=1))
        raise TooManyAttemptsError("too_many_tries", seconds=seconds)
