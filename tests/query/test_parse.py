"""An author's text becomes the tree that it says, or an error that shows where and what to write instead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.core.errors import ConditionError
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.query.tree import (
    And,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Not,
    Operator,
    Or,
    Sequence,
    Tied,
    Within,
)
from qianmian.query.window import Dates, Last
from tests.query.strategies import TREES
from tests.query.vocabulary import VOCABULARY

#: What a condition may begin with.
FIRST = "a tag, 'not', 'did', 'sequence', 'friends', 'within', 'audience', 'journey' or '('"

LOYAL = Compare("lifecycle", Operator.EQUAL, "loyal")
SPENDS = Compare("spend_90d", Operator.AT_LEAST, Decimal(500))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("lifecycle = 'loyal'", LOYAL),
        ("lifecycle = 'loyal' and spend_90d >= 500", And((LOYAL, SPENDS))),
        ("lifecycle = 'loyal' or lifecycle = 'loyal' and spend_90d >= 500", Or((LOYAL, And((LOYAL, SPENDS))))),
        ("not (lifecycle = 'loyal' or spend_90d >= 500)", Not(Or((LOYAL, SPENDS)))),
        ("not lifecycle = 'loyal' and spend_90d >= 500", And((Not(LOYAL), SPENDS))),
        ("preferred_category is null", IsNull("preferred_category")),
        ("preferred_category is not null", Not(IsNull("preferred_category"))),
        ("orders_30d between 1 and 3", Between("orders_30d", Decimal(1), Decimal(3))),
        ("city contains '州'", Contains("city", "州")),
        ("region not in ('上海', '浙江')", Not(In("region", ("上海", "浙江")))),
        ("is_member = true", Compare("is_member", Operator.EQUAL, value=True)),
        ("spend_90d > -0.5", Compare("spend_90d", Operator.MORE, Decimal("-0.5"))),
        ("city = 'O''Neil'", Compare("city", Operator.EQUAL, "O'Neil")),
        ("did('Product Viewed')", Did("Product Viewed")),
        ("not did('Product Viewed', last='30d')", Not(Did("Product Viewed", window=Last(30)))),
        ("did('Product Viewed', last='2w')", Did("Product Viewed", window=Last(14))),
        (
            "did('Order Completed', category='美妆', amount >= 9.9, last='7d') >= 2",
            Did(
                "Order Completed",
                (
                    Compare("category", Operator.EQUAL, "美妆"),
                    Compare("amount", Operator.AT_LEAST, Decimal("9.9")),
                ),
                Last(7),
                Operator.AT_LEAST,
                2,
            ),
        ),
        (
            "did('Order Completed', from='2026-10-01', to='2026-10-31') = 0",
            Did("Order Completed", (), Dates(date(2026, 10, 1), date(2026, 10, 31)), Operator.EQUAL, 0),
        ),
        (
            "sequence(did('Product Viewed', category='美妆'), did('Order Completed'), within='7d', last='30d')",
            Sequence(
                (Did("Product Viewed", (Compare("category", Operator.EQUAL, "美妆"),)), Did("Order Completed")),
                7 * 86_400,
                Last(30),
            ),
        ),
        (
            "sequence(did('Product Viewed'), did('Post Liked'), did('Product Viewed'), within='90m')",
            Sequence((Did("Product Viewed"), Did("Post Liked"), Did("Product Viewed")), 5_400),
        ),
        ("friends(lifecycle = 'loyal')", Friends(LOYAL)),
        (
            "friends(lifecycle = 'loyal' and spend_90d >= 500, kind = 'invite') >= 2",
            Friends(And((LOYAL, SPENDS)), Tied(("invite",)), Operator.AT_LEAST, 2),
        ),
        (
            "friends(lifecycle = 'loyal', kind in ('follow', 'invite'), direction = 'out', strength >= 0.3) = 0",
            Friends(LOYAL, Tied(("follow", "invite"), "out", Decimal("0.3")), Operator.EQUAL, 0),
        ),
        ("within(lifecycle = 'loyal', hops = 2)", Within(LOYAL, 2)),
        ("within(friends(lifecycle = 'loyal'), direction = 'in', hops = 3)", Within(Friends(LOYAL), 3, Tied((), "in"))),
    ],
)
def test_a_condition_becomes_its_tree_and_its_canonical_text_the_same_tree(text, tree):
    assert parse(text) == tree
    assert parse(str(tree)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "lifecycle＝“loyal” ａｎｄ spend_90d＞＝５００",
        "（lifecycle ＝ ‘loyal’） AND spend_90d ≥ 500",
        'lifecycle == "loyal"\n\tand\u3000spend_90d >= 500',
        "lifecycle = 「loyal」 and spend_90d >= 500",
    ],
)
def test_full_width_signs_and_other_spellings_are_read_like_the_usual_ones(text):
    assert parse(text) == And((LOYAL, SPENDS))


def test_full_width_signs_inside_a_text_stay_as_they_are():
    assert parse("city = '（上海），“浦东”＝'") == Compare("city", Operator.EQUAL, "（上海），“浦东”＝")


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_every_tree_is_read_back_from_its_text(tree):
    bound = bind(tree, VOCABULARY)
    assert bind(parse(str(bound)), VOCABULARY) == bound
    assert str(parse(str(bound))) == str(bound)


@given(text=st.text(max_size=80))
def test_any_text_at_all_is_read_back_from_its_quotes(text):
    tree = Compare("city", Operator.EQUAL, text)
    assert parse(str(tree)) == tree


WORDS = ["city", "did", "and", "or", "not", "in", "is", "null", "between", "last", "from", "contains", "true"]
SIGNS = ["(", ")", ",", "=", ">=", "'a'", "'7d'", "1", "'", "“", "&", "千", "\0", "\u202e"]


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(st.sampled_from(WORDS + SIGNS), max_size=15))
def test_nonsense_is_either_understood_or_refused_without_echoing_invisible_characters(pieces):
    try:
        tree = parse(" ".join(pieces))
    except ConditionError as error:
        refused = str(error)
    else:
        refused = ""
        assert parse(str(tree)) == tree
    assert not {"\0", "\u202e"} & set(refused)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("", "the condition is empty", "for example"),
        ("  \n ", "the condition is empty", "for example"),
        ("city = 上海", "expected a value, found the name '上海'", "a text stands in quotes: '上海'"),
        ("city = null", "expected a value, found 'null'", "is null"),
        ("city '上海'", "expected an operator, found the text '上海'", "use ="),
        ("city not = '上海'", "expected 'in', 'between' or 'contains', found '='", "not city ="),
        ("city = '上海", "the text that starts here has no closing '", "written twice"),
        (
            "city = '上海' and",
            f"expected {FIRST}, found the end",
            "",
        ),
        (
            "city = '上海' region = '浙江'",
            "expected 'and', 'or' or the end, found the name 'region'",
            "joined with and",
        ),
        ("(city = '上海'", "expected 'and', 'or' or ')', found the end", ""),
        ("city = '上海')", "expected 'and', 'or' or the end, found ')'", "one ')' is too many"),
        ("spend_90d >= 1,299", "expected 'and', 'or' or the end, found ','", "no separators"),
        ("city = '上海' && is_member = true", "the character '&' has no meaning here", "write and"),
        ("city in '上海'", "expected '(', found the text '上海'", "in parentheses"),
        ("city in ('上海' '浙江')", "expected ',' or ')', found the text '浙江'", ""),
        (
            "'上海' = city",
            f"expected {FIRST}, found the text '上海'",
            "the name comes first",
        ),
        ("orders_30d between 1, 3", "expected 'and', found ','", "between 1 and 3"),
        ("did(Order Completed)", "expected an event in quotes, found the name 'Order'", ""),
        ("did 'Order Completed'", "expected '(', found the text 'Order Completed'", "in parentheses"),
        ("did('Order Completed', last=7d)", "expected a window such as '7d' in quotes, found '7'", ""),
        ("did('Order Completed', last='7h')", "'7h' is no window", "'7d', '2w'"),
        ("did('Order Completed', last='0d')", "'0d' is no window", "'7d', '2w'"),
        ("did('Order Completed', last='99999w')", "'99999w' is no window", "3660 days"),
        ("did('Order Completed', from='2026-02-30')", "'2026-02-30' is no date", "'2026-10-01'"),
        ("did('Order Completed', from='2026-10-02', to='2026-10-01')", "ends before it starts", "earlier date"),
        ("did('Order Completed', last='7d', to='2026-10-01')", "there is one window, and 'to' begins another", "alone"),
        ("did('Order Completed', last='7d', last='8d')", "there is one window, and 'last' begins another", "alone"),
        ("did('Order Completed', category is not null)", "cannot be negated with not", "use !="),
        ("did('Order Completed') >= 1.5", "expected a whole number of events, found '1.5'", ">= 2"),
        ("did('Order Completed') >= -1", "expected a whole number of events, found '-1'", ">= 2"),
        ("did('Order Completed') between 1 and 3", "expected 'and', 'or' or the end, found 'between'", "did(…) takes"),
    ],
)
def test_a_mistake_is_named_with_what_to_write_instead(text, what, hint):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_an_error_shows_the_place_with_carets_that_account_for_wide_characters():
    with pytest.raises(ConditionError) as caught:
        parse("is_member = true\nand city = '上海' region = 1")
    assert str(caught.value) == (
        "expected 'and', 'or' or the end, found the name 'region' (line 2, column 17)\n"
        "\n"
        "    and city = '上海' region = 1\n"
        "                      ^^^^^^\n"
        "\n"
        "hint: two conditions are joined with and, or or"
    )
    (problem,) = caught.value.problems
    assert (problem.place.at, problem.place.length) == (33, 6)


def test_an_error_in_a_long_line_shows_its_surroundings_only():
    with pytest.raises(ConditionError) as caught:
        parse(f"city in ({', '.join(['1'] * 2000)} and {', '.join(['1'] * 2000)})")
    assert len(str(caught.value)) < 500


def test_five_hundred_terms_are_allowed_and_one_more_is_not():
    assert parse(" or ".join(["a = 1"] * 500))
    with pytest.raises(ConditionError, match="has 501 terms; at most 500"):
        parse(" or ".join(["a = 1"] * 501))
    with pytest.raises(ConditionError, match="has 501 terms"):
        parse(f"did('x', {', '.join(['a = 1'] * 500)})")


@pytest.mark.parametrize("opening", ["(", "not ", "not ("])
def test_twenty_levels_are_allowed_and_many_more_are_not(opening):
    def condition(levels):
        return opening * levels + "a = 1" + ")" * (opening.count("(") * levels)

    assert parse(condition(20 // (2 if opening == "not (" else 1)))
    for levels in (21, 5000 // len(opening)):
        with pytest.raises(ConditionError, match="nested deeper than 20 levels"):
            parse(condition(levels))


def test_a_text_of_more_than_twenty_thousand_characters_is_refused():
    with pytest.raises(ConditionError, match="has 20001 characters; at most 20000"):
        parse("a = 1".ljust(20_001))


def test_a_text_is_refused_if_it_could_not_be_read_again_once_saved():
    with pytest.raises(ConditionError, match="at most 20000"):
        parse(f"a in ({','.join(['1'] * 9_900)})")
