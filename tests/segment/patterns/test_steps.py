"""What a condition says of steps, and that every ready pattern is one that can be used in each way."""

from __future__ import annotations

import re

import pytest

from qianmian.core.errors import InputError
from qianmian.query.parse import parse
from qianmian.segment.patterns.library import ready_patterns
from qianmian.segment.patterns.select import select_of
from qianmian.segment.patterns.steps import Step, beginnings, condition_of, missing_of, steps_of

A, B, C = Step("Post Viewed"), Step("Product Added", "美妆"), Step("Order Completed")


def test_steps_become_a_condition_and_are_read_from_it() -> None:
    tree = condition_of([A, B, C], within_days=7, days=90)
    assert parse(str(tree)) == tree
    assert steps_of(tree) == [A, B, C]
    assert [steps_of(one) for one in beginnings(tree)] == [[A], [A, B], [A, B, C]]
    assert str(beginnings(tree)[0]) == "did('Post Viewed', last='90d')"


def test_what_must_not_have_followed_is_told() -> None:
    tree = parse(
        "did('Product Added') and not sequence(did('Product Added'), did('Order Completed')) and not did('Live Left')"
    )
    assert steps_of(tree) == [Step("Product Added")]
    assert missing_of(tree) == [C, Step("Live Left")]
    assert beginnings(tree) == []
    assert steps_of(parse("orders_total > 2")) == []


@pytest.mark.parametrize("one", ready_patterns(), ids=lambda one: one.name)
def test_a_ready_pattern_has_steps_words_and_a_tag(one) -> None:
    tree = parse(one.condition)
    assert steps_of(tree)
    assert all(one.titles.values())
    assert all(one.uses.values())
    assert not re.fullmatch(r"[km]\d+", one.name)
    assert select_of(tree).startswith("SELECT person_id, 'yes' AS value FROM profiles")


def test_words_of_an_author_stay_words() -> None:
    told = select_of(parse("did('It''s', category = 'a''b', from='2026-01-01', to='2026-02-01') = 0"))
    assert "event = 'It''s' AND category = 'a''b'" in told
    assert "NOT IN" in told
    assert "CAST('2026-01-01' AS DATE)" in told


@pytest.mark.parametrize(
    "condition", ["orders_total > 2", "did('A') >= 2", "did('A', amount > 5)", "friends(did('A'))"]
)
def test_what_no_tag_can_say_is_refused(condition: str) -> None:
    with pytest.raises(InputError, match="no tag can say"):
        select_of(parse(condition))
