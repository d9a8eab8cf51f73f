"""How a table is declared: its columns, key, grain, owner, and how an erased person leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """A column's type: its name, and its DuckDB type."""

    ID = ("id", "BIGINT")  # non-negative, 63 bits; base32 text at every door
    INTEGER = ("integer", "BIGINT")
    SMALL = ("small", "INTEGER")
    NUMBER = ("number", "DOUBLE")
    MONEY = ("money", "DECIMAL(18,4)")
    TEXT = ("text", "VARCHAR")
    JSON = ("json", "VARCHAR")
    FLAG = ("flag", "BOOLEAN")
    INSTANT = ("instant", "TIMESTAMPTZ")
    DATE = ("date", "DATE")

    @property
    def sql(self) -> str:
        """The DuckDB type name."""
        return self.value[1]


class Personal(Enum):
    """The class of personal data that a column may hold."""

    NONE = "none"
    PSEUDONYM = "pseudonym"  # a keyed hash of an identifier, or an id derived from one
    BEHAVIOUR = "behaviour"  # what a pseudonymous person did
    SEALED = "sealed"  # raw personal data, encrypted; only in the vault


class Leave(Enum):
    """How the rows of erased vertices leave a table."""

    DELETE = "delete"  # rows that name an erased node within its interval are deleted
    REBUILD = "rebuild"  # derived: the next publish or build writes it again without them
    SHRED = "shred"  # the key of the row is destroyed, then the row
    REKEY = "re-key"  # the row stays under the survivor's new person_id
    KEEP = "keep"  # holds nothing of a person


class Home(Enum):
    """Where a table lives."""

    LAKE = "lake"
    HISTORY = "history"  # Arrow files named by a lake table
    VAULT = "vault"
    CATALOGUE = "catalogue"
    JOURNAL = "journal"  # sealed files of what was received


@dataclass(frozen=True)
class Column:
    """A declared column.

    Attributes:
        name: the same in Python, SQL, HTTP and console.
        type: see `Type`.
        doc: one line on what it means, with its unit.
        personal: class of personal data; the scan and the erasure read it.
        nullable: whether a row may leave it empty.
    """

    name: str
    type: Type
    doc: str
    personal: Personal = Personal.NONE
    nullable: bool = True


@dataclass(frozen=True)
class Erase:
    """How the rows of a set of (node, interval) leave a table.

    Attributes:
        leave: the manner.
        nodes: columns that hold a node_id; a row leaves if any of them is erased.
        at: the column with the instant that decides the interval; empty if intervals do not matter.
        through: another table that decides, joined on ``on`` (a line leaves with its event).
        on: the columns of that join.
    """

    leave: Leave
    nodes: tuple[str, ...] = ()
    at: str = ""
    through: str = ""
    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A declared table: everything a stage leaves behind.

    Attributes:
        name: unique across the workspace.
        columns: in storage order.
        key: columns that identify a row.
        grain: one sentence, "one row a …".
        owner: the stage that writes it.
        erase: how an erased person leaves it.
        retention_days: rows older than this expire; None keeps them.
        partition_by: partition columns (Delta); a bucket is never a partition.
        sort_by: order of rows inside a file.
        layered_by: a later layer of files replaces all rows of a value of these columns; empty = files only add rows.
        released_by: the table whose commit makes this one's rows visible; empty if its own.
        home: where it lives.
        is_open: whether what a workspace declares adds columns: a stored one that is not declared now is left empty.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    grain: str
    owner: str
    erase: Erase
    retention_days: int | None = None
    partition_by: tuple[str, ...] = ()
    sort_by: tuple[str, ...] = ()
    layered_by: tuple[str, ...] = ()
    released_by: str = ""
    home: Home = Home.LAKE
    is_open: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; `KeyError` names the table if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name!r} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in storage order."""
        return tuple(column.name for column in self.columns)
