"""The starter plans: together they are the vocabulary, in both languages, and a whole shop keeps to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianmian.collect.imports.check import Reason
from qianmian.collect.plan.changes import with_more
from qianmian.collect.plan.declaration import read_plan, write_plan
from qianmian.collect.plan.plan import Plan
from qianmian.collect.plan.starters import NAMES, all_starters, find_starters
from qianmian.collect.plan.verdict import EventShape, violations
from qianmian.core.errors import UnknownNameError
from qianmian.core.events import TRACKING_PLAN
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from qianmian.world.wire.write import PROTOCOLS, write_wire

TYPES = {str: "text", int: "whole", float: "number", bool: "flag", list: "list", dict: "object", type(None): "empty"}


def test_together_they_are_the_vocabulary_each_event_once() -> None:
    starters = all_starters()
    names = [event.name for one in starters for event in one.plan.events]
    assert sorted(names) == sorted(TRACKING_PLAN)
    assert tuple(one.name for one in starters) == NAMES
    plan = with_more(Plan(), (one.plan for one in starters))
    assert read_plan(write_plan(plan), "again") == plan


def test_everything_has_a_title_in_both_languages() -> None:
    titled = [
        one.title
        for starter in all_starters()
        for one in (starter.plan, *starter.plan.events, *(p for event in starter.plan.events for p in event.properties))
    ]
    assert len(titled) > 150
    assert [title for title in titled if not (title.en and title.zh)] == []


def test_a_starter_that_is_none_is_told_with_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="group_buy"):
        find_starters(["shop", "groupbuy"])


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A generated shop as Segment's SDKs send it."""
    folder = tmp_path_factory.mktemp("world")
    generate(WorldPlan(people=150, days=30), folder / "world")
    write_wire(folder / "world", PROTOCOLS["segment"], folder / "wire")
    return list(_lines(folder / "wire"))


def test_a_whole_shop_keeps_to_them(messages: list[dict[str, Any]]) -> None:
    plan = with_more(Plan(), (one.plan for one in all_starters()))
    known = frozenset({"products"})
    found = {
        (message["event"], violation.kind, violation.property)
        for message in messages
        if message["type"] == "track"
        for violation in violations(plan, _shape(message), known)
    }
    assert {message["event"] for message in messages if message["type"] == "track"} > {"Order Completed", "Post Viewed"}
    assert found == set()
    alone = find_starters(["live"])[0].plan
    assert Reason.UNPLANNED_EVENT in {
        one.kind for message in messages[:50] for one in violations(alone, _shape(message), known)
    }


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("events-*.jsonl")):
        yield from map(json.loads, file.read_text("utf-8").splitlines())


def _shape(message: dict[str, Any]) -> EventShape:
    told = message.get("properties") or {}
    types = {name: TYPES[type(value)] for name, value in told.items()}
    return EventShape(message.get("event") or message["type"], message["type"] == "track", types)
