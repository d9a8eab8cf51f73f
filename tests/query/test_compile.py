"""Compiled conditions find exactly the people whom the oracle finds, and never carry an author's words in their SQL."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianmian.core.errors import ConditionError, PurposeError
from qianmian.query.bind import bind
from qianmian.query.compile import compile_audience
from qianmian.query.compiled import Compiled
from qianmian.query.parse import parse
from qianmian.query.tree import And, Not, Or
from tests.query.oracle import members
from tests.query.strategies import DIDS, HISTORY, PEOPLE, TIES, TREES
from tests.query.vocabulary import TAGS, TODAY, VOCABULARY, connect, load, show_people

HOSTILE = [
    "'; DROP TABLE profiles; --",
    '"',
    "a\0b",
    "? OR TRUE",
    "千人千面",
    "\u202eאבג",
    "$1 {} %s \\",
    "x" * 10_000,
]


@pytest.fixture(scope="module")
def connection():
    with connect() as opened:
        yield opened


def compiled(condition) -> Compiled:
    tree = parse(condition) if isinstance(condition, str) else condition
    return compile_audience(tree, VOCABULARY, today=TODAY, purpose="analyse", check=lambda purpose: None)


def found(connection, condition) -> set[int]:
    query = compiled(condition)
    for name, sequence in query.sequences:
        show_people(connection, name, sequence)
    ids = [row[0] for row in connection.execute(query.sql, query.values).fetchall()]
    assert len(ids) == len(set(ids)), "nobody is listed twice"
    return set(ids)


def person(person_id, **tags):
    return {"person_id": person_id, **{tag.name: None for tag in TAGS}, **tags}


def event(person_id, name="Order Completed", days_ago=0, products=(None,), **columns):
    """The rows of one event, one a product."""
    event.key += 1
    at = datetime.combine(TODAY - timedelta(days=days_ago), time(12), UTC)
    shared = {"person_id": person_id, "event": name, "happened_on": at.date(), "occurred_at": at}
    shared |= {"event_key": event.key, "channel": None, "amount": None, "remark": None, **columns}
    return [{**shared, "line": line, "category": category} for line, category in enumerate(products)]


event.key = 0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees=st.lists(TREES, min_size=1, max_size=2), people=PEOPLE, history=HISTORY, ties=TIES)
def test_duckdb_finds_the_same_people_as_the_oracle(connection, trees, people, history, ties):
    load(connection, people, history, ties)
    for tree in trees:
        expected = members(bind(tree, VOCABULARY), people, history, TODAY, ties)
        assert found(connection, tree) == expected
        assert found(connection, Not(tree)) == {row["person_id"] for row in people} - expected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dids=st.lists(DIDS, min_size=2, max_size=5), history=HISTORY)
def test_several_counts_in_one_scan_are_those_of_the_oracle(connection, dids, history):
    people = [person(number) for number in range(1, 7)]
    load(connection, people, history)
    for tree in (And(tuple(dids)), Or(tuple(dids))):
        assert found(connection, tree) == members(bind(tree, VOCABULARY), people, history, TODAY)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("city = '杭州'", {1}),
        ("city != '杭州'", {2}),
        ("not city = '杭州'", {2, 3}),
        ("city in ('杭州', '福州')", {1, 2}),
        ("city not in ('杭州')", {2, 3}),
        ("city is null", {3}),
        ("city contains '州'", {1, 2}),
    ],
)
def test_an_empty_tag_meets_no_comparison_and_every_negated_one(connection, condition, expected):
    load(connection, [person(1, city="杭州"), person(2, city="福州"), person(3)], [])
    assert found(connection, condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "not did('Product Viewed')",
        "did('Product Viewed') = 0",
        "did('Product Viewed') < 1",
        "not did('Product Viewed', last='30d') >= 2",
    ],
)
def test_somebody_without_history_did_nothing(connection, condition):
    load(connection, [person(1), person(2)], [*event(1, "Product Viewed"), *event(1, "Product Viewed")])
    assert found(connection, condition) == {2}


def test_a_window_of_seven_days_is_today_and_the_six_before(connection):
    people = [person(number) for number in (1, 2, 3, 4)]
    history = [*event(1), *event(2, days_ago=6), *event(3, days_ago=7), *event(4, days_ago=-1)]
    load(connection, people, history)
    assert found(connection, "did('Order Completed', last='7d')") == {1, 2}
    assert found(connection, "did('Order Completed', last='1w')") == {1, 2}
    assert found(connection, "did('Order Completed', last='1d')") == {1}
    assert found(connection, "did('Order Completed', from='2026-11-04', to='2026-11-05')") == {2, 3}


def test_what_comes_after_today_never_counts(connection):
    load(connection, [person(1)], event(1, days_ago=-1))
    assert found(connection, "did('Order Completed')") == set()
    assert found(connection, "did('Order Completed', to='2026-12-31')") == set()


def test_an_order_with_two_matching_products_counts_once(connection):
    load(connection, [person(1)], event(1, products=("美妆", "美妆", "母婴")))
    assert found(connection, "did('Order Completed') = 1") == {1}
    assert found(connection, "did('Order Completed', category='美妆') = 1") == {1}
    for more in (">= 2", "> 1", "!= 1", ">= 2 or did('Order Completed', category='美妆') = 0"):
        assert found(connection, f"did('Order Completed', category='美妆') {more}") == set()


def test_events_and_their_products_are_counted_side_by_side(connection):
    load(connection, [person(1)], [*event(1, products=("美妆", "母婴", "美妆")), *event(1, products=("美妆", "母婴"))])
    beauty, baby = "did('Order Completed', category='美妆')", "did('Order Completed', category='母婴')"
    assert found(connection, f"{beauty} = 2 and {baby} = 2 and did('Order Completed') = 2") == {1}


def test_a_filter_on_a_product_and_one_on_its_event_hold_on_any_row(connection):
    load(connection, [person(1)], event(1, products=("母婴", "美妆"), channel="app"))
    assert found(connection, "did('Order Completed', category='美妆', channel='app')") == {1}


def test_each_of_several_counts_keeps_its_own_window_and_filters(connection):
    history = [*event(1, days_ago=20), *event(2, days_ago=2), *event(3, "Post Liked", days_ago=40)]
    load(connection, [person(number) for number in (1, 2, 3)], history)
    recent, older, liked = (
        "did('Order Completed', last='7d')",
        "did('Order Completed', last='30d')",
        "did('Post Liked')",
    )
    assert found(connection, f"{recent} or {liked}") == {2, 3}
    assert found(connection, f"{older} and not {recent}") == {1}
    assert found(connection, f"{older} or {liked}") == {1, 2, 3}
    assert found(connection, f"did('Order Completed', to='2026-10-31') or {recent}") == {1, 2}


def test_a_product_that_is_not_the_first_of_its_order_is_found(connection):
    load(connection, [person(1)], event(1, products=("美妆", "母婴")))
    assert found(connection, "did('Order Completed', category='母婴')") == {1}


def test_filters_on_products_hold_on_one_and_the_same_row(connection):
    load(connection, [person(1)], event(1, products=("美妆", "母婴")))
    assert found(connection, "did('Order Completed', category='美妆', category='母婴')") == set()
    assert found(connection, "did('Order Completed', category='美妆') and did('Order Completed', category='母婴')") == {
        1
    }


def test_a_text_that_never_occurred_matches_nothing_and_is_no_error(connection):
    load(connection, [person(1)], event(1, products=("美妆",)))
    assert found(connection, "did('Order Completed', category='宠物')") == set()
    assert found(connection, "did('Order Completed', category!='宠物')") == {1}
    assert found(connection, "did('Survey Answered')") == set()


def test_several_counts_share_one_scan_of_history():
    sql = compiled("did('Order Completed') >= 2 or did('Order Completed') = 0 and not did('Post Liked', last='7d')").sql
    assert sql.count("history") == 1
    assert sql.count("FILTER") == 2, "two comparisons of one number count it once"


def test_a_condition_on_tags_alone_leaves_history_unread():
    assert "history" not in compiled("is_member = true").sql


def test_asking_whether_needs_no_grouping_by_event():
    assert "event_key" not in compiled("did('Order Completed', category='美妆')").sql
    assert "event_key" in compiled("did('Order Completed', category='美妆') >= 2").sql


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_an_author_writes_never_changes_the_sql(connection, hostile):
    written = "'" + hostile.replace("'", "''") + "'"
    load(connection, [person(1, city=hostile), person(2, city="杭州")], event(1, products=("美妆",), remark=hostile))
    for pattern in (
        "city = {}",
        "city in ({}, 'b')",
        "not city contains {}",
        "did('Order Completed', note={}) >= 2",
        "did('Order Completed', category={}, last='7d')",
    ):
        query = compiled(pattern.replace("{}", written))
        assert query.sql == compiled(pattern.replace("{}", "'plain'")).sql
        connection.execute(query.sql, query.values).fetchall()
    assert found(connection, f"city = {written}") == {1}
    assert found(connection, f"did('Order Completed', note contains {written})") == {1}


VIEW, CART, ORDER = "Product Viewed", "Post Liked", "Order Completed"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("sequence(did('Product Viewed'), did('Order Completed'))", {1, 2, 4}),
        ("sequence(did('Product Viewed'), did('Order Completed'), within='3d')", {1, 4}),
        ("sequence(did('Product Viewed'), did('Order Completed'), within='3d', last='7d')", {1}),
        ("sequence(did('Product Viewed'), did('Post Liked'), did('Order Completed'))", {2}),
        ("sequence(did('Product Viewed'), did('Product Viewed'))", {4}),
        ("sequence(did('Order Completed', category='美妆'), did('Order Completed', category='母婴'))", set()),
        ("sequence(did('Order Completed', category='美妆'), did('Product Viewed', category='母婴'))", {3}),
        ("sequence(did('Order Completed', category!='美妆'), did('Product Viewed'))", set()),
        ("not sequence(did('Product Viewed'), did('Order Completed')) and did('Order Completed')", {3, 5}),
        ("friends(sequence(did('Product Viewed'), did('Order Completed'), last='7d'))", {5}),
    ],
)
def test_events_that_follow_one_another(connection, condition, expected):
    history = [
        *event(1, VIEW, 3), *event(1, ORDER, 0),
        *event(2, VIEW, 9), *event(2, CART, 5), *event(2, ORDER, 4),
        *event(3, ORDER, 5, ("美妆",)), *event(3, VIEW, 4, ("母婴",)),
        *event(4, VIEW, 20), *event(4, VIEW, 12), *event(4, ORDER, 10),
        *event(5, ORDER, 2, ("美妆", "母婴")),
    ]  # fmt: skip
    load(connection, [person(number) for number in range(1, 7)], history, [tie(5, 1)])
    assert found(connection, condition) == expected


def test_a_sequence_is_no_longer_than_from_its_latest_beginning(connection):
    history = [*event(1, VIEW, 9), *event(1, VIEW, 2), *event(1, ORDER, 0), *event(2, VIEW, 9), *event(2, ORDER, 0)]
    load(connection, [person(1), person(2)], history)
    assert found(connection, "sequence(did('Product Viewed'), did('Order Completed'), within='2d')") == {1}
    assert found(connection, "sequence(did('Product Viewed'), did('Order Completed'), within='9d')") == {1, 2}


def tie(one, other, kind="follow", strength=0.5):
    return {"from": one, "to": other, "kind": kind, "strength": strength}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("friends(city = '杭州')", {2, 3, 4}),
        ("friends(city = '杭州') >= 2", {2}),
        ("friends(city = '杭州') = 0", {1, 5, 6}),
        ("not friends(city = '杭州')", {1, 5, 6}),
        ("friends(city = '杭州', direction = 'out')", {2, 4}),
        ("friends(city = '杭州', direction = 'in')", {3, 4}),
        ("friends(city = '杭州', kind = 'follow') >= 2", {2}),
        ("friends(city = '杭州', kind in ('follow', 'group_buy'))", {2, 3, 4}),
        ("friends(city = '杭州', strength >= 0.5)", {2, 3}),
        ("friends(city = '杭州', kind = 'group_buy', strength >= 0.5)", set()),
        ("friends(friends(city = '杭州') >= 2)", {1, 6}),
        ("within(city = '杭州', hops = 1)", {2, 3, 4}),
        ("within(city = '杭州', hops = 2)", {1, 2, 3, 4, 5, 6}),
        ("within(city = '杭州', hops = 2, direction = 'out')", {2, 4, 5}),
        ("friends(did('Order Completed', last='7d'))", {4}),
        ("did('Order Completed') or friends(did('Order Completed'))", {4, 5}),
    ],
)
def test_people_are_found_by_those_to_whom_they_are_tied(connection, condition, expected):
    # 1 and 6 live in Hangzhou; 2 follows both, 3 is followed by 1, 4 bought together with 1, 5 follows 4
    people = [person(number, city="杭州" if number in {1, 6} else "福州") for number in range(1, 7)]
    ties = [tie(2, 1), tie(2, 6), tie(1, 3), tie(4, 1, "group_buy", 0.2), tie(5, 4)]
    load(connection, people, event(5), ties)
    assert found(connection, condition) == expected


def test_nobody_is_within_reach_of_themselves(connection):
    load(connection, [person(1, city="杭州"), person(2)], [], [tie(1, 2)])
    assert found(connection, "within(city = '杭州', hops = 3)") == {2}
    load(connection, [person(1, city="杭州"), person(2), person(3, city="杭州")], [], [tie(1, 2), tie(2, 3)])
    assert found(connection, "within(city = '杭州', hops = 2)") == {1, 2, 3}


def test_two_comparisons_of_one_number_of_friends_walk_once():
    sql = compiled("friends(is_member = true) >= 2 or friends(is_member = true) = 0").sql
    assert sql.count("ties") == 1


def test_what_friends_did_is_no_history_of_the_person(connection):
    load(connection, [person(1), person(2)], event(2), [tie(1, 2)])
    assert found(connection, "did('Order Completed') and friends(did('Order Completed'))") == set()
    assert compiled("friends(did('Order Completed'))").reads_history
    assert compiled("friends(is_member = true)").reads_ties
    assert not compiled("friends(is_member = true)").reads_history


def test_money_is_bound_as_a_decimal_and_compared_exactly(connection):
    load(connection, [person(1, spend_90d=Decimal("0.3000")), person(2, spend_90d=Decimal("0.2999"))], [])
    assert found(connection, "spend_90d >= 0.3") == {1}
    assert compiled("spend_90d >= 0.3").values == (Decimal("0.3"),)
    assert isinstance(compiled("spend_90d >= 0.3").values[0], Decimal)


def test_a_score_is_compared_as_the_nearest_floating_point_number(connection):
    load(connection, [person(1, churn_risk=0.3), person(2, churn_risk=0.1 + 0.2)], [])
    assert found(connection, "churn_risk = 0.3") == {1}
    assert found(connection, "churn_risk > 0.3") == {2}


def test_the_purpose_is_checked_before_anything_else():
    def deny(purpose):
        raise PurposeError("unknown_purpose", purpose=purpose, registered=[])

    with pytest.raises(PurposeError, match="'advertise'"):
        compile_audience(parse("no_such_tag = 1"), VOCABULARY, today=TODAY, purpose="advertise", check=deny)


def test_an_unknown_name_does_not_compile():
    with pytest.raises(ConditionError, match="unknown tag 'citty'"):
        compiled("citty = '杭州'")


@pytest.mark.timeout(10)
def test_the_largest_conditions_are_planned_in_time(connection):
    load(connection, [person(1)], [])
    windows = [f"did('Post Liked', last='{days}d') >= 2" for days in range(1, 501)]
    lines = [f"did('Order Completed', category='美妆', last='{days}d') >= 2" for days in range(1, 251)]
    tags = [f"spend_90d = {number}" for number in range(500)]
    for terms in (windows, lines, tags):
        assert found(connection, " or ".join(terms)) == set()
