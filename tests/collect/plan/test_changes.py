"""A plan changed: by more of it, by what was seen, and told by what differs."""

from __future__ import annotations

from qianmian.collect.plan.changes import Difference, differences, promoted, with_event, with_more, with_property
from qianmian.collect.plan.found import Seen
from qianmian.collect.plan.plan import PersonalKind, Plan, PlannedEvent, Property, PropertyType, Title

TEXT = Property("a", PropertyType.TEXT)
PLAN = Plan(events=(PlannedEvent("A", properties=(TEXT,)), PlannedEvent("B")), shared=(Property("s"),))


def test_more_is_added_and_nothing_that_is_planned_is_changed():
    other = Plan(Title("More", "更多"), (PlannedEvent("A"), PlannedEvent("C")), (Property("s", PropertyType.FLAG),))
    more = with_more(PLAN, [other])
    assert [event.name for event in more.events] == ["A", "B", "C"]
    assert (more.event("A"), more.shared, more.title) == (PLAN.event("A"), PLAN.shared, Title())
    assert with_more(Plan(), [other]).title == other.title


def test_what_differs_is_told_once_each():
    after = with_property(with_property(PLAN, "A", Property("a", PropertyType.WHOLE)), "A", Property("b"))
    after = with_event(after, PlannedEvent("B", Title("b", "乙")))
    after = Plan(events=(*after.events, PlannedEvent("C")))
    assert differences(PLAN, after) == [
        Difference("", "s", "removed"),
        Difference("A", "a", "changed"),
        Difference("A", "b", "added"),
        Difference("B", "", "changed"),
        Difference("C", "", "added"),
    ]
    assert differences(PLAN, PLAN) == []


def test_what_was_seen_is_planned_with_the_type_that_fits_all_of_it():
    seen = [
        Seen("A", "", "", 9),
        Seen("A", "*", "text", 9),
        Seen("A", "price", "whole", 5, "9"),
        Seen("A", "price", "number", 1, "9.9"),
        Seen("A", "mixed", "text", 5, "a"),
        Seen("A", "mixed", "flag", 5, "true"),
        Seen("A", "contact", "masked", 5, "[phone]"),
        Seen("A", "nothing", "empty", 5),
    ]
    assert promoted(seen) == [
        Property("price", PropertyType.NUMBER),
        Property("mixed", PropertyType.ANY),
        Property("contact", PropertyType.TEXT, personal=PersonalKind.PHONE),
        Property("nothing", PropertyType.ANY),
    ]
