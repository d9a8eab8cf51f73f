"""A person's ties: with whom, of which kinds, how strong; and the events that speak for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.people import acting_names, find_person
from qianmian.app.plan import published_kinds
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.people import id_number, id_text
from qianmian.lake.connection import Connection, by_key, fetch
from qianmian.profile.reading import Reading
from qianmian.unify.ties.kinds import KINDS
from qianmian.unify.ties.strength import STRENGTH, show_shares

_TABLES = ("ties", by_key("ties"), "persons")
#: Strength is compared by whole steps: a page ends at a place that reads back to the same number.
_PAIRS = f"""
CREATE OR REPLACE TEMP TABLE pairs AS
SELECT other_id, {STRENGTH} AS strength, (({STRENGTH}) * 1e12)::BIGINT AS key, max(last_at) AS last_at,
       list(kind) AS kinds
FROM tie_shares WHERE person_id = $person GROUP BY other_id
"""
_PAGE = """
SELECT other_id, strength, key FROM pairs
WHERE ($kind IS NULL OR list_contains(kinds, $kind)) AND ($key IS NULL OR (-key, other_id) > (-$key, $other))
ORDER BY key DESC, other_id LIMIT $limit
"""
_TOTALS = """
SELECT kind, count(*) AS people FROM (SELECT other_id, unnest(list_distinct(kinds)) AS kind FROM pairs) GROUP BY kind
"""
_ROWS = """
SELECT * FROM tie_shares
WHERE person_id = $person AND other_id IN (SELECT unnest($others))
ORDER BY other_id, share DESC, kind, direction
"""
_EVENTS = """
SELECT event_key, source, event_id, name, occurred_at FROM events
WHERE event_key IN (SELECT unnest($keys)) AND day IN (SELECT unnest($days))
  AND node_id IN (SELECT node_id FROM persons WHERE person_id IN ($person, $other))
"""


@dataclass(frozen=True)
class TieOfKind:
    """A tie, seen from the person.

    Attributes:
        kind: one of `KINDS`.
        direction: out = the person acted, in = the other did, both = both alike.
        count: events.
        first_at: when the first happened.
        last_at: when the last happened.
    """

    kind: str
    direction: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class TiedPerson:
    """Somebody to whom a person is tied.

    Attributes:
        person: id of the other.
        identifiers: masked names under which the other did something.
        strength: from 0 to 1, as of the build.
        kinds: the ties, the strongest first.
    """

    person: str
    identifiers: list[dict[str, str]]
    strength: float
    kinds: list[TieOfKind]


@dataclass(frozen=True)
class KindCount:
    """How many people a person is tied to by a kind."""

    kind: str
    people: int


@dataclass(frozen=True)
class PersonTies:
    """A page of a person's ties, the strongest first.

    Attributes:
        person: id of the person.
        total: people on all pages.
        by_kind: how many people by kind, whatever kind was asked for.
        ties: those of this page.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    person: str
    total: int
    by_kind: list[KindCount]
    ties: list[TiedPerson]
    next: str | None
    computed: Computed


@dataclass(frozen=True)
class TieEvent:
    """An event that speaks for a tie."""

    source: str
    event_id: str
    name: str
    occurred_at: datetime


@dataclass(frozen=True)
class EvidencedTie(TieOfKind):
    """A tie with its first and last event; None = it was taken back since the build."""

    first: TieEvent | None
    last: TieEvent | None


@dataclass(frozen=True)
class TieEvidence:
    """What speaks for the ties between two people."""

    person: str
    other: str
    strength: float
    kinds: list[EvidencedTie]
    computed: Computed


@dataclass(frozen=True)
class Page:
    """Which part of a person's ties is asked for.

    Attributes:
        kind: one of `KINDS`; None = any.
        after: cursor of the page; None = the strongest.
        limit: people on a page.
    """

    kind: str | None = None
    after: str | None = None
    limit: int = 20


