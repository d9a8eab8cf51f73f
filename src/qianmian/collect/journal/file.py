"""One file of the journal: a SQLite database that one process adds to and others read meanwhile.

It keeps its write-ahead log until it is finished: so a reader never makes the writer wait, and nothing is written
twice before it is acknowledged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from qianmian.collect.journal.entries import Delivery, Entry, Head, Waiting
from qianmian.collect.journal.folder import BESIDE
from qianmian.collect.journal.seal import Seal
from qianmian.collect.tables import JOURNAL
from qianmian.core.errors import DamagedJournalError, JournalError
from qianmian.core.failpoints import failpoint
from qianmian.privacy.database import instant_of, open_database

_after_rows = failpoint("journal.after_rows", "the rows of a group are written, nothing of it is on disk for sure")
_after_commit = failpoint("journal.after_commit", "a group is on disk, nobody was told")

_ROWS_AT_ONCE = 1000
_PATIENCE_SECONDS = 10
_INSERT = f"INSERT INTO {JOURNAL.name} ({', '.join(JOURNAL.names)}) VALUES ({', '.join('?' * len(JOURNAL.names))})"
#: How far each share is taken in, beside every entry.
_TAKEN = f"""
WITH taken(source, environment, dialect, upto) AS (VALUES {{taken}}),
beside AS (SELECT *, coalesce(upto, 0) AS come FROM {JOURNAL.name} LEFT JOIN taken USING (source, environment, dialect))
"""
#: The last entry before the first whose events are to be taken in and are not.
_BEFORE = """
SELECT coalesce(min(position) FILTER (WHERE environment = 'prod' AND reason = '' AND position > come) - 1,
                max(position), 0) FROM beside
