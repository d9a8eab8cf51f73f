"""A plan is read, written, and refused by the place of what is wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.collect.plan.declaration import digest_of, read_plan, write_plan
from qianmian.collect.plan.plan import PersonalKind, Plan, PlannedEvent, Property, PropertyType, Title
from qianmian.core.errors import PlanError
from qianmian.core.language import Language

PLAN = """
title: {en: Shop, zh-CN: 店铺}
properties:
  channel: {type: text, values: [app, web]}
events:
  Order Completed:
    title: 下单
    properties:
      order_id: {type: text, required: true}
      total: {type: number, unit: CNY}
      receiver: {personal: name}
      gift: flag
  Product Viewed:
"""


def test_a_plan_is_read_as_it_is_written():
    plan = read_plan(PLAN, "plan.yaml")
    assert plan.title == Title("Shop", "店铺")
    assert plan.shared == (Property("channel", PropertyType.TEXT, values=("app", "web")),)
    order, viewed = plan.events
    assert order.title == Title("下单", "下单")
    assert order.properties == (
        Property("order_id", PropertyType.TEXT, is_required=True),
        Property("total", PropertyType.NUMBER, unit="CNY"),
        Property("receiver", personal=PersonalKind.NAME),
        Property("gift", PropertyType.FLAG),
    )
    assert viewed == PlannedEvent("Product Viewed")
    assert [one.name for one in plan.properties("Product Viewed")] == ["channel"]
    assert plan.event("Cart Viewed") is None


_NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_PROPERTIES = st.lists(
    st.builds(
        Property,
        _NAMES,
        st.sampled_from(PropertyType),
        st.booleans(),
        st.sampled_from(["", "CNY", "on"]),
        st.none() | st.sampled_from(PersonalKind),
        st.lists(_NAMES, max_size=3).map(tuple),
        st.builds(Title, _NAMES, _NAMES),
    ),
    max_size=4,
    unique_by=lambda one: one.name,
).map(tuple)
_EVENTS = st.lists(st.builds(PlannedEvent, _NAMES, properties=_PROPERTIES), max_size=3, unique_by=lambda one: one.name)


@settings(max_examples=30, deadline=None)
@given(st.builds(Plan, events=_EVENTS.map(tuple), shared=_PROPERTIES))
def test_whatever_is_written_reads_as_the_same(plan):
    again = read_plan(write_plan(plan), "again")
    assert again == plan
    assert digest_of(again) == digest_of(plan)


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("- events", "file", "must hold keys and values"),
        ("a: &x [1]\nb: *x", "file", "aliases"),
        ("event: {}", "event", "did you mean events"),
        ("events: {A: {propertys: {}}}", "events.A.propertys", "did you mean properties"),
        ("events: {A: {properties: {b: strin}}}", "events.A.properties.b.type", "must be one of text"),
        ("events: {A: {properties: {b: {personal: mobile}}}}", "events.A.properties.b.personal", "phone"),
        ("events: {A: {properties: {b: {required: 1}}}}", "events.A.properties.b.required", "true or false"),
        ("events: {A: {properties: {b: [1]}}}", "events.A.properties.b", "must be a type"),
        ("events: {A: {properties: {b: {values: x}}}}", "events.A.properties.b.values", "must be a list"),
        ("events: {1: {}}", "events", "names must be text"),
        ("events: {A: 7}", "events.A", "must hold keys and values"),
        ("title: 7", "title", "must be text"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(text, place, expected):
    with pytest.raises(PlanError) as caught:
        read_plan(text, "plan.yaml")
    told = str(caught.value)
    assert re.match(rf"plan\.yaml(, line \d+)?: {place}: ", told)
    assert expected in told
    assert re.match(rf"plan\.yaml(第 \d+ 行)?：{place}：", caught.value.message.what(Language.ZH))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("events:\n  A:\n    properties:\n      b: text\n      c: strin\n", 5),
        ("events:\n  A.b: {}\n  A:\n    properties: {b: {type: text, unit: 7}}\n", 4),
        ("properties:\n  x: text\nevents:\n  A: 7\n", 4),
        ("events:\n  A: {}\n  A: {}\n", 3),
        ("events:\n  A: {}\n B: {}\n", 3),
        ("events: {}\nevent: {}\n", 2),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text, line):
    with pytest.raises(PlanError, match=rf"plan.yaml, line {line}: "):
        read_plan(text, "plan.yaml")
