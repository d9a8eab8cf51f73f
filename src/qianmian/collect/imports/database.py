"""Rows of somebody's database into a file that an import reads: only read, a stretch at a time, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from qianmian.collect.imports.cursor import earlier, value_of, written
from qianmian.core.errors import InputError
from qianmian.privacy.masking import mask_text

#: Rows of one file; rows of equal cursor stay together, whatever their number.
MOST_ROWS = 1_000_000
_AT_ONCE = 10_000
_LONGEST_REASON = 200
#: Numbers above it are no whole numbers that a spreadsheet made of them.
_WHOLE = 1e15


@dataclass(frozen=True)
class Relation:
    """What is read of a database.

    Attributes:
        sql: name of a table, with its schema and a dot in front if it has one; or a query.
        cursor_col: a column that grows; empty = everything is read every time.
        overlap: how far before the greatest value seen is read again, for rows that come late: minutes of an instant or
            date, so many numbers of a number.
    """

    sql: str
    cursor_col: str = ""
    overlap: int = 0

    @property
    def is_query(self) -> bool:
        """Whether it is a query.

        >>> Relation("SELECT id FROM orders").is_query, Relation("shop.selections").is_query
        (True, False)
        """
        return re.match(r"\s*(select|with)\s", self.sql, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Reached:
    """How far a relation was read.

    Attributes:
        cursor: the greatest value of its cursor, as `written`; empty = it has none.
        edge: tells the rows from the overlap before that value on from any others; all rows if there is no cursor.
    """

    cursor: str = ""
    edge: str = ""


@dataclass(frozen=True)
class Stretch:
    """Rows that were read.

    Attributes:
        rows: how many.
        reached: how far they go.
        is_last: whether nothing stood behind them.
    """

    rows: int
    reached: Reached
    is_last: bool


@contextmanager
def reading(url: str) -> Iterator[sa.Connection]:
    """A connection that only reads, to whichever database a URL of SQLAlchemy names.

    Raises:
        InputError: the URL cannot be used, there is no driver, or the database refuses; nothing of the URL is told.
    """
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise InputError("pull_url") from None
    try:
        engine = _engine(address)
    except (sa.exc.NoSuchModuleError, ImportError):
        raise InputError("pull_driver", dialect=address.get_backend_name()) from None
    try:
        with _telling(address):
            connection = engine.connect()
        with connection:
            yield connection
    finally:
        engine.dispose()


def _engine(address: sa.URL) -> sa.Engine:
    if address.get_backend_name() != "sqlite":
        engine = sa.create_engine(address, hide_parameters=True, poolclass=sa.NullPool)
        options = {"postgresql_readonly": True} if address.get_backend_name() == "postgresql" else {}
        return engine.execution_options(**options, stream_results=True)
    file = Path(address.database or "")
    if not file.is_file():
        raise InputError("pull_no_file", file=file.name)
    place = f"file:{quote(str(file.absolute()))}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(place, uri=True), poolclass=sa.NullPool)


@contextmanager
def _telling(address: sa.URL) -> Iterator[None]:
    """Tell what a database says, and nothing of its address."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Warning) as error:  # the latter of two statements at once
        raise InputError("pull_refused", why=_reason(error, address)) from None


def _reason(error: Exception, address: sa.URL) -> str:
    """The first line of what a database says, without its password and what looks personal."""
    told = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
    if address.password:
        told = told.replace(str(address.password), "…")
    return mask_text(told)[:_LONGEST_REASON]


def read_stretch(
    connection: sa.Connection, relation: Relation, after: Reached, file: Path, most: int = MOST_ROWS
) -> Stretch:
    """Write the rows from a cursor on to a Parquet file, all values as text.

    Late rows may bear the value that was reached, or lie in the overlap before it. So these are read again: the import
    knows by their ids which are new.

    Args:
        connection: of `reading`.
        relation: what to read.
        after: how far an earlier stretch came.
        file: to write.
        most: rows beyond the cursor; more only if they bear the same value of it.

    Raises:
        InputError: there is no such column, its values do not grow, or the database refuses.
    """
    try:
        with _telling(connection.engine.url):
            return _written(connection, relation, after, file, most)
    finally:
        connection.rollback()  # nothing is held in the database while the rows come in


