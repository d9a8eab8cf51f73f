"""Runs of what is learned of the history: kept in the catalogue as JSON, numbered; the newest is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from qianmian.core.clock import Clock
from qianmian.core.tables import Table
from qianmian.privacy.database import declared, instant_of, microseconds


class Finding(Protocol):
    """What a run found."""

    def to_json(self) -> str:
        """As it is kept."""


Found = TypeVar("Found", bound=Finding)


@dataclass(frozen=True)
class Run(Generic[Found]):
    """One time that something was learned.

    Attributes:
        run: its number.
        build: number of the build from whose history it was.
        created_by: account; empty = the command line or the workspace's token.
        created_at: when it ended.
        found: what it found.
    """

    run: int
    build: int
    created_by: str
    created_at: datetime
    found: Found


class Runs(Generic[Found]):
    """The runs of one kind in a workspace."""

    def __init__(
        self, database: tuple[sa.Engine, Clock], table: Table, column: str, read: Callable[[str], Found]
    ) -> None:
        """The runs in a catalogue whose tables exist.

        Args:
            database: the catalogue, and the workspace's clock.
            table: with ``run``, ``build``, ``created_by`` and ``created_at``.
            column: of it, that holds what was found.
            read: reads what was kept there.
        """
        self._catalogue, self._clock = database
        self._table, self._column, self._read = declared(table), column, read

    def add(self, found: Found, build: int, *, by: str = "") -> Run[Found]:
        """Keep a run."""
        row: dict[str, Any] = {"build": build, "created_by": by, "created_at": microseconds(self._clock.now())}
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.run))).scalar() or 0
            kept = {"run": last + 1, self._column: found.to_json()}
            connection.execute(sa.insert(self._table).values(**row, **kept))
        return Run(last + 1, build, by, instant_of(row["created_at"]), found)

    def last(self) -> Run[Found] | None:
        """The newest run; None = there is none."""
        with self._catalogue.connect() as connection:
            wanted = sa.select(self._table).order_by(self._table.c.run.desc()).limit(1)
            row = connection.execute(wanted).mappings().first()
        if row is None:
            return None
        found, at = self._read(row[self._column]), instant_of(row["created_at"])
        return Run(row["run"], row["build"], row["created_by"] or "", at, found)