def ties(shop: Shop, name: str, page: Page = Page(), *, purpose: str = ANALYSE) -> PersonTies:  # frozen
    """A page of the people to whom a person is tied.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, or ``person:<id>``.
        page: which part.
        purpose: what they are looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by that name, or nothing was built yet.
        InputError: there is no such kind, or the cursor is none.
    """
    if page.kind and page.kind not in KINDS:
        raise InputError("no_tie_kind", kind=page.kind, kinds=KINDS)
    key, other = place_of(page.after, int, str) if page.after else (None, None)
    with shop.asking(purpose, *_TABLES) as (found, computed):
        person = _show_shares(shop, found, name, computed)
        found.connection.execute(_PAIRS, {"person": person})
        asked = {"kind": page.kind, "key": key, "other": other and id_number(str(other)), "limit": page.limit + 1}
        rows = fetch(found.connection, _PAGE, asked).to_pylist()
        some = rows[: page.limit]
        tied = _tied(shop, found, person, some)
        counts = dict(found.connection.execute(_TOTALS).fetchall())
        everybody = found.connection.execute("SELECT count(*) FROM pairs").fetchall()[0][0]
    last = cursor(some[-1]["key"], id_text(some[-1]["other_id"])) if len(rows) > page.limit else None
    by_kind = [KindCount(kind, counts[kind]) for kind in KINDS if kind in counts]
    total = counts.get(page.kind, 0) if page.kind else everybody
    return PersonTies(id_text(person), total, by_kind, tied, last, computed)


def tie_evidence(shop: Shop, name: str, other: str, *, purpose: str = ANALYSE) -> TieEvidence:
    """What speaks for the ties between two people: the first and the last event of each.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by a name, they are not tied, or nothing was built yet.
    """
    with shop.asking(purpose, *_TABLES, "events") as (found, computed):
        person = _show_shares(shop, found, name, computed)
        whom = find_person(shop.workspace, found.connection, other)
        rows = _rows(found.connection, person, [whom])
        if not rows:
            raise UnknownNameError("no_tie", person=id_text(person), other=id_text(whom))
        strength = float(fetch(found.connection, _STRENGTH, {"person": person, "other": whom}).column(0)[0].as_py())
        events = _events(found.connection, rows)
    kinds = [
        EvidencedTie(**vars(_of_kind(row)), first=events.get(row["first_event"]), last=events.get(row["last_event"]))
        for row in rows
    ]
    return TieEvidence(id_text(person), id_text(whom), strength, kinds, computed)


_STRENGTH = f"SELECT {STRENGTH} FROM tie_shares WHERE person_id = $person AND other_id = $other"


def _show_shares(shop: Shop, found: Reading, name: str, computed: Computed) -> int:
    """Make the relation ``tie_shares`` as of the build; returns the person of a name."""
    person = find_person(shop.workspace, found.connection, name)
    show_shares(found.connection, published_kinds(shop.workspace), computed.instant, computed.instant)
    return person


def _tied(shop: Shop, found: Reading, person: int, pairs: Sequence[Mapping[str, Any]]) -> list[TiedPerson]:
    others = [pair["other_id"] for pair in pairs]
    rows, names = _rows(found.connection, person, others), acting_names(shop.workspace, found, others)
    of: dict[int, list[TieOfKind]] = {}
    for row in rows:
        of.setdefault(row["other_id"], []).append(_of_kind(row))
    return [
        TiedPerson(id_text(pair["other_id"]), names[pair["other_id"]], pair["strength"], of[pair["other_id"]])
        for pair in pairs
    ]


def _rows(connection: Connection, person: int, others: list[int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = fetch(connection, _ROWS, {"person": person, "others": others}).to_pylist()
    return rows


def _of_kind(row: Mapping[str, Any]) -> TieOfKind:
    return TieOfKind(row["kind"], row["direction"], row["count"], row["first_at"], row["last_at"])


def _events(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[int, TieEvent]:
    asked = {
        "keys": sorted({row[name] for row in rows for name in ("first_event", "last_event")}),
        "days": sorted({row[name].date() for row in rows for name in ("first_at", "last_at")}),
        "person": rows[0]["person_id"],
        "other": rows[0]["other_id"],
    }
    told = fetch(connection, _EVENTS, asked).to_pylist()
    return {one["event_key"]: TieEvent(**{k: v for k, v in one.items() if k != "event_key"}) for one in told}
