"""What a tag said of one person, and when; and who went from which value to which between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.people import find_person
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.messages import Message
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.profile.recount import is_beside_others, not_from_history, value_at
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.stays import has_stays

#: Dates between which who moved is told, if nobody says otherwise; and people who are listed at most.
DAYS, MOST_PEOPLE = 30, 200
_STAYS = "SELECT value, since FROM tag_stays WHERE person_id = $person AND tag = $tag ORDER BY since"
_FIRST = "SELECT min(since) AS first FROM tag_stays WHERE tag = $tag"
_BOTH = """
WITH earlier AS (SELECT person_id, arg_max_null(value, since) AS value FROM tag_stays
              WHERE tag = $tag AND since < $since GROUP BY 1),
     later AS (SELECT person_id, arg_max_null(value, since) AS value FROM tag_stays
              WHERE tag = $tag AND since < $until GROUP BY 1),
     moved AS (SELECT person_id, earlier.value AS before, later.value AS after
              FROM earlier FULL JOIN later USING (person_id) WHERE coalesce(earlier.value, later.value) IS NOT NULL)
"""
_FLOW = f"{_BOTH} SELECT before, after, count(*) AS people FROM moved GROUP BY ALL ORDER BY ALL"
_PEOPLE = f"""{_BOTH}
SELECT person_id, count(*) OVER () AS people FROM moved SEMI JOIN partials USING (person_id)
WHERE before IS NOT DISTINCT FROM $before AND after IS NOT DISTINCT FROM $after ORDER BY person_id LIMIT {MOST_PEOPLE}
"""


@dataclass(frozen=True)
class Stay:
    """A time in which a tag said the same of somebody.

    Attributes:
        value: what it said; None = nothing.
        since: now of the first build that said so.
        until: now of the first build that said something else; None = it still says so.
    """

    value: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class PersonTag:
    """What a tag said of one person.

    Attributes:
        tag: the definition.
        person: id of the person.
        has_stays: whether builds keep what it said.
        stays: oldest first.
        on: the local date that was asked for.
        published: what the last build of that date or before had said; None = nothing, or it was not kept.
        recounted: what the tag says of that date by its definition of now; None = nothing, or it cannot be told.
        not_recounted: why it cannot be told; None if it can.
        beside_others: whether it places the person among all others, which are those of the last build.
        computed: from which build.
    """

    tag: Tag
    person: str
    has_stays: bool
    stays: list[Stay]
    on: date
    published: str | None
    recounted: Any
    not_recounted: Message | None
    beside_others: bool
    computed: Computed


@dataclass(frozen=True)
class Move:
    """People who went from a value to another; None = the tag said nothing of them, or they were not there."""

    before: str | None
    after: str | None
    people: int


@dataclass(frozen=True)
class Flow:
    """Who was where on two dates.

    Attributes:
        tag: the definition.
        first_on: the first date of which anything is known.
        since: the earlier date, as it ended.
        until: the later one.
        moves: how many went where; who stayed too.
        computed: from which build.
    """

    tag: Tag
    first_on: date
    since: date
    until: date
    moves: list[Move]
    computed: Computed


def person_tag(shop: Shop, name: str, person: str, *, on: date | None = None, purpose: str) -> PersonTag:
    """What a tag said of a person as it was published, and what it says of a date as known now.

    Args:
        shop: the shop.
        name: of the tag.
        person: ``namespace:value``, a bare user_id, or ``person:<id>``.
        on: a local date; the last build's if not given, or if it is later.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag, or nobody is known by that name.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose, "persons", "tag_stays") as (found, computed):
        tag = found.tag(name)
        number = find_person(shop.workspace, found.connection, person)
        on = min(on or computed.today, computed.today)
        until = end_of(shop, on)
        rows = fetch(found.connection, _STAYS, {"person": number, "tag": name}).to_pylist()
        ends = [*(row["since"] for row in rows), None][1:]
        stays = [Stay(row["value"], row["since"], end) for row, end in zip(rows, ends, strict=True)]
        why_not, recounted = not_from_history(found, tag), None
        if why_not is None:
            silence = shop.workspace.settings.session_minutes
            recounted = value_at(found, tag, number, on=on, until=until, session_minutes=silence)
        beside = is_beside_others(found, tag)
    published = next((stay.value for stay in reversed(stays) if stay.since < until), None)
    told = (id_text(number), has_stays(tag), stays, on, published, recounted, why_not, beside, computed)
    return PersonTag(tag, *told)


def flow(shop: Shop, name: str, *, since: date | None = None, until: date | None = None, purpose: str) -> Flow:
    """How many people went from which value of a tag to which, between the ends of two local dates.

    Args:
        shop: the shop.
        name: of a tag of which stays are kept.
        since: the earlier date; `DAYS` before the later one if not given, or the first of which anything is known.
        until: the later date; the last build's if not given.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag.
        InputError: no stays are kept of it, or the dates stand the wrong way round.
    """
    with shop.asking(purpose, "tag_stays") as (found, computed):
        tag = _staying(found.tag(name))
        first = fetch(found.connection, _FIRST, {"tag": name}).to_pylist()[0]["first"]
        first_on = first.astimezone(shop.workspace.settings.zone).date() if first else computed.today
        until = until or computed.today
        since = since or max(first_on, until - timedelta(days=DAYS))
        rows = fetch(found.connection, _FLOW, _dates(shop, name, since, until)).to_pylist()
    return Flow(tag, first_on, since, until, [Move(**row) for row in rows], computed)


def moved_people(
    shop: Shop, name: str, before: str | None, after: str | None, *, dates: tuple[date, date], purpose: str
) -> tuple[int, list[str]]:
    """Those who went from a value to another and still have a profile.

    Args:
        shop: the shop.
        name: of the tag.
        before: the value at the end of the earlier date; None = none.
        after: the value at the end of the later date.
        dates: both local dates.
        purpose: what they are looked up for.

    Returns:
        How many they are, and the ids of up to `MOST_PEOPLE`.

    Raises:
        PurposeError, UnknownNameError, InputError: see `flow`.
    """
    with shop.asking(purpose, "tag_stays") as (found, _):
        _staying(found.tag(name))
        asked = {**_dates(shop, name, *dates), "before": before, "after": after}
        rows = fetch(found.connection, _PEOPLE, asked).to_pylist()
    return (rows[0]["people"] if rows else 0), [id_text(row["person_id"]) for row in rows]


def end_of(shop: Shop, on: date) -> datetime:
    """The instant with which a local date ends."""
    return datetime.combine(on + timedelta(days=1), time.min, tzinfo=shop.workspace.settings.zone)


def _staying(tag: Tag) -> Tag:
    if not has_stays(tag):
        raise InputError("no_stays", tag=tag.name)
    return tag


def _dates(shop: Shop, name: str, since: date, until: date) -> dict[str, Any]:
    if since > until:
        raise InputError("dates_reversed", since=str(since), until=str(until))
    return {"tag": name, "since": end_of(shop, since), "until": end_of(shop, until)}
