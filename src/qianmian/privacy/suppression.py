"""The ledger of the erased: it knows them by a hash of its own and refuses what they did before they left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from qianmian.core.people import Identifier
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import normalise
from qianmian.privacy.tables import SUPPRESSION

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_STORED = declared(SUPPRESSION)


@dataclass(frozen=True)
class Suppressed:
    """An erased identifier, or an interval of it.

    Attributes:
        identifier: what it was.
        since: start of the interval, inclusive; None = from the beginning.
        until: end of the interval, exclusive; None = up to and including the instant of the erasure.
    """

    identifier: Identifier
    since: datetime | None = None
    until: datetime | None = None


class SuppressionLedger:
    """Who was erased, and until when their events are refused; survives everything, restores included."""

    def __init__(self, engine: sa.Engine, keys: KeyRing) -> None:
        """The ledger in a database that holds its table."""
        self._engine = engine
        self._keys = keys
        self._intervals: dict[bytes, list[tuple[int, int]]] = {}
        self.look_again()

    def look_again(self) -> None:
        """Read the ledger anew: another process may have erased somebody since."""
        found: dict[bytes, list[tuple[int, int]]] = {}
        with self._engine.connect() as connection:
            query = sa.select(_STORED.c.digest, _STORED.c.since, _STORED.c.until)
            for digest, since, until in connection.execute(query):
                found.setdefault(digest, []).append((since, until))
        self._intervals = found

    def add(self, erased: Iterable[Suppressed], at: datetime) -> None:
        """Refuse the events of these identifiers from now on; durable on return. A later erasure extends the first."""
        rows = []
        for entry in erased:
            after = min(entry.until or at + timedelta(microseconds=1), at + timedelta(microseconds=1))
            interval = microseconds(entry.since or _BEGINNING), microseconds(after)
            rows.append((self._digest(entry.identifier), *interval, microseconds(at)))
        with self._engine.begin() as connection:
            upsert(connection, _STORED, rows, _later)
        for digest, since, until, _ in rows:
            self._intervals.setdefault(digest, []).append((since, until))

    def suppressed(
        self, namespace: str, values: Sequence[str | None], occurred_at: NDArray[np.datetime64]
    ) -> NDArray[np.bool_]:
        """Which events fall under an erasure, such as those that occurred at or before it.

        Args:
            namespace: kind of identifier that the values are.
            values: one an event, as they came.
            occurred_at: one an event, UTC, ``datetime64[us]``.
        """
        refused = np.zeros(len(values), dtype=np.bool_)
        if not self._intervals:
            return refused
        hits = {value: intervals for value in set(values) if value and (intervals := self._of(namespace, value))}
        if not hits:
            return refused
        instants = occurred_at.astype("datetime64[us]").astype(np.int64)
        for at, value in enumerate(values):
            if value in hits:
                refused[at] = any(since <= instants[at] < until for since, until in hits[value])
        return refused

    def known(self, namespace: str, values: Sequence[str]) -> list[str]:
        """Those of some values that were erased at some time: only their events need be looked at one by one."""
        return [value for value in values if self._of(namespace, value)] if self._intervals else []

    def intervals(self, identifier: Identifier) -> list[tuple[datetime | None, datetime]]:
        """What was erased of an identifier: start, inclusive, None = from the beginning, and end, exclusive."""
        beginning = microseconds(_BEGINNING)
        return [
            (None if since == beginning else instant_of(since), instant_of(until))
            for since, until in self._of(identifier.namespace, identifier.value)
        ]

    def last_erasure(self) -> datetime | None:
        """When an erasure was last ordered; None = never."""
        with self._engine.connect() as connection:
            last = connection.execute(sa.select(sa.func.max(_STORED.c.erased_at))).scalar_one()
        return None if last is None else instant_of(last)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def __len__(self) -> int:
        return len(self._intervals)

    def _of(self, namespace: str, value: str) -> list[tuple[int, int]]:
        return self._intervals.get(self._digest(Identifier(namespace, value)), [])

    def _digest(self, identifier: Identifier) -> bytes:
        value = normalise(identifier.namespace, identifier.value) or ""
        hash_of = keyed_hash(self._keys.suppression, f"{identifier.namespace}\x1f".encode())
        return hash_of(value.encode("utf-8", "surrogatepass"))


def _later(stored: sa.Column[Any], given: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.case((given > stored, given), else_=stored)
