"""The shop's context: regions, the calendar and policies, and what of them marks a range of dates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qianmian.app.batches import Batches
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.shop import Shop
from qianmian.collect.context import standing_facts
from qianmian.lake.connection import Connection, fetch

_FOUND = f"""
CREATE TEMP TABLE found AS SELECT * FROM ({standing_facts()})
WHERE $text = '' OR contains(lower(concat_ws(' ', name, fact_id, parent, attributes)), lower($text))
"""
#: The calendar as it goes on, the newest first; regions, which have no date, by their number.
_PAGE = f"""
WITH named AS (SELECT source, kind, fact_id, name AS parent_name FROM ({standing_facts()})),
     placed AS (SELECT *, -coalesce(epoch(first_on)::BIGINT, 0) AS place FROM found)
SELECT placed.*, parent_name FROM placed LEFT JOIN named
  ON named.source = placed.source AND named.kind = placed.kind AND named.fact_id = placed.parent
WHERE ($kind IS NULL OR placed.kind = $kind)
  AND ($place IS NULL OR (place, placed.kind, placed.fact_id, placed.source) > ($place, $after, $fact, $source))
ORDER BY place, placed.kind, placed.fact_id, placed.source LIMIT $limit
"""
#: A festival marks its dates, one day if it has no last; a policy the date on which it begins to hold.
_MARKS = f"""
SELECT kind, name, first_on, CASE kind WHEN 'calendar' THEN coalesce(last_on, first_on) ELSE first_on END AS until
FROM ({standing_facts("kind IN ('calendar', 'policy') AND first_on IS NOT NULL")})
WHERE first_on <= $last AND until >= $first ORDER BY first_on, kind DESC, name, until LIMIT {{most}}
"""
MOST_MARKS = 60


class ContextKind(StrEnum):
    """What a fact is about."""

    REGION = "region"
    CALENDAR = "calendar"
    POLICY = "policy"


@dataclass(frozen=True)
class Fact:
    """Something about the shop's world.

    Attributes:
        parent_name: name of what it is part of; None = nothing, or nothing known.
        updated_at: when the import that told it was taken in; None = not known.
    """

    source: str
    kind: ContextKind
    fact_id: str
    name: str
    parent: str | None
    parent_name: str | None
    first_on: date | None
    last_on: date | None
    attributes: dict[str, Any]
    batch: int
    updated_at: datetime | None


@dataclass(frozen=True)
class FoundFacts:
    """A page of facts.

    Attributes:
        total: how many there are on all pages.
        facts: those of this page.
        kinds: how many facts with the text there are of each kind.
        updated_at: when the newest of these facts was taken in; None = not known.
        next: cursor of the next page; None = this is the last.
    """

    total: int
    facts: list[Fact]
    kinds: dict[ContextKind, int]
    updated_at: datetime | None
    next: str | None


@dataclass(frozen=True)
class Mark:
    """Dates on which something of the context should be borne in mind; both ends belong."""

    kind: ContextKind
    name: str
    first_on: date
    last_on: date


def facts(
    shop: Shop,
    *,
    purpose: str,
    kind: ContextKind | None = None,
    text: str = "",
    after: str | None = None,
    limit: int = 50,
) -> FoundFacts:
    """A page of the facts that stand now; no build is needed.

    Args:
        shop: the shop.
        purpose: what they are looked up for.
        kind: of which kind; None = any.
        text: letters in name, number or attributes; empty = all.
        after: cursor of the page; None = the first.
        limit: facts on a page.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: the cursor is of another list.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    place = place_of(after, int, str, str, str) if after else (None, "", "", "")
    values = dict(zip(("place", "after", "fact", "source"), place, strict=True))
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, "context") as connection:
        connection.execute(_FOUND, {"text": text.strip()})
        counted = dict(connection.execute("SELECT kind, count(*) FROM found GROUP BY kind").fetchall())
        rows = fetch(connection, _PAGE, {**values, "kind": kind, "limit": limit + 1}).to_pylist()
    taken = {batch["batch"]: batch["done_at"] for batch in Batches(workspace.catalogue, workspace.clock).all()}
    kinds = {one: int(counted.get(one, 0)) for one in ContextKind}
    some = [_fact(row, taken.get(row["batch"])) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    following = cursor(last["place"], last["kind"], last["fact_id"], last["source"]) if last else None
    newest = max((one.updated_at for one in some if one.updated_at), default=None)
    return FoundFacts(kinds[kind] if kind else sum(kinds.values()), some, kinds, newest, following)


def marks(connection: Connection, first: date, last: date) -> Sequence[Mark]:
    """What of the calendar and the policies touches a range of dates, the earliest first.

    Args:
        connection: sees `context`.
        first: the first date.
        last: the last date.
    """
    rows = fetch(connection, _MARKS.format(most=MOST_MARKS), {"first": first, "last": last}).to_pylist()
    return [Mark(ContextKind(row["kind"]), row["name"], row["first_on"], row["until"]) for row in rows]


def _fact(row: dict[str, Any], updated_at: datetime | None) -> Fact:
    known = {name: row[name] for name in Fact.__dataclass_fields__ if name in row}
    told = {"kind": ContextKind(row["kind"]), "attributes": json.loads(row["attributes"] or "{}")}
    return Fact(**{**known, **told}, updated_at=updated_at)
