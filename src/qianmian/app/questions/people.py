"""Searching people: by one of their names, by a condition, or all of them, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.people import acting_names, find_person, identifiers_of
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.people import id_number, id_text
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience, everybody

#: Tags that stand in a list of people.
LISTED = (
    *("first_seen_at", "last_seen_at", "lifecycle", "rfm", "orders_total", "net_revenue"),
    *("region", "channel", "preferred_category"),
)
_TABLES = ("persons", "nodes")


class Sort(StrEnum):
    """Orders of a list of people; all but the first begin with the largest."""

    PERSON = "person"
    LAST_SEEN_AT = "last_seen_at"
    NET_REVENUE = "net_revenue"
    ORDERS_TOTAL = "orders_total"


#: What each order compares, as text that reads back to the same value; nobody lacks one of these tags for long.
KEYS = {
    Sort.PERSON: "0::BIGINT",
    Sort.LAST_SEEN_AT: "coalesce(epoch_us(last_seen_at), 0)",
    Sort.NET_REVENUE: "coalesce((net_revenue * 10000)::BIGINT, 0)",
    Sort.ORDERS_TOTAL: "coalesce(orders_total, 0)",
}


@dataclass(frozen=True)
class Search:
    """Who is looked for.

    Attributes:
        name: ``namespace:value``, a bare user_id, ``person:<id>`` or an id alone; None = by condition.
        condition: in the condition language; None = everybody.
        sort: order of the list.
        cursor: where the last page ended; None = from the beginning.
        limit: people on a page.
    """

    name: str | None = None
    condition: str | None = None
    sort: Sort = Sort.PERSON
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class ListedPerson:
    """A person as a list shows them; see `LISTED` for the tags.

    Attributes:
        identifiers: masked names under which the person did something; all, if one was asked for.
    """

    person: str
    identifiers: list[dict[str, Any]]
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    lifecycle: str | None
    rfm: str | None
    orders_total: int | None
    net_revenue: Decimal | None
    region: str | None
    channel: str | None
    preferred_category: str | None


@dataclass(frozen=True)
class FoundPeople:
    """A page of people.

    Attributes:
        condition: canonical text of what they meet; None = everybody, or a name.
        total: how many they are on all pages.
        people: those of this page.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    condition: str | None
    total: int
    people: list[ListedPerson]
    next: str | None
    computed: Computed


def search(shop: Shop, asked: Search, *, purpose: str) -> FoundPeople:
    """A page of the people who are looked for.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
        InputError: both a name and a condition are given, or the cursor is of another list.
    """
    if asked.name and asked.condition:
        raise InputError("name_and_condition")
    with shop.asking(purpose, *_TABLES) as (found, computed):
        condition, total = _show_wanted(shop, found, asked, purpose)
        rows = _page(found, asked)
        some, more = rows[: asked.limit], len(rows) > asked.limit
        names = _names(shop, found, asked, [row["person_id"] for row in some])
        people = [_listed(row, names[row["person_id"]]) for row in some]
    last = cursor(asked.sort.value, some[-1]["key"], people[-1].person) if more else None
    return FoundPeople(condition, total, people, last, computed)


def _show_wanted(shop: Shop, found: Reading, asked: Search, purpose: str) -> tuple[str | None, int]:
    """Make the table ``wanted`` of their person_ids, unless it is all; returns the condition and how many they are."""
    connection = found.connection
    if asked.name:
        person = _named(shop, found, asked.name.strip())
        connection.execute("CREATE TEMP TABLE wanted AS SELECT person_id FROM partials WHERE person_id = $1", [person])
    elif asked.condition and asked.condition.strip():
        who = audience(found, asked.condition, purpose=purpose, check=shop.workspace.purposes.check)
        return who.condition, who.show(found, "wanted")
    else:
        return None, everybody(found)
    return None, _count(found)


def _named(shop: Shop, found: Reading, name: str) -> int:
    """The person of a name; -1 if it is nobody's. What looks like an id may be a user_id too."""
    for spelling in (name, f"person:{name}"):
        try:
            if spelling.startswith("person:"):
                id_number(spelling.partition(":")[2])
            return find_person(shop.workspace, found.connection, spelling)
        except UnknownNameError:
            continue
        except InputError:
            break
    return -1


def _count(found: Reading) -> int:
    return int(found.connection.execute("SELECT count(*) FROM wanted").fetchall()[0][0])


def _page(found: Reading, asked: Search) -> list[dict[str, Any]]:
    """One row more than the page holds, if there are more."""
    key, after, values = KEYS[asked.sort], "true", {}
    if asked.cursor:
        sort, last, person = place_of(asked.cursor, str, int, str)
        if sort != asked.sort:
            raise InputError("cursor_of_another_order")
        after = "(key < $key OR key = $key AND person_id > $person)"
        values = {"key": last, "person": id_number(str(person))}
    among = "SEMI JOIN wanted USING (person_id)" if asked.name or (asked.condition or "").strip() else ""
    profiles = found.select(LISTED)
    keyed = f"SELECT person_id, {key} AS key FROM ({profiles}) {among}"
    query = f"SELECT * FROM ({keyed}) WHERE {after} ORDER BY key DESC, person_id LIMIT {int(asked.limit) + 1}"
    keys: list[dict[str, Any]] = fetch(found.connection, query, values or None).to_pylist()
    columns = f"SELECT person_id, {', '.join(LISTED)} FROM ({profiles}) WHERE person_id IN (SELECT unnest($people))"
    rows = fetch(found.connection, columns, {"people": [row["person_id"] for row in keys]}).to_pylist()
    told = {row["person_id"]: row for row in rows}  # read apart: ordering keys alone leaves the other columns unread
    return [row | told[row["person_id"]] for row in keys]


def _names(shop: Shop, found: Reading, asked: Search, people: list[int]) -> Mapping[int, list[dict[str, Any]]]:
    """All names of one who was asked for by name, since that name must be among them; of many, those they act under."""
    if asked.name:
        return {person: identifiers_of(shop.workspace, found.connection, person, masked=True) for person in people}
    return acting_names(shop.workspace, found, people)


def _listed(row: dict[str, Any], names: list[dict[str, Any]]) -> ListedPerson:
    return ListedPerson(id_text(row["person_id"]), names, **{name: row[name] for name in LISTED})
