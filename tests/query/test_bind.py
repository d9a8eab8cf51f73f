"""Names are known and values fit their fields, or the author learns of every mistake at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from qianmian.core.errors import ConditionError
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.query.tree import And, Compare, Contains, Not, Operator
from tests.query.strategies import TREES
from tests.query.vocabulary import VOCABULARY


def bound(text):
    return bind(parse(text), VOCABULARY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("first_order_on >= '2026-10-01'", date(2026, 10, 1)),
        ("last_seen_at < '2026-10-01T08:00:00+08:00'", datetime(2026, 10, 1, tzinfo=UTC)),
        ("spend_90d = 0.1", Decimal("0.1")),
        ("is_member = false", False),
        ("city = '500'", "500"),
    ],
)
def test_a_value_gets_the_type_of_its_field(text, value):
    found = bound(text).value
    assert found == value
    assert type(found) is type(value)


@given(tree=TREES)
def test_binding_twice_changes_nothing(tree):
    once = bind(tree, VOCABULARY)
    assert bind(once, VOCABULARY) == once


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("lifecycel = 'loyal'", "unknown tag 'lifecycel'", "did you mean 'lifecycle'?"),
        ("Spend_90D = 1", "unknown tag 'Spend_90D'", "did you mean 'spend_90d'?"),
        ("did('Order Complete')", "unknown event 'Order Complete'", "did you mean 'Order Completed'?"),
        ("did('Order Completed', categroy='美妆')", "unknown field 'categroy'", "did you mean 'category'?"),
        ("did('Order Completed', city='上海')", "unknown field 'city'", "'city' is a tag: compare it outside did(…)"),
        ("category = '美妆'", "unknown tag 'category'", "write did('…', category = …)"),
        (
            "journey('o-neil') = 'deciding'",
            "is in the category 'o-neil'",
            "did you mean 'O'Neil'?",
        ),
        ("journey('宠物') = 'deciding'", "no item of the goods is in the category '宠物'", "known: O'Neil, 母婴, 美妆"),
        ("journey('美妆') in ('deciding', 'buying')", "no stage 'buying'", "known: awakened, bought, comparing"),
        ("journey('美妆') = 'decided'", "no stage 'decided'", "did you mean 'deciding'?"),
        ("zzz = 1", "unknown tag 'zzz'", "known: churn_risk, city, first_order_on"),
        (
            "sequence(did('Order Completed', amount >= 9), did('Post Liked'))",
            "'amount' cannot filter an event of a sequence",
            "a did(…) of its own",
        ),
        (
            "sequence(did('Post Liked'), did('Post Liked', note contains 'a'))",
            "'note' cannot filter an event of a sequence",
            "a did(…) of its own",
        ),
        ("lifecycle = 'loyall'", "'lifecycle' is never 'loyall'", "did you mean 'loyal'?"),
        ("spend_90d = '500'", "'spend_90d' is money, and '500' is a text", "without quotes"),
        ("orders_30d = 'two'", "'orders_30d' is a whole number, and 'two' is a text", "without quotes"),
        ("spend_90d > true", "'spend_90d' is money, and true is a flag", "without quotes"),
        ("city = 500", "'city' is a text, and 500 is a number", "in quotes"),
        ("city >= '上海'", "'city' is a text and has no order for >=", "use = or in"),
        ("is_member = 1", "'is_member' is a flag, and 1 is a number", "write true or false"),
        ("is_member between false and true", "has no order for between", "use = or in"),
        ("first_order_on = '2026-02-30'", "'first_order_on' is a date, and '2026-02-30' is a text", "'2026-10-01'"),
        ("first_order_on = 20261001", "'first_order_on' is a date, and 20261001 is a number", "'2026-10-01'"),
        ("last_seen_at = '2026-10-01T08:00:00'", "'last_seen_at' is an instant", "with its offset"),
        ("orders_30d between 3 and 1", "nothing lies between 3 and 1", "smaller value first"),
        ("orders_30d contains '1'", "'orders_30d' cannot be searched with contains", "use = or in"),
        ("city contains ''", "every text contains the empty text", "city is not null"),
        ("did('Order Completed', category contains '美')", "'category' cannot be searched", "use = or in"),
        ("spend_90d = 100000000000000", "'100000000000000' is too long", "14 digits"),
        ("spend_90d = 0.0000001", "'0.0000001' is too long", "6 after"),
    ],
)
def test_a_misfit_is_named_with_what_to_write_instead(text, what, hint):
    with pytest.raises(ConditionError) as caught:
        bound(text)
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_all_mistakes_are_listed_each_with_its_place():
    with pytest.raises(ConditionError) as caught:
        bound("lifecycel = 'loyal' and not (city = 5 or did('Order Complete'))")
    assert "the condition has 3 mistakes" in caught.value.what
    assert [problem.place.at for problem in caught.value.problems] == [0, 29, 45]


def test_a_tree_that_was_not_written_as_text_is_checked_as_well():
    with pytest.raises(ConditionError, match="unknown tag 'nobody'"):
        bind(Compare("nobody", Operator.EQUAL, "x"), VOCABULARY)
    with pytest.raises(ConditionError, match="cannot be searched"):
        bind(Contains("spend_90d", "5"), VOCABULARY)
    deep = Compare("city", Operator.EQUAL, "x")
    for _ in range(21):
        deep = Not(deep)
    with pytest.raises(ConditionError, match="nested deeper"):
        bind(deep, VOCABULARY)
    with pytest.raises(ConditionError, match="501 terms"):
        bind(And((Compare("city", Operator.EQUAL, "x"),) * 501), VOCABULARY)


def test_half_a_character_and_numbers_without_a_value_are_refused():
    with pytest.raises(ConditionError, match="holds half a character"):
        bind(Compare("city", Operator.EQUAL, "\ud800"), VOCABULARY)
    for number in ("NaN", "Infinity"):
        with pytest.raises(ConditionError, match="'spend_90d' is money"):
            bind(Compare("spend_90d", Operator.EQUAL, Decimal(number)), VOCABULARY)


def test_a_message_shows_no_invisible_characters_of_an_author():
    with pytest.raises(ConditionError) as caught:
        bound("lifecycle = 'lo\u202eyal\0'")
    assert "\u202e" not in str(caught.value)
    assert "\0" not in str(caught.value)


@pytest.mark.parametrize("text", ["city = {}", "spend_90d = {}", "x{} = 1", "city = x{}", "lifecycle = '{}'"])
def test_a_message_stays_short_however_long_the_value(text):
    with pytest.raises(ConditionError) as caught:
        bound(text.format("1" * 15_000))
    assert len(str(caught.value)) < 400
