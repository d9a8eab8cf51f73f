"""Whom a receiver is to hold as of the last build: who is in the audience, agreed to the purpose and can be reached."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudiences
from qianmian.app.campaigns.recipients import REACHED, show_agreed
from qianmian.app.members import counted_audiences
from qianmian.app.shop import Shop
from qianmian.app.syncs.syncs import Sync
from qianmian.core.errors import InputError, JobError
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.reading import Reading
from qianmian.segment.members.causes import Cause
from qianmian.unify.identity.today import people_today

#: Why a receiver is told of somebody, beside the causes of an audience.
CONSENT, IDENTIFIER, VALUE, ENDED = "consent", "identifier", "value", "ended"
_TABLES = ("persons", "nodes", "events", "memberships")
_IN = """
SELECT person_id, entered_in, entry_cause AS cause FROM memberships
WHERE audience = $audience AND left_in IS NULL ORDER BY entered_in, person_id
"""
_OUT = """
SELECT person_id, exit_cause AS cause FROM memberships
WHERE audience = $audience AND left_in IS NOT NULL ORDER BY left_in, person_id
"""
_BEARERS = "SELECT node_id, person_id FROM persons WHERE until IS NULL AND list_contains($nodes::BIGINT[], node_id)"


@dataclass(frozen=True)
class Person:
    """Somebody whom a receiver is to hold.

    Attributes:
        person: person_id.
        entered_in: the build in which they entered; 0 = they are told for their tags.
        cause: why they entered.
        tag_values: values of tags that go along, as JSON.
    """

    person: int
    entered_in: int
    cause: str
    tag_values: str


@dataclass(frozen=True)
class Wanted:
    """Whom a receiver is to hold, as of a build.

    Attributes:
        computed: the build.
        people: by the node of the identifier under which they are told.
    """

    computed: Computed
    people: Mapping[int, Person]
    _inside: frozenset[int] = frozenset()
    _told: frozenset[int] = frozenset()
    _left: Mapping[int, str] = field(default_factory=dict)
    _bearers: Mapping[int, int] = field(default_factory=dict)
    _otherwise: str = VALUE

    def why_gone(self, node: int | None) -> str:
        """Why somebody is not among them any more.

        Args:
            node: of the identifier; None = it is not known any more.
        """
        if node is None:
            return Cause.ERASURE
        person = self._bearers.get(node)
        if person in self._inside:
            return IDENTIFIER if person in self._told else CONSENT
        return self._left.get(person or 0, self._otherwise)


def wanted(shop: Shop, sync: Sync, held: Iterable[int]) -> Wanted:
    """Whom the receiver of a sync is to hold.

    Args:
        shop: the shop.
        sync: the sync; of one that was ended, nobody.
        held: nodes of which the receiver was told.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such audience or tag.
        InputError: the audience is deleted.
        JobError: no build has counted the audience yet.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(sync.purpose, *_TABLES) as (found, computed):
        if sync.ended_at:
            return Wanted(computed, {}, _otherwise=ENDED)
        left = _show_members(shop, found, sync)
        agreed = show_agreed(shop.workspace, found, sync.purpose, "members")
        inside = frozenset(fetch(found.connection, "SELECT person_id FROM members")["person_id"].to_pylist())
        bearers = fetch(found.connection, _BEARERS, {"nodes": list(held)})
        people = _people(found, sync, agreed)
        return Wanted(
            computed,
            people,
            inside,
            frozenset(one.person for one in people.values()),
            left,
            dict(zip(bearers["node_id"].to_pylist(), bearers["person_id"].to_pylist(), strict=True)),
            IDENTIFIER if sync.audience else VALUE,
        )


def _show_members(shop: Shop, found: Reading, sync: Sync) -> dict[int, str]:
    """Make the relation ``members(person_id, entered_in, cause)``; returns why those who left did."""
    for name in sync.tags:
        found.tag(name)
    if sync.audience is None:
        said = " OR ".join(f"{name} IS NOT NULL" for name in sync.tags)
        everybody = (
            f"SELECT person_id, 0 AS entered_in, '{VALUE}' AS cause FROM ({found.select(sync.tags)}) WHERE {said}"
        )
        found.connection.execute(f"CREATE TEMP TABLE members AS {everybody}")
        return {}
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).get(sync.audience)
    if saved.deleted_at:
        raise InputError("sync_audience_deleted", audience=sync.audience)
    if sync.audience not in counted_audiences(shop.workspace):  # the next build counts it: to be tried again then
        raise JobError("sync_audience_not_counted", audience=sync.audience)
    rows = _today(found.connection, fetch(found.connection, _IN, {"audience": sync.audience}))
    first = {row["person_id"]: row for row in reversed(rows)}  # of several stays of one, the earliest goes on
    schema = pa.schema([("person_id", pa.int64()), ("entered_in", pa.int64()), ("cause", pa.string())])
    found.connection.register("members", pa.Table.from_pylist(list(first.values()), schema))
    left = _today(found.connection, fetch(found.connection, _OUT, {"audience": sync.audience}))
    return {row["person_id"]: row["cause"] for row in left}


def _today(connection: Connection, stays: pa.Table) -> list[dict[str, Any]]:
    """Stays as those of the people of today, without whoever is gone."""
    people = people_today(connection, stays["person_id"].to_numpy())
    named = stays.set_column(stays.schema.get_field_index("person_id"), "person_id", pa.array(people, pa.int64()))
    rows: list[dict[str, Any]] = named.filter(pa.array(np.asarray(people) != 0)).to_pylist()
    return rows


def _people(found: Reading, sync: Sync, agreed: str) -> dict[int, Person]:
    reached = REACHED.format(among=agreed)
    named = {name: f"tag_{at}" for at, name in enumerate(sync.tags)}
    values = "".join(f", {name} AS {column}" for name, column in named.items())
    along = f"LEFT JOIN (SELECT person_id{values} FROM ({found.select(sync.tags)})) USING (person_id)" if named else ""
    query = f"SELECT * FROM members JOIN ({reached}) USING (person_id) {along} ORDER BY node_id"
    rows = fetch(found.connection, query, {"namespace": sync.namespace}).to_pylist()
    return {
        row["node_id"]: Person(
            row["person_id"],
            row["entered_in"],
            row["cause"],
            _written({name: row[column] for name, column in named.items()}),
        )
        for row in rows
    }


def _written(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str | float:
    """Dates and instants as ISO 8601; whatever else JSON has no word for, as its text."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