def _written(connection: sa.Connection, relation: Relation, after: Reached, file: Path, most: int) -> Stretch:
    with connection.execution_options(yield_per=_AT_ONCE).execute(_select(relation, after)) as rows:
        writing = _Writing(file, list(rows.keys()), relation, after)
        with writing.open():
            for some in rows.partitions(_AT_ONCE):
                if not writing.add([tuple(row) for row in some], most):
                    return Stretch(writing.rows, writing.reached, is_last=False)
        return Stretch(writing.rows, writing.reached, is_last=True)


def _select(relation: Relation, after: Reached) -> sa.Select[Any]:
    """One SELECT; names are quoted, and a query stands in parentheses, where nothing but a SELECT can stand."""
    if relation.is_query:
        inner = relation.sql.strip().rstrip(";").replace(":", "\\:")
        source: Any = sa.text(f"({inner}) AS pulled")
    else:
        schema, _, name = relation.sql.rpartition(".")
        source = sa.table(name, schema=schema or None)
    select = sa.select(sa.text("*")).select_from(source)
    if not relation.cursor_col:
        return select
    cursor: sa.ColumnClause[Any] = sa.column(relation.cursor_col)
    if after.cursor:
        select = select.where(cursor >= earlier(value_of(after.cursor), relation.overlap))
    return select.where(cursor.is_not(None)).order_by(cursor)


class _Writing:
    """A file that is being written, and how far it has come."""

    def __init__(self, file: Path, names: list[str], relation: Relation, after: Reached) -> None:
        if relation.cursor_col and relation.cursor_col not in names:
            raise InputError("pull_no_column", column=relation.cursor_col)
        # What came before makes the same rows another file: goods may go back to an earlier price.
        came = {"after": f"{after.cursor} {after.edge}"}
        self._schema = pa.schema([(name, pa.string()) for name in names], metadata=came)
        self._file, self._cursor = file, names.index(relation.cursor_col) if relation.cursor_col else None
        self._overlap, self._beyond, self.rows = relation.overlap, 0, 0
        self._after = value_of(after.cursor) if after.cursor else None
        self._value: Any = None
        self._edge = deque([_Equal(None)])

    @contextmanager
    def open(self) -> Iterator[None]:
        """Write until the block ends."""
        with pq.ParquetWriter(self._file, self._schema) as self._writer:
            yield

    def add(self, rows: list[tuple[Any, ...]], most: int) -> bool:
        """Write some rows; False if the file is full before their end: the rest is left."""
        taken: list[list[str | None]] = []
        for row in rows:
            value = None if self._cursor is None else row[self._cursor]
            if value != self._value:
                if self._cursor is not None and self._beyond >= most:
                    break
                self._go_on(value)
            told = [_text(one) for one in row]
            self._edge[-1].add(told)
            self._beyond += not self._is_read_again(value)  # those make no stretch longer
            taken.append(told)
        columns = list(zip(*taken, strict=True)) or [()] * len(self._schema)
        self._writer.write_table(pa.table([pa.array(one, pa.string()) for one in columns], schema=self._schema))
        self.rows += len(taken)
        return len(taken) == len(rows)

    def _go_on(self, value: Any) -> None:
        """Rows of a greater value begin; those before its overlap are none of the edge any more."""
        first = earlier(value, self._overlap)
        while self._edge and (not self._overlap or self._value is None or self._edge[0].value < first):
            self._edge.popleft()
        self._value = value
        self._edge.append(_Equal(value))

    def _is_read_again(self, value: Any) -> bool:
        if self._after is None:
            return False
        return bool(value <= self._after) if self._overlap else bool(value == self._after)

    @property
    def reached(self) -> Reached:
        """How far it has come."""
        cursor = "" if self._cursor is None or self._value is None else written(self._value)
        rows, digest = sum(some.rows for some in self._edge), sum(some.digest for some in self._edge) % (1 << 64)
        return Reached(cursor, f"{rows}:{digest:x}")


@dataclass
class _Equal:
    """Rows of equal cursor, whatever their order."""

    value: Any
    rows: int = 0
    digest: int = 0

    def add(self, told: list[str | None]) -> None:
        digest = hashlib.blake2b(json.dumps(told).encode(), digest_size=8).digest()
        self.rows, self.digest = self.rows + 1, self.digest + int.from_bytes(digest)


def _text(value: Any) -> str | None:
    """A value as the text that every field of a mapping reads."""
    match value:
        case None | str():
            return value
        case bool():
            told = "true" if value else "false"
        case float() if value.is_integer() and abs(value) < _WHOLE:
            told = str(int(value))
        case datetime() | date():
            told = value.isoformat()
        case bytes() | memoryview():
            told = bytes(value).hex()
        case dict() | list():
            told = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            told = str(value)
    return told