"""
_WAITING = """
SELECT source, environment, sum("count"), min(received_at) FROM beside
WHERE position > come GROUP BY source, environment
"""
_SELECT = f"SELECT {', '.join(JOURNAL.names)} FROM {JOURNAL.name} WHERE position > ? ORDER BY position LIMIT ?"
_HEADS = (
    f'SELECT position, source, environment, "count", size FROM {JOURNAL.name} '
    "WHERE position > ? ORDER BY position DESC LIMIT ?"
)


class WrittenFile:
    """A file that is being written.

    Attributes:
        path: where it is.
        position: number of its last entry.
        size: bytes of its bodies.
    """

    def __init__(self, path: Path, seal: Callable[[], Seal]) -> None:
        """Begin a file.

        Args:
            path: where no file is.
            seal: makes its seal; called once the file is there, so that no salt is ever without its file.
        """
        self.path = path
        self.position = self.size = 0
        with ExitStack() as undo:
            undo.callback(unlink, path)  # a full disk is tried often, and must not fill with empty files
            self._engine = open_database(path, (JOURNAL,))
            undo.callback(self._engine.dispose)
            self._connection = self._engine.connect()
            self._connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
            self._connection.commit()
            self._seal = seal()
            undo.pop_all()

    def append(self, deliveries: Sequence[Delivery]) -> int:
        """Add deliveries; returns the position of the last, once all of them are on disk.

        Raises:
            JournalError: they could not be written: nothing of them counts, and this file must not be used again.
            StorageFullError: there was no room; likewise.
        """
        rows = [self._seal.close(delivery, at) for at, delivery in enumerate(deliveries, self.position + 1)]
        try:
            self._connection.exec_driver_sql(_INSERT, rows)
            _after_rows()
            self._connection.commit()
        except sa.exc.DBAPIError as error:
            raise JournalError("journal_not_written", file=self.path.stem, why=_why(error)) from error
        _after_commit()
        self.position += len(rows)
        self.size += sum(len(row[-1]) for row in rows)
        return self.position

    def close(self) -> None:
        """End writing; what is in the write-ahead log moves into the file, unless somebody reads."""
        self._connection.invalidate()  # also after an error: nothing may be written by way of a rollback
        self._engine.dispose()


class ReadFile:
    """A file as a reader sees it, also while another process writes."""

    def __init__(self, path: Path, seal: Seal | None) -> None:
        """Open a file that is there; without its seal, only what is open of it can be told."""
        self.path = path
        self._seal = seal
        uri = f"{path.absolute().as_uri()}?mode=rw"  # a file that is gone must not come back empty
        self._engine = sa.create_engine(
            "sqlite://",
            creator=partial(sqlite3.connect, uri, uri=True, timeout=_PATIENCE_SECONDS, check_same_thread=False),
            poolclass=sa.QueuePool,
            hide_parameters=True,
        )

    def entries(self, after: int, most_bytes: int) -> list[Entry]:
        """The entries after a position, in order; at least one if there is one, then as many as fit into the bytes.

        Raises:
            DamagedJournalError: the first of them, or the file, cannot be read.
        """
        found: list[Entry] = []
        size = 0
        with self._reading() as connection:
            for row in connection.exec_driver_sql(_SELECT, (after, _ROWS_AT_ONCE)):
                try:
                    entry = self._opened(row, after + len(found) + 1)
                except DamagedJournalError:
                    if found:  # they come first, and the error at the next look
                        break
                    raise
                found.append(entry)
                size += len(entry.lines)
                if size >= most_bytes:
                    break
        return found

    def heads(self, after: int, most: int) -> list[Head]:
        """What is open of the newest entries after a position, newest first; costs no key and no body."""
        with self._reading() as connection:
            rows = connection.exec_driver_sql(_HEADS, (after, most)).all()
        return [Head(position=row[0], source=row[1], environment=row[2], count=row[3], size=row[4]) for row in rows]

    def waiting(self, taken: Mapping[tuple[str, str, str], int]) -> list[Waiting]:
        """Sums over what is not taken in, by source and environment, as far as it is open.

        Args:
            taken: position up to which each (source, environment, dialect) is taken in; of others, nothing is.
        """
        return [Waiting(row[0], row[1], row[2], instant_of(row[3])) for row in self._beside(_WAITING, taken)]

    def one(self, position: int) -> Entry:
        """The entry at a position.

        Raises:
            DamagedJournalError: it is not there, or cannot be read.
        """
        with self._reading() as connection:
            row = connection.exec_driver_sql(_SELECT, (position - 1, 1)).one_or_none()
            return self._opened(row or (0,), position)

    def taken_upto(self, taken: Mapping[tuple[str, str, str], int]) -> int:
        """The position up to which there is nothing that is still to be taken in.

        Args:
            taken: position up to which each (source, environment, dialect) is taken in; of others, nothing is.
        """
        upto: int = self._beside(_BEFORE, taken)[0][0]
        return upto

    def all(self) -> Iterator[Entry]:
        """All entries, some at a time."""
        at = 0
        while some := self.entries(at, 1 << 24):
            yield from some
            at = some[-1].position

    def settle(self) -> None:
        """Check a finished file and move all of it into one, without a write-ahead log.

        Raises:
            DamagedJournalError: its pages do not hang together.
            JournalError: somebody else has it open.
        """
        with self._reading() as connection:
            wrong = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            if wrong != "ok":
                raise DamagedJournalError("damaged_journal", file=self.path.stem, why=wrong)
            rows, last = connection.exec_driver_sql(f"SELECT count(*), max(position) FROM {JOURNAL.name}").one()
            if rows != (last or 0):
                raise DamagedJournalError("damaged_entry", file=self.path.stem, position=last)
            mode = connection.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar_one()
        self.close()
        if mode != "delete":
            raise JournalError("journal_busy", file=self.path.stem)

    def holds_nothing(self) -> bool:
        """Whether the file was only begun: its writer died before it could seal anything."""
        with self._reading() as connection:
            if not sa.inspect(connection).get_table_names():
                return True
            return not connection.exec_driver_sql(f"SELECT EXISTS (SELECT 1 FROM {JOURNAL.name})").scalar()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _beside(self, query: str, taken: Mapping[tuple[str, str, str], int]) -> Sequence[Sequence[Any]]:
        """The answer to a query over ``beside``: every entry, and how far its share is taken in."""
        rows = [(*share, upto) for share, upto in taken.items()] or [("", "", "", 0)]
        beside = _TAKEN.format(taken=", ".join(["(?, ?, ?, ?)"] * len(rows)))
        with self._reading() as connection:
            return connection.exec_driver_sql(beside + query, tuple(value for row in rows for value in row)).all()

    def _opened(self, row: Sequence[object], position: int) -> Entry:
        if row[0] != position:
            raise DamagedJournalError("damaged_entry", file=self.path.stem, position=position)
        assert self._seal is not None
        return self._seal.open(tuple(row))  # type: ignore[arg-type]  # a column's type is what `open` checks

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise JournalError("journal_busy", file=self.path.stem) from error
            raise DamagedJournalError("damaged_journal", file=self.path.stem, why=_why(error)) from error


def unlink(path: Path) -> None:
    """Delete a file with what SQLite keeps beside it."""
    for end in ("", *BESIDE):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _why(error: sa.exc.DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", type(error.orig).__name__)
