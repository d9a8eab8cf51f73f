"""Purchase journeys: how many people stand where with a category, who moved, and where one person stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qianmian.app.answers import Computed
from qianmian.app.people import find_person
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.messages import Message
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.profile.journey.asked import first_instant
from qianmian.profile.reading import Reading
from qianmian.query.problems import nearest, quoted
from qianmian.query.tree import STAGES, Journey

#: Local dates over which moves are counted, if nobody says otherwise.
DAYS = 30
_AT = "SELECT person_id, category, stage FROM journey_stages SEMI JOIN partials USING (person_id)"
_CATEGORIES = f"""
SELECT category, count(*) AS people FROM ({_AT} WHERE began_at <= $now AND ended_at > $now)
GROUP BY 1 ORDER BY people DESC, category
"""
_MOVES = f"""
WITH earlier AS ({_AT} WHERE category = $category AND began_at < $since AND ended_at >= $since),
     now AS ({_AT} WHERE category = $category AND began_at <= $now AND ended_at > $now)
SELECT earlier.stage AS before, now.stage AS after, count(*) AS people
FROM earlier FULL JOIN now USING (person_id) GROUP BY ALL ORDER BY ALL
"""
_ENTERED = f"""
SELECT stage, count(*) AS people
FROM ({_AT} WHERE category = $category AND began_at BETWEEN $since AND $now AND ended_at > $now) GROUP BY 1
"""
_OF_PERSON = """
SELECT category, stage, began_at, ended_at, cause, event FROM journey_stages
WHERE person_id = $person AND began_at <= $now ORDER BY category, began_at
"""


@dataclass(frozen=True)
class CategoryPeople:
    """How many people are in any stage of a category."""

    category: str
    people: int


@dataclass(frozen=True)
class StageNow:
    """The people of one stage.

    Attributes:
        stage: which.
        people: who are in it now.
        entered: of them, those who came to it in the last days.
        condition: text of the condition that lists them.
        entered_condition: the same of those who came to it in the last days.
    """

    stage: str
    people: int
    entered: int
    condition: str
    entered_condition: str


@dataclass(frozen=True)
class StageMove:
    """People who were in a stage at the beginning of the last days, and are in another or the same; None = in none."""

    before: str | None
    after: str | None
    people: int


@dataclass(frozen=True)
class Journeys:
    """Where people stand.

    Attributes:
        categories: all in which somebody is in a stage, those with most people first.
        category: the one that is told; None = there is none.
        days: local dates over which moves are counted.
        since: when they began.
        stages: in their order, also those of nobody.
        moves: who went from where to where.
        computed: from which build.
    """

    categories: list[CategoryPeople]
    category: str | None
    days: int
    since: datetime
    stages: list[StageNow]
    moves: list[StageMove]
    computed: Computed


@dataclass(frozen=True)
class JourneyStay:
    """A time in one stage.

    Attributes:
        stage: which.
        began_at: since when.
        ended_at: until when; of the stage of now, when it lapses unless something is done.
        cause: by what it began: event, lapse or refund.
        event: name of the event; None = it began with none.
    """

    stage: str
    began_at: datetime
    ended_at: datetime
    cause: str
    event: str | None


@dataclass(frozen=True)
class PersonJourney:
    """Where one person stands with a category: the stay of now, or None, and all so far, oldest first."""

    category: str
    now: JourneyStay | None
    stays: list[JourneyStay] = field(default_factory=list)


@dataclass(frozen=True)
class PersonJourneys:
    """Where one person stands with all categories, those with a stage of now first."""

    person: str
    journeys: list[PersonJourney]
    computed: Computed


def journeys(shop: Shop, category: str | None = None, *, days: int = DAYS, purpose: str) -> Journeys:
    """How many people are in each stage of a category, and who moved in the last days.

    Args:
        shop: the shop.
        category: of goods; the one in which most people are in a stage if not given.
        days: local dates, the build's the last.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: no item of the goods is in that category.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose) as (found, computed):
        told = fetch(found.connection, _CATEGORIES, {"now": found.instant}).to_pylist()
        categories = [CategoryPeople(**row) for row in told]
        category = _known(found, category) if category else categories[0].category if categories else None
        since = first_instant(found.today, days, found.totals.zone)
        asked = {"category": category, "since": since, "now": found.instant}
        moves = [StageMove(**row) for row in fetch(found.connection, _MOVES, asked).to_pylist()]
        entered = {row["stage"]: row["people"] for row in fetch(found.connection, _ENTERED, asked).to_pylist()}
    stages = [_stage(category, stage, moves, entered, days) for stage in STAGES] if category else []
    return Journeys(categories, category, days, since, stages, moves, computed)


def _known(found: Reading, category: str) -> str:
    if category not in found.vocabulary.categories:
        hint: Message = nearest(category, found.vocabulary.categories)
        raise InputError("unknown_category", name=quoted(category), hint=hint)
    return found.category_word(category)


def _stage(category: str, stage: str, moves: list[StageMove], entered: dict[str, int], days: int) -> StageNow:
    people = sum(move.people for move in moves if move.after == stage)
    said = str(Journey(category, (stage,))), str(Journey(category, (stage,), days))
    return StageNow(stage, people, entered.get(stage, 0), *said)


def person_journeys(shop: Shop, person: str, *, purpose: str) -> PersonJourneys:
    """Where a person stands with each category, since when and by which event, and all stages so far.

    Args:
        shop: the shop.
        person: ``namespace:value``, a bare user_id, or ``person:<id>``.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by that name.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose) as (found, computed):
        number = find_person(shop.workspace, found.connection, person)
        rows = fetch(found.connection, _OF_PERSON, {"person": number, "now": found.instant}).to_pylist()
        now = found.instant
    of: dict[str, list[JourneyStay]] = {}
    for row in rows:
        of.setdefault(row.pop("category"), []).append(JourneyStay(**row))
    told = [PersonJourney(name, stays[-1] if stays[-1].ended_at > now else None, stays) for name, stays in of.items()]
    told.sort(key=lambda one: (one.now is None, -STAGES.index(one.now.stage) if one.now else 0, one.category))
    return PersonJourneys(id_text(number), told, computed)
