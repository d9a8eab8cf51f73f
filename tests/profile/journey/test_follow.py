"""Journeys are what a plain reading of the rules says, however people are split; every stage is reached."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from qianmian.core.events import TRACKING_PLAN
from qianmian.profile.history.rows import SCHEMA
from qianmian.profile.journey.definition import STAGE_WORDS, journey_rules, read_rules
from qianmian.profile.journey.follow import stays_of
from qianmian.profile.tags.dimensions import Dimension, Dimensions
from qianmian.query.tree import STAGES
from tests.profile.journey.plain import ORDER, RULES, Deed, stays

EVENTS = sorted({event for rule in RULES.values() for event in rule.get("events", [])})
CODES = {event: code for code, event in enumerate(EVENTS, 1)}
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
#: Six items of two categories, and one of none.
ITEMS = {"a": (1, 1), "b": (2, 1), "c": (3, 1), "d": (4, 1), "x": (5, 2), "y": (6, 2), "none": (7, 0)}
MEANING = Dimensions(
    {
        "category": Dimension(
            "item", np.array([0, *(code for _, code in ITEMS.values())], np.int32), (None, "美妆", "家居")
        )
    },
    CODES,
    np.ones(len(EVENTS) + 1),
    {},
)
Life = dict[str, list[Deed]]


def life(chance: random.Random) -> list[tuple[Deed, int]]:
    """What one person did, with the keys of the events: bursts, silences, orders of several products, refunds."""
    at, deeds, key = FIRST, list[tuple[Deed, int]](), 0
    favoured = chance.choice([EVENTS, ["Product Viewed"], ["Product Viewed", "Order Completed"], EVENTS[:4]])
    for _ in range(chance.choice([1, 4, 12, 30])):
        wait = chance.choice([0, 0, 1, 13, 14, 30, 59, 60, 90, 179, 180, chance.randrange(200)])
        at += timedelta(days=wait, hours=chance.choice([0, 0, 0, 5]), microseconds=chance.choice([0, 0, 1, -1]))
        at = max(at, deeds[-1][0].at if deeds else at)
        event, key = chance.choice([chance.choice(favoured), chance.choice(EVENTS)]), key + 1
        back = at + timedelta(days=chance.choice([0, 1, 30, 60, 200])) if chance.random() < 0.3 else None
        back = back if event == "Order Completed" else None
        for item in chance.choices(list(ITEMS), k=chance.choice([1, 1, 1, 3])):
            deeds.append((Deed(at, at.date(), event, item, back), key))
    return deeds


def table(lives: dict[int, list[tuple[Deed, int]]]) -> tuple[pa.Table, pa.Table]:
    """The same as rows of history, and the orders that are wholly refunded."""
    rows, back = list[dict[str, Any]](), dict[int, datetime]()
    for person, deeds in lives.items():
        lines: Counter[int] = Counter()
        for deed, number in deeds:
            key = person * 1000 + number
            row = dict.fromkeys(SCHEMA.names, 0) | {"person_id": person, "occurred_at": deed.at, "event_key": key}
            row |= {"happened_on": deed.on, "effective_on": deed.on, "line": lines[key]}
            rows.append(row | {"item": ITEMS[deed.item][0], "event": CODES[deed.event]})
            lines[key] += 1
            if deed.back_at:
                back[key] = deed.back_at
    at = pa.array([back[key] for key in sorted(back)], pa.timestamp("us", "UTC"))
    refunded = pa.table({"event_key": pa.array(sorted(back), pa.int64()), "back_at": at})
    return pa.Table.from_pylist(rows, SCHEMA), refunded


def expected(lives: dict[int, list[tuple[Deed, int]]]) -> list[tuple[Any, ...]]:
    found = []
    for person, deeds in lives.items():
        for number, category in ((1, "美妆"), (2, "家居")):
            once: dict[tuple[int, str], Deed] = {}
            for place, (deed, key) in enumerate(deeds):
                if ITEMS[deed.item][1] == number:
                    is_order = deed.event == "Order Completed"  # an order of several products is one
                    once.setdefault((key, "" if is_order else str(place)), deed)
            found += [(person, category, *stay) for stay in stays(list(once.values()))]
    return sorted(found, key=lambda row: (row[0], row[1], row[2]))


def told(rows: pa.Table, refunded: pa.Table) -> list[tuple[Any, ...]]:
    found = stays_of(rows, MEANING, refunded, journey_rules()).to_pylist()
    names = ("person_id", "category", "began_at", "ended_at", "stage")
    listed = [tuple(row[name] for name in names) for row in found]
    return sorted(listed, key=lambda row: (row[0], row[1], row[2]))


@pytest.fixture(scope="module")
def lives() -> dict[int, list[tuple[Deed, int]]]:
    chance = random.Random(7)
    return {person: life(chance) for person in range(1, 161)}


def test_every_stay_is_that_of_a_plain_reading(lives: Any) -> None:
    found = told(*table(lives))
    assert found == expected(lives)
    assert Counter(row[4] for row in found).keys() == set(STAGES)  # every stage is reached by somebody
    assert min(Counter(row[4] for row in found).values()) > 10


def test_the_answer_does_not_depend_on_the_split(lives: Any) -> None:
    whole = told(*table(lives))
    for parts in (2, 5, 160):
        chance, dealt = random.Random(parts), {part: dict[int, Any]() for part in range(parts)}
        for person, deeds in lives.items():
            dealt[chance.randrange(parts)][person] = deeds
        pieces = [stay for some in dealt.values() if some for stay in told(*table(some))]
        assert sorted(pieces, key=lambda row: (row[0], row[1], row[2])) == whole


def test_a_stay_names_the_event_that_it_began_with(lives: Any) -> None:
    rows, refunded = table(lives)
    happened = {(deed.at, deed.event) for deeds in lives.values() for deed, _ in deeds}
    back = {deed.back_at for deeds in lives.values() for deed, _ in deeds if deed.back_at}
    found = stays_of(rows, MEANING, refunded, journey_rules()).to_pylist()
    for row in found:
        if row["cause"] == "event":
            assert (row["began_at"], row["event"]) in happened
            assert row["evidence_key"] // 1000 == row["person_id"]
        else:
            assert (row["event"], row["evidence_key"]) == (None, None)
        assert (row["cause"] == "refund") <= (row["began_at"] in back)
    assert {row["cause"] for row in found} == {"event", "lapse", "refund"}


def story(*deeds: tuple[float, str, str]) -> list[tuple[str, int, int]]:
    """(stage, from day, to day) of some deeds with one category: (day, event, item)."""
    at = [FIRST + timedelta(days=day) for day, _, _ in deeds]
    listed = [
        (Deed(when, when.date(), event, item), n)
        for n, (when, (_, event, item)) in enumerate(zip(at, deeds, strict=True))
    ]
    return [(row[4], (row[2] - FIRST).days, (row[3] - FIRST).days) for row in told(*table({1: listed}))]


def test_a_journey_goes_on_from_a_look_to_loyalty() -> None:
    deeds = [
        (0, "Product Viewed", "a"),
        (1, "Product Viewed", "b"),
        (2, "Product Viewed", "c"),
        (3, "Product Added", "c"),
    ]
    deeds += [(4, "Order Completed", "c"), (10, "Review Written", "c"), (40, "Order Completed", "a")]
    steps = [("awakened", 0, 2), ("comparing", 2, 3), ("deciding", 3, 4), ("bought", 4, 10)]
    assert story(*deeds) == [*steps, ("engaging", 10, 40), ("loyal", 40, 220)]


def test_what_nothing_speaks_for_any_more_falls_back_step_by_step() -> None:
    deeds = [(0, "Product Favourited", "a"), (1, "Product Added", "a"), (20, "Product Viewed", "a")]
    assert story(*deeds) == [("comparing", 0, 1), ("deciding", 1, 15), ("comparing", 15, 30), ("awakened", 30, 50)]


def test_an_order_ends_the_search_that_led_to_it() -> None:
    assert story((0, "Product Added", "a"), (1, "Order Completed", "a"), (50, "Product Added", "b")) == [
        ("deciding", 0, 1),
        ("bought", 1, 61),
        ("deciding", 61, 64),
    ]


def test_the_rules_name_events_of_the_tracking_plan_and_all_stages_have_words() -> None:
    assert tuple(ORDER) == STAGES == tuple(STAGE_WORDS)
    assert {event for rule in journey_rules().stages for event in (*rule.events, *rule.looks)} <= set(TRACKING_PLAN)


def test_a_stage_knows_the_events_that_it_looks_at() -> None:
    rules = journey_rules()
    assert rules.events_of("loyal") == rules.events_of("bought") == ("Order Completed",)
    assert {"Products Searched", "Product Viewed"} <= set(rules.events_of("comparing"))
    assert "Product Viewed" not in rules.events_of("deciding")


def test_rules_without_a_stage_are_refused() -> None:
    with pytest.raises(ValueError, match="the stages must be awakened, comparing"):
        read_rules(yaml.safe_load("stages: {awakened: {holds_days: 1}}"))


def test_rules_that_say_something_else_have_another_digest() -> None:
    other = {**RULES, "deciding": {**RULES["deciding"], "holds_days": 15}}
    assert read_rules({"stages": other}).digest != journey_rules().digest == read_rules({"stages": RULES}).digest
