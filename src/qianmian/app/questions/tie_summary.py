"""What the last build found of each kind of tie, over all people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.plan import published_kinds
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.unify.ties.strength import STRENGTH, show_shares

#: Pairs that are told by name.
_STRONGEST = 3
#: Each tie lies under both of its people: from one side of a pair it is counted once.
_OF_KINDS = f"""
WITH one_side AS (
    SELECT person_id, other_id, kind, sum(share) AS share, sum(count) AS events, max(last_at) AS last_at
    FROM tie_shares WHERE person_id < other_id GROUP BY ALL),
pairs AS (SELECT person_id, other_id, {STRENGTH} AS strength FROM one_side GROUP BY ALL)
SELECT kind, count(*) AS pairs, sum(events)::BIGINT AS events, max(last_at) AS last_at,
    median(strength) AS median_strength,
    max_by({{'person_id': person_id, 'other_id': other_id, 'strength': strength}},
        (strength, -person_id, -other_id), {_STRONGEST}) AS strongest
FROM one_side JOIN pairs USING (person_id, other_id) GROUP BY kind
"""
_PEOPLE = "SELECT kind, count(DISTINCT person_id) FROM ties GROUP BY kind"


@dataclass(frozen=True)
class StrongPair:
    """Two people who are close.

    Attributes:
        person: id of one.
        other: id of the other.
        strength: from 0 to 1, by ties of all kinds, as of the build.
    """

    person: str
    other: str
    strength: float


@dataclass(frozen=True)
class KindSummary:
    """What is known of a kind.

    Attributes:
        kind: one of `KINDS`.
        pairs: pairs of people whom it ties.
        people: how many people these are.
        events: events behind it; of a circle, how many circles.
        median_strength: of these pairs, by ties of all kinds; None = there are none.
        last_at: when the last event happened; None = there is none.
        strongest: the closest of these pairs, at most 3.
    """

    kind: str
    pairs: int
    people: int
    events: int
    median_strength: float | None
    last_at: datetime | None
    strongest: list[StrongPair]


@dataclass(frozen=True)
class TieSummary:
    """What the last build found.

    Attributes:
        people: people with any tie.
        kinds: those that the build looked for, in the order of `KINDS`.
        computed: from which build.
    """

    people: int
    kinds: list[KindSummary]
    computed: Computed


def tie_summary(shop: Shop, *, purpose: str = ANALYSE) -> TieSummary:
    """What the last build found of each kind of tie that it looked for.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    kinds = published_kinds(shop.workspace)
    with shop.asking(purpose, "ties") as (found, computed):
        connection = found.connection
        show_shares(connection, kinds, computed.instant, computed.instant, of_few=False)
        rows = {row["kind"]: row for row in fetch(connection, _OF_KINDS).to_pylist()}
        people = dict(connection.execute(_PEOPLE).fetchall())
        ((everybody,),) = connection.execute("SELECT count(DISTINCT person_id) FROM ties").fetchall()
    names = [kind.name for kind in kinds.kinds if kind.made_by or kind.name in rows]
    return TieSummary(everybody, [_of_kind(name, rows.get(name), people.get(name, 0)) for name in names], computed)


def _of_kind(kind: str, row: Mapping[str, Any] | None, people: int) -> KindSummary:
    if row is None:
        return KindSummary(kind, 0, people, 0, None, None, [])
    strongest = [
        StrongPair(id_text(pair["person_id"]), id_text(pair["other_id"]), pair["strength"]) for pair in row["strongest"]
    ]
    return KindSummary(kind, row["pairs"], people, row["events"], row["median_strength"], row["last_at"], strongest)
