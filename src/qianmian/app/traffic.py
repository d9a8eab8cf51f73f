"""What a workspace knows of traffic that may be no visits of people: its own rules, who is marked, and the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qianmian.app.tables import INTERNAL_NODES, TRAFFIC_RULES
from qianmian.app.workspace import Workspace
from qianmian.collect.tables import EVENTS
from qianmian.collect.traffic.flag import Traffic
from qianmian.collect.traffic.rules import read_rules
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES, Identifier, id_number
from qianmian.lake.connection import fetch
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text, mask_value
from qianmian.privacy.pseudonyms import node_id, normalise

MOST_MARKED = 1000


@dataclass(frozen=True)
class RulesVersion:
    """Rules of the shop's own, as they were applied.

    Attributes:
        version: grows by one.
        text: as their author wrote them.
        applied_by: account; empty = the command line or the workspace's own token.
        applied_at: since when they hold.
    """

    version: int
    text: str
    applied_by: str
    applied_at: datetime


@dataclass(frozen=True)
class Marked:
    """An identifier of somebody who tests or works here, under its pseudonym.

    Attributes:
        node_id: the pseudonym.
        namespace: kind of identifier.
        note: who or what it is; may be empty.
        marked_by: account; empty = the command line or the workspace's own token.
        marked_at: when.
    """

    node_id: int
    namespace: str
    note: str
    marked_by: str
    marked_at: datetime


@dataclass(frozen=True)
class TrafficCount:
    """Events of a source in the lake that are flagged for one reason; empty = that are not."""

    source: str
    reason: str
    events: int


class TrafficRules:
    """Rules and marks, kept in the catalogue; they hold for every event that is taken in from then on."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The rules in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._rules, self._nodes = (declared(table) for table in (TRAFFIC_RULES, INTERNAL_NODES))

    def all(self) -> list[RulesVersion]:
        """The versions of the shop's own rules, newest first."""
        query = sa.select(self._rules).order_by(self._rules.c.version.desc())
        with self._catalogue.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [RulesVersion(**{**row, "applied_at": instant_of(row["applied_at"])}) for row in rows]

    def apply(self, text: str, name: str | Message, *, by: str = "") -> RulesVersion:
        """Let rules hold before those that come with the product; the same text as before makes no version.

        Raises:
            TrafficError: they are none.
        """
        read_rules(text, name)
        current = next(iter(self.all()), None)
        if current and current.text == text:
            return current
        version = RulesVersion(current.version + 1 if current else 1, text, by, self._clock.now())
        row = {**vars(version), "applied_at": microseconds(version.applied_at)}
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._rules).values(**row))
        return version

    def marked(self) -> list[Marked]:
        """Who is marked, oldest first."""
        query = sa.select(self._nodes).order_by(self._nodes.c.marked_at, self._nodes.c.node_id)
        with self._catalogue.connect() as connection:
            return [_marked(row) for row in connection.execute(query).mappings()]

    def mark(self, key: bytes, identifier: Identifier, *, note: str = "", by: str = "") -> Marked:
        """Flag what an identifier does as internal from now on; only its pseudonym is kept.

        Args:
            key: of the pseudonyms.
            identifier: of somebody who tests or works here.
            note: who or what it is; personal data in it are masked.
            by: account.

        Raises:
            InputError: its value names nobody, or too many are marked.
        """
        value = normalise(identifier.namespace, identifier.value) if identifier.namespace in NAMESPACES else None
        if value is None:
            raise InputError("traffic_nobody", given=mask_value(identifier.value))
        if len(self.marked()) >= MOST_MARKED:
            raise InputError("traffic_most_marked", most=MOST_MARKED)
        number, _ = node_id(key, identifier.namespace, value)
        one = Marked(number, identifier.namespace, mask_text(note), by, self._clock.now())
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(self._nodes).where(self._nodes.c.node_id == number))
            row = {**vars(one), "marked_at": microseconds(one.marked_at)}
            connection.execute(sa.insert(self._nodes).values(**row))
        return one

    def unmark(self, text: str) -> None:
        """Flag what an identifier does no longer.

        Args:
            text: its pseudonym, as doors show it.

        Raises:
            UnknownNameError: it is not marked.
        """
        with self._catalogue.begin() as connection:
            gone = connection.execute(sa.delete(self._nodes).where(self._nodes.c.node_id == id_number(text))).rowcount
        if not gone:
            raise UnknownNameError("traffic_not_marked", number=text[:20])


def traffic_of(workspace: Workspace) -> Traffic:
    """By what the events of a workspace are flagged now."""
    rules = TrafficRules(workspace.catalogue, workspace.clock)
    current = next(iter(rules.all()), None)
    own = read_rules(current.text, Message("traffic_rules")) if current else ()
    return Traffic(own, tuple(one.node_id for one in rules.marked()))


def counts(workspace: Workspace) -> list[TrafficCount]:
    """Events of the lake by source and reason, as they are now; events of before the flags count as not flagged."""
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    query = "SELECT source, coalesce(traffic, '') AS reason, count(*) AS events FROM events GROUP BY ALL ORDER BY ALL"
    with workspace.connected(snapshot, EVENTS.name) as connection:
        return [TrafficCount(**row) for row in fetch(connection, query).to_pylist()]


def _marked(row: Any) -> Marked:
    return Marked(**{**row, "marked_at": instant_of(row["marked_at"])})
