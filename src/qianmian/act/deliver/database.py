"""Write-back: the people of a piece in a table of the shop's own database, exactly once.

The piece's id is written in the transaction of its rows, so that whoever hands it over again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from qianmian.act.deliver.patience import NotDeliveredError

#: Name of a table, with its schema and a dot in front if it has one.
RELATION = re.compile(r"([a-z_][a-z0-9_]{0,50}\.)?[a-z_][a-z0-9_]{0,50}")
#: Characters of such a name.
LONGEST_RELATION = 103
#: What the database remembers of pieces stands beside the table, under its name and this.
_PIECES = "_pieces"


@dataclass(frozen=True)
class Database:
    """Where rows go.

    Attributes:
        url: SQLAlchemy's, with its password.
    """

    url: str = field(repr=False)


@dataclass(frozen=True)
class PersonRow:
    """A person in the table.

    Attributes:
        person_key: the sync's key of the identifier.
        identifier: the raw identifier.
        tag_values: values that go along, as JSON.
    """

    person_key: str
    identifier: str = field(repr=False)
    tag_values: str


@dataclass(frozen=True)
class Rows:
    """A piece.

    Attributes:
        message: id of the piece: the same whenever the same piece is written.
        subject: what the rows are about: an audience or tags.
        written: people who are in it, or whose values changed.
        removed: keys of those who are not in it any more.
        build: number of the build.
        computed_at: its instant.
    """

    message: str
    subject: str
    written: Sequence[PersonRow]
    removed: Sequence[str]
    build: int
    computed_at: datetime


def write_rows(database: Database, relation: str, rows: Rows) -> None:
    """Write a piece, and that it was written, in one transaction; one that was written before changes nothing.

    Both tables are made if they are not there.

    Args:
        database: where.
        relation: a table's name, see `RELATION`.
        rows: the piece.

    Raises:
        NotDeliveredError: the database refuses, or is not there.
    """
    table, pieces = _tables(relation)
    with _begun(database) as connection:
        table.metadata.create_all(connection)
        if connection.execute(sa.select(pieces.c.message).where(pieces.c.message == rows.message)).first():
            return
        connection.execute(sa.insert(pieces).values(message=rows.message, written_at=sa.func.current_timestamp()))
        leaving = [*rows.removed, *(row.person_key for row in rows.written)]
        if leaving:
            connection.execute(sa.delete(table).where(table.c.subject == rows.subject, table.c.person_key.in_(leaving)))
        if rows.written:
            same = {"subject": rows.subject, "computed_at": rows.computed_at, "build": rows.build}
            connection.execute(sa.insert(table), [same | vars(row) for row in rows.written])


def _tables(relation: str) -> tuple[sa.Table, sa.Table]:
    if not RELATION.fullmatch(relation):
        raise NotDeliveredError("relation", may_pass=False)
    schema, _, name = relation.rpartition(".")
    metadata = sa.MetaData(schema=schema or None)
    table = sa.Table(
        name,
        metadata,
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("person_key", sa.String(20), primary_key=True),
        sa.Column("identifier", sa.String(400), nullable=False),
        sa.Column("tag_values", sa.Text(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("build", sa.BigInteger(), nullable=False),
    )
    pieces = sa.Table(
        name + _PIECES,
        metadata,
        sa.Column("message", sa.String(80), primary_key=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )
    return table, pieces


@contextmanager
def _begun(database: Database) -> Iterator[sa.Connection]:
    """A transaction; nothing of an error but its kind is told, for its text may quote rows or the address."""
    try:
        engine = sa.create_engine(database.url, hide_parameters=True, poolclass=sa.NullPool)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError, ValueError) as error:
        raise NotDeliveredError(type(error).__name__, may_pass=False) from None
    try:
        with engine.begin() as connection:
            yield connection
    except sa.exc.SQLAlchemyError as error:
        raise NotDeliveredError(type(error).__name__, may_pass=isinstance(error, sa.exc.OperationalError)) from None
    finally:
        engine.dispose()
