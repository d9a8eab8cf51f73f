"""A tag's row condition is SQL of codes and dates only, finds the right rows, and can be told in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qianmian.query.predicate import AnyOf, RowCondition, describe, sql
from tests.query.vocabulary import TODAY, VOCABULARY, connect, load

CATEGORY = VOCABULARY.filter["category"]
CHANNEL = VOCABULARY.filter["channel"]
ORDERS = frozenset({"Order Completed"})


def row(name="Order Completed", days_ago=0, line=0, category=None, channel=None):
    happened_on = TODAY - timedelta(days=days_ago)
    return {"person_id": 1, "happened_on": happened_on, "event": name, "line": line, "event_key": 1} | {
        "category": category, "channel": channel, "amount": None, "remark": None,
    }  # fmt: skip


def text(condition):
    return sql(condition, VOCABULARY.code_of, TODAY)


def matching(condition, rows):
    with connect() as connection:
        load(connection, [], rows)
        return connection.execute(f"SELECT count(*) FROM history WHERE {text(condition)}").fetchall()[0][0]


def test_the_sql_holds_codes_and_dates_only():
    condition = RowCondition(ORDERS, (AnyOf(CATEGORY, frozenset({"美妆", "母婴"})),), 30)
    assert text(condition) == (
        "\"event\" IN (1) AND happened_on BETWEEN DATE '2026-10-13' AND DATE '2026-11-11' AND \"category\" IN (0, 1)"
    )


@pytest.mark.parametrize("hostile", ["'", "1) OR (1=1", "\0", "千"])
def test_a_text_without_a_code_matches_nothing_and_never_reaches_the_sql(hostile):
    condition = RowCondition(ORDERS, (AnyOf(CATEGORY, frozenset({hostile})),))
    assert text(condition).endswith(" AND FALSE")
    assert matching(condition, [row(category="美妆")]) == 0


def test_a_window_is_today_and_the_days_before_and_never_the_future():
    rows = [row(days_ago=days) for days in (-1, 0, 6, 7)]
    assert matching(RowCondition(ORDERS, window_days=7), rows) == 2
    assert matching(RowCondition(ORDERS), rows) == 3


def test_an_event_counts_once_unless_its_products_are_asked_for():
    rows = [row(line=0, category="美妆", channel="app"), row(line=1, category="母婴", channel="app")]
    assert matching(RowCondition(ORDERS), rows) == 1
    assert matching(RowCondition(ORDERS, (AnyOf(CHANNEL, frozenset({"app"})),)), rows) == 1
    assert matching(RowCondition(ORDERS, (AnyOf(CATEGORY, frozenset({"母婴"})),)), rows) == 1
    assert matching(RowCondition(ORDERS, (AnyOf(CATEGORY, frozenset({"母婴", "美妆"})),)), rows) == 2


def test_a_condition_is_told_in_both_languages():
    beauty = AnyOf(CATEGORY, frozenset({"美妆"}))
    assert (
        describe(RowCondition(ORDERS, (beauty,), 30), "en") == "Order Completed with category 美妆 in the last 30 days"
    )
    assert (
        describe(RowCondition(ORDERS, (beauty,), 30), "zh-CN") == "近 30 天「Order Completed」，且 category 为「美妆」"
    )
    assert describe(RowCondition(ORDERS | {"Post Liked"}, window_days=1), "en") == "Order Completed or Post Liked today"
    assert describe(RowCondition(ORDERS), "zh-CN") == "「Order Completed」"


def test_an_unusable_declaration_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="needs an event"):
        RowCondition(frozenset())
    with pytest.raises(ValueError, match="needs an event"):
        RowCondition(ORDERS, window_days=0)
    with pytest.raises(ValueError, match="must be coded"):
        AnyOf(VOCABULARY.filter["amount"], frozenset({"1"}))
