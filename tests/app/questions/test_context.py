"""The shop's context: a list that can be searched, and marks on the trend of the overview."""

from __future__ import annotations

from datetime import date

import pytest

from qianmian.app.questions.context import ContextKind, facts
from qianmian.app.questions.overview import overview
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import InputError, PurposeError

MAPPING = """
source: shop
grain: context
format: jsonl
context: {kind: kind, fact_id: id, name: name, parent: parent, first_on: from, last_on: to}
attributes: [note]
"""
NAMES = ("kind", "id", "name", "parent", "from", "to", "note")
FACTS = [
    {"kind": "calendar", "id": "c1", "name": "劳动节", "from": "2026-05-01", "to": "2026-05-05"},
    {"kind": "calendar", "id": "c2", "name": "520", "from": "2026-05-20"},
    {"kind": "policy", "id": "p1", "name": "以旧换新", "from": "2026-05-20", "to": "2026-12-31", "note": "家电"},
    {"kind": "policy", "id": "p0", "name": "旧规", "from": "2025-01-01"},
    {"kind": "region", "id": "33", "name": "浙江"},
    {"kind": "region", "id": "3301", "name": "杭州", "parent": "33"},
]


@pytest.fixture
def scene(scene):
    scene._take([{name: row.get(name) for name in NAMES} for row in FACTS], MAPPING)
    return scene


def names(scene, **asked):
    return [fact.name for fact in facts(scene.shop, purpose=ANALYSE, **asked).facts]


def test_facts_are_found_by_kind_and_words_a_page_at_a_time(scene):
    assert names(scene) == ["520", "以旧换新", "劳动节", "旧规", "浙江", "杭州"]
    first = facts(scene.shop, purpose=ANALYSE, limit=4)
    assert first.total == 6
    assert names(scene, limit=4, after=first.next) == ["浙江", "杭州"]
    assert names(scene, text="家电") == ["以旧换新"]
    city = facts(scene.shop, purpose=ANALYSE, kind=ContextKind.REGION, text="杭州")
    assert [(fact.name, fact.parent_name) for fact in city.facts] == [("杭州", "浙江")]
    assert (city.total, city.kinds[ContextKind.CALENDAR]) == (1, 0)
    assert city.updated_at is not None
    with pytest.raises(InputError):
        names(scene, after="x")
    with pytest.raises(PurposeError):
        facts(scene.shop, purpose="curiosity")


def test_the_calendar_and_policies_mark_the_overview(scene):
    told = overview(scene.shop, purpose=ANALYSE, first=date(2026, 5, 3), last=date(2026, 5, 20))
    assert told.freshness.unbuilt_batches == 0
    assert [(mark.kind, mark.name, mark.first_on.day, mark.last_on.day) for mark in told.marks] == [
        ("calendar", "劳动节", 1, 5),
        ("policy", "以旧换新", 20, 20),
        ("calendar", "520", 20, 20),
    ]
    assert overview(scene.shop, purpose=ANALYSE, first=date(2026, 5, 6), last=date(2026, 5, 19)).marks == []
