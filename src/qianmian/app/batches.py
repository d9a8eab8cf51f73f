"""The batches of a workspace: every import has a number, and can be found, replayed and undone by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from qianmian.app.tables import BATCHES, TAKEN
from qianmian.collect.imports.batch import Batch
from qianmian.collect.imports.report import ImportReport
from qianmian.core.clock import Clock
from qianmian.core.errors import UnknownNameError
from qianmian.core.messages import storable
from qianmian.privacy.database import declared, instant_of, microseconds

_INSTANTS = ("started_at", "done_at", "undone_at")


class Batches:
    """The imports of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The batches in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(BATCHES)

    def begin(self, *, source: str, file: str, digest: str, mapping: str, is_backfill: bool = False) -> int:
        """Number a new batch; none of the events of a backfill triggers anything."""
        with self._catalogue.begin() as connection:
            number = next_number(connection)
            row: dict[str, object] = {
                "batch": number,
                "source": source,
                "file": file,
                "digest": digest,
                "mapping": mapping,
            }
            row["is_backfill"] = is_backfill
            connection.execute(sa.insert(self._table).values(**row, started_at=microseconds(self._clock.now())))
        return number

    def announce(self, batch: int, report: ImportReport) -> None:
        """Note the report of a batch that is about to be released."""
        self._note(batch, report=_written(report))

    def done(self, batch: int, report: ImportReport) -> None:
        """Note that a batch was released, with its report."""
        self._note(batch, done_at=microseconds(self._clock.now()), report=_written(report))

    def settle(self, is_imported: Callable[[str, str], bool], forget: Callable[[int], None] | None = None) -> None:
        """Bring batches whose import died to what the lake knows: released ones are done, others are forgotten.

        Args:
            is_imported: whether a stream stands in the lake under its leader.
            forget: takes what a forgotten batch left elsewhere, before its number is given to another.
        """
        for row in self.all():
            if row["done_at"] is not None:
                continue
            if row["report"] and is_imported(_leader(row["report"]), row["report"]["stream"]):
                self._note(row["batch"], done_at=microseconds(self._clock.now()))
            else:
                if forget:
                    forget(row["batch"])
                self.drop(row["batch"])

    def undone(self, batch: int) -> None:
        """Note that a batch has left the lake."""
        self._note(batch, undone_at=microseconds(self._clock.now()))

    def drop(self, batch: int) -> None:
        """Forget a batch that came to nothing, such as a repeated import."""
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(self._table).where(self._table.c.batch == batch))

    def get(self, batch: int) -> Mapping[str, Any]:
        """A batch, with instants as datetimes and its report as a mapping.

        Raises:
            UnknownNameError: there is none with that number, or it was never released.
        """
        found = [row for row in self.all() if row["batch"] == batch]
        if not found:
            raise UnknownNameError("no_batch", batch=batch)
        return found[0]

    def released(self, batch: int) -> Batch:
        """A batch as the importer knows it.

        Raises:
            UnknownNameError: there is none with that number, or it was never released.
        """
        report = self.get(batch)["report"]
        if not report:
            raise UnknownNameError("batch_unreleased", batch=batch)
        return Batch(batch, report["stream"], _leader(report))

    def all(self) -> list[Mapping[str, Any]]:
        """All batches, newest first."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.batch.desc())).mappings().all()
        return [
            {
                **row,
                **{name: instant_of(row[name]) for name in _INSTANTS if row[name] is not None},
                "report": json.loads(row["report"] or "null"),
                "is_backfill": bool(row["is_backfill"]),
            }
            for row in rows
        ]

    def of_stream(self, stream: str) -> int | None:
        """The batch that holds a stream now; None if none does."""
        for row in self.all():
            if row["done_at"] is not None and row["undone_at"] is None and row["report"]["stream"] == stream:
                return int(row["batch"])
        return None

    def _note(self, batch: int, **values: object) -> None:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.batch == batch).values(**values))


def next_number(connection: sa.Connection) -> int:
    """The number after all that imports and the journal have had."""
    tables = [declared(table) for table in (BATCHES, TAKEN)]
    return 1 + max(int(connection.execute(sa.select(sa.func.max(table.c.batch))).scalar() or 0) for table in tables)


def _written(report: ImportReport) -> str:
    return json.dumps(asdict(report), default=storable)


def _leader(report: Mapping[str, Any]) -> str:
    return report.get("leader") or ("items" if report["items"] else "events")
