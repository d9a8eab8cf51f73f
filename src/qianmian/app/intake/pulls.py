"""Pulls: relations of other databases, declared once and read from where they were left.

How far a pull has come is noted before each release, and counts only while the import that it names stands in the
lake: so a crash loses nothing, a release doubles nothing, and undoing an import makes the next pull read it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import sqlalchemy as sa

from qianmian.app.intake.tables import PULL_RUNS, PULLED, PULLS
from qianmian.collect.imports.database import Reached, Relation
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Mapping
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message, restored
from qianmian.core.names import is_name
from qianmian.privacy.database import declared, instant_of, microseconds

#: Begins the name of every variable with an address, so that no other secret can be named.
VARIABLE = "QIANMIAN_PULL_"
LONGEST_RELATION = 20_000
#: Between two runs: four weeks.
MOST_MINUTES = 40_320
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
        every_minutes: minutes between two runs; 0 = it runs when somebody asks.
        paused_at: since when it does not run by itself; None = it does.
        tried_at: when it last began; None = never.
        reason: why it failed then; None = it did not.
    """

    name: str
    url_variable: str
    relation: Relation
    mapping: str
    created_at: datetime
    ran_at: datetime | None
    every_minutes: int = 0
    paused_at: datetime | None = None
    tried_at: datetime | None = None
    reason: Message | None = None

    @property
    def next_at(self) -> datetime | None:
        """When it runs by itself next; None = it does not."""
        if not self.every_minutes or self.paused_at:
            return None
        return (self.tried_at or self.created_at) + timedelta(minutes=self.every_minutes if self.tried_at else 0)

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
        self._table = declared(PULLS)
        self._notes = declared(PULLED)
        self._runs = declared(PULL_RUNS)

    def add(self, name: str, url_variable: str, relation: Relation, mapping: str, *, every_minutes: int = 0) -> Pull:
        """Declare a pull.

        Args:
            name: what to call it.
            url_variable: environment variable that holds the database's address.
            relation: what is read.
            mapping: what its rows mean, as YAML.
            every_minutes: minutes between two runs; 0 = it runs when somebody asks.

        Raises:
            InputError: there is one with that name, or a part is odd.
            MappingError: the mapping is none.
        """
        if not is_name(name):
            raise InputError("pull_name")
        if not _VARIABLE.fullmatch(url_variable):
            raise InputError("pull_variable", prefix=VARIABLE)
        if not relation.sql.strip() or len(relation.sql) > LONGEST_RELATION:
            raise InputError("pull_relation", most=LONGEST_RELATION)
        if relation.overlap and not relation.cursor_col:
            raise InputError("pull_overlap_alone")
        meant = read_mapping(mapping, Message("mapping_of_pull", pull=name))
        if meant.tells_events and "event_id" not in meant.fields:
            raise InputError("pull_without_id")
        row = {
            "pull": name,
            "url_variable": url_variable,
            "relation": relation.sql,
            "cursor_col": relation.cursor_col,
            "overlap": relation.overlap or None,
            "mapping": mapping,
            "every_minutes": every_minutes or None,
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
            for table in (self._notes, self._runs, self._table):
                connection.execute(sa.delete(table).where(table.c.pull == name))

    def reached(self, name: str, stands: Stands) -> Reached:
        """How far a pull has come: to the last of its stretches before one that does not stand."""
        standing = takewhile(lambda row: stands(row["stream"]), self._noted(name))
        return next((Reached(row["cursor"], row["edge"]) for row in reversed(list(standing))), Reached())

    def settle(self, name: str, stands: Stands) -> Reached:
        """The same; what does not stand, and what follows it, is forgotten. Only for who runs the pull."""
        notes = self._notes
        gone = next((row["number"] for row in self._noted(name) if not stands(row["stream"])), None)
        if gone is not None:
            with self._catalogue.begin() as connection:
                connection.execute(sa.delete(notes).where(notes.c.pull == name, notes.c.number >= gone))
        return self.reached(name, stands)

    def _noted(self, name: str) -> list[sa.RowMapping]:
        asked = sa.select(self._notes).where(self._notes.c.pull == name).order_by(self._notes.c.number)
        with self._catalogue.connect() as connection:
            return list(connection.execute(asked).mappings().all())

    def note(self, name: str, stream: str, reached: Reached) -> None:
        """Note how far a stretch goes, before its import is released."""
        notes = self._notes
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(notes.c.number)).where(notes.c.pull == name)).scalar() or 0
            row = {"pull": name, "number": last + 1, "stream": stream, "cursor": reached.cursor, "edge": reached.edge}
            connection.execute(sa.insert(notes).values(**row))
            connection.execute(sa.delete(notes).where(notes.c.pull == name, notes.c.number <= last + 1 - _NOTES))

    def change(self, name: str, *, paused: bool | None = None, every_minutes: int | None = None) -> Pull:
        """Pause a pull or let it go on, or change how often it runs; what is None stays.

        Raises:
            UnknownNameError: there is none of that name.
        """
        pull = self.get(name)
        if paused is not None and paused != (pull.paused_at is not None):
            self._set(name, paused_at=microseconds(self._clock.now()) if paused else None)
        if every_minutes is not None:
            self._set(name, every_minutes=every_minutes or None)
        return self.get(name)

    def begun(self, name: str) -> None:
        """Note that a pull begins to run."""
        self._set(name, tried_at=microseconds(self._clock.now()))

    def ran(self, name: str) -> None:
        """Note that a pull came to its end."""
        self._set(name, ran_at=microseconds(self._clock.now()), reason=None)

    def failed(self, name: str, reason: Message) -> None:
        """Note why a pull did not come to its end."""
        self._set(name, reason=reason.stored())

    def _set(self, name: str, **values: object) -> None:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.pull == name).values(**values))


def _readable(row: sa.RowMapping) -> Pull:
    instants = {
        name: None if row[name] is None else instant_of(row[name]) for name in ("ran_at", "paused_at", "tried_at")
    }
    return Pull(
        name=row["pull"],
        url_variable=row["url_variable"],
        relation=Relation(row["relation"], row["cursor_col"], row["overlap"] or 0),
        mapping=row["mapping"],
        created_at=instant_of(row["created_at"]),
        every_minutes=row["every_minutes"] or 0,
        reason=restored(row["reason"]) if row["reason"] else None,
        **instants,
    )
