"""A tree as conditions: readable borders, the empty ones said where they go, everybody in just one."""

from __future__ import annotations

from math import inf

import pytest

from qianmian.learning.rules import Leaf, Split
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.query.parse import parse
from qianmian.segment.clusters.conditions import conditions

TAGS = [tag for name in ("orders_365d", "net_365d", "recency_days") for tag in built_in_tags() if tag.name == name]
CAN_MISS = [False, False, True]


def test_borders_are_whole_numbers_ranges_and_decimals() -> None:
    few = Split(0, 5, Split(0, 2, Leaf(0), Leaf(1), missing_below=True), Leaf(2), missing_below=True)
    told = conditions(few, TAGS, CAN_MISS)
    assert [str(told[group]) for group in range(3)] == [
        "orders_365d <= 2",
        "orders_365d between 3 and 5",
        "orders_365d >= 6",
    ]
    money = Split(1, 12.5, Split(0, 0, Leaf(0), Leaf(1), missing_below=True), Leaf(0), missing_below=True)
    told = conditions(money, TAGS, CAN_MISS)
    assert str(told[0]) == "orders_365d <= 0 and net_365d <= 12.5 or net_365d > 12.5"
    one = Split(0, 1, Leaf(0), Split(0, 2, Leaf(1), Leaf(0), missing_below=True), missing_below=True)
    assert str(conditions(one, TAGS, CAN_MISS)[1]) == "orders_365d = 2"


@pytest.mark.parametrize(
    ("tree", "below", "above"),
    [
        (
            Split(2, 30, Leaf(0), Leaf(1), missing_below=False),
            "recency_days <= 30",
            "recency_days >= 31 or recency_days is null",
        ),
        (
            Split(2, 30, Leaf(0), Leaf(1), missing_below=True),
            "recency_days <= 30 or recency_days is null",
            "recency_days >= 31",
        ),
        (Split(2, inf, Leaf(0), Leaf(1), missing_below=False), "recency_days is not null", "recency_days is null"),
    ],
)
def test_who_has_no_value_goes_where_the_tree_sends_them(tree: Split, below: str, above: str) -> None:
    told = conditions(tree, TAGS, CAN_MISS)
    assert [str(told[0]), str(told[1])] == [below, above]
    assert all(parse(str(one)) == one for one in told.values())


def test_where_nobody_lacks_a_value_nothing_is_asked_of_it() -> None:
    tree = Split(2, 30, Leaf(0), Leaf(1), missing_below=False)
    assert str(conditions(tree, TAGS, [False] * 3)[1]) == "recency_days >= 31"
    assert conditions(Leaf(0), TAGS, CAN_MISS) == {}
