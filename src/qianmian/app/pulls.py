"""Pulls: relations of other databases, declared once and read from where they were left.

How far a pull has come is noted before each release, and counts only while the import that it names stands in the
lake: so a crash loses nothing, a release doubles nothing, and undoing an import makes the next pull read it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.tables import PULLED, PULLS
from qianmian.collect.imports.database import Reached, Relation
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Grain, Mapping
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message
from qianmian.privacy.database import declared, instant_of, microseconds

#: Begins the name of every variable with an address, so that no other secret can be named.
VARIABLE = "QIANMIAN_PULL_"
LONGEST_RELATION = 20_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
_VARIABLE = re.compile(rf"{VARIABLE}[A-Z0-9_]{{1,60}}")
#: Stretches whose notes are kept: as many imports can be undone and pulled again.
_NOTES = 100
#: Whether a stream's import stands in the lake.
Stands = Callable[[str], bool]


@dataclass(frozen=True)
class Pull:
    """A relation that is pulled.

    Attributes:
        name: what its owner calls it.
        url_variable: environment variable that holds the database's address, with its password.
        relation: what is read.
        mapping: what its rows mean, as YAML.
        created_at: when it was declared.
        ran_at: when it last came to its end; None = never.
    """

    name: str
    url_variable: str
    relation: Relation
    mapping: str
    created_at: datetime
    ran_at: datetime | None

    @property
    def declared(self) -> Mapping:
        """The mapping as values."""
        return read_mapping(self.mapping, Message("mapping_of_pull", pull=self.name))


class Pulls:
    """The pulls of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The pulls in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(PULLS, sa.MetaData())
        self._notes = declared(PULLED, sa.MetaData())

    def add(self, name: str, url_variable: str, relation: Relation, mapping: str) -> Pull:
        """Declare a pull.

        Raises:
            InputError: there is one with that name, or a part is odd.
            MappingError: the mapping is none.
        """
        if not _NAME.fullmatch(name):
            raise InputError("pull_name")
        if not _VARIABLE.fullmatch(url_variable):
            raise InputError("pull_variable", prefix=VARIABLE)
        if not relation.sql.strip() or len(relation.sql) > LONGEST_RELATION:
            raise InputError("pull_relation", most=LONGEST_RELATION)
        meant = read_mapping(mapping, Message("mapping_of_pull", pull=name))
        if meant.grain in (Grain.EVENT, Grain.LINE) and "event_id" not in meant.fields:
            raise InputError("pull_without_id")
        row = {
            "pull": name,
            "url_variable": url_variable,
            "relation": relation.sql,
            "cursor_col": relation.cursor_col,
            "mapping": mapping,
        }
        try:
            with self._catalogue.begin() as connection:
                created = microseconds(self._clock.now())
                connection.execute(sa.insert(self._table).values(**row, created_at=created))
        except sa.exc.IntegrityError:
            raise InputError("pull_exists", pull=name) from None
        return self.get(name)

    def all(self) -> list[Pull]:
        """All pulls, by name."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.pull)).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, name: str) -> Pull:
        """The pull of that name.

        Raises:
            UnknownNameError: there is none.
        """
        for pull in self.all():
            if pull.name == name:
                return pull
        raise UnknownNameError("no_pull", pull=name)

    def remove(self, name: str) -> None:
        """Forget a pull; what it brought in stays.

        Raises:
            UnknownNameError: there is none.
        """
        self.get(name)
        with self._catalogue.begin() as connection:
            for table in (self._notes, self._table):
                connection.execute(sa.delete(table).where(table.c.pull == name))

    def reached(self, name: str, stands: Stands) -> Reached:
        """How far a pull has come: to the last of its stretches before one that does not stand, which is forgotten."""
        notes = self._notes
        with self._catalogue.begin() as connection:
            asked = sa.select(notes).where(notes.c.pull == name).order_by(notes.c.number)
            reached = Reached()
            for row in connection.execute(asked).mappings().all():
                if not stands(row["stream"]):
                    gone = notes.c.pull == name, notes.c.number >= row["number"]
                    connection.execute(sa.delete(notes).where(*gone))
                    break
                reached = Reached(row["cursor"], row["edge"])
        return reached

    def note(self, name: str, stream: str, reached: Reached) -> None:
        """Note how far a stretch goes, before its import is released."""
        notes = self._notes
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(notes.c.number)).where(notes.c.pull == name)).scalar() or 0
            row = {"pull": name, "number": last + 1, "stream": stream, "cursor": reached.cursor, "edge": reached.edge}
            connection.execute(sa.insert(notes).values(**row))
            connection.execute(sa.delete(notes).where(notes.c.pull == name, notes.c.number <= last + 1 - _NOTES))

    def ran(self, name: str) -> None:
        """Note that a pull came to its end."""
        with self._catalogue.begin() as connection:
            ran = sa.update(self._table).where(self._table.c.pull == name)
            connection.execute(ran.values(ran_at=microseconds(self._clock.now())))


def _readable(row: sa.RowMapping) -> Pull:
    return Pull(
        name=row["pull"],
        url_variable=row["url_variable"],
        relation=Relation(row["relation"], row["cursor_col"]),
        mapping=row["mapping"],
        created_at=instant_of(row["created_at"]),
        ran_at=None if row["ran_at"] is None else instant_of(row["ran_at"]),
    )
