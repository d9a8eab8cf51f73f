"""A column of bit slices finds the rows that comparing its values one by one finds, for every type and at its ends."""

from __future__ import annotations

import math
import operator
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.core.tables import Type
from qianmian.query.tree import Between, Compare, Contains, In, IsNull, Operator
from qianmian.segment.index import sets
from qianmian.segment.index.codes import Linear, Ranked
from qianmian.segment.index.column import gathered
from qianmian.segment.index.steps import steps_of

ARROW = {
    Type.TEXT: pa.string(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.INTEGER: pa.int64(),
    Type.SMALL: pa.int32(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.INSTANT: pa.timestamp("us", "UTC"),
}
SIGNS = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}
VALUES = {
    Type.TEXT: st.text(max_size=3) | st.sampled_from(["", "杭州", "福州", "a\0b", "é", "e\u0301", "%", "😀"]),
    Type.MONEY: st.decimals(-(10**13), 10**13, places=4),
    Type.INTEGER: st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3),
    Type.SMALL: st.integers(-(2**31), 2**31 - 1) | st.integers(0, 3),
    Type.NUMBER: st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 0.1, math.inf, -math.inf, 5e-324]),
    Type.FLAG: st.booleans(),
    Type.DATE: st.dates(),
    Type.INSTANT: st.datetimes(timezones=st.just(UTC)),
}
TYPES = list(VALUES)


def column(values, of, place=slice(None)):
    made = gathered(of, len(values))
    made.add(pa.array(values, ARROW[of]), place)
    return made.column()


def met(made, atom, people):
    everybody = sets.everybody(people)
    return sets.numbers(steps_of(atom, {"x": made}, lambda leaf: leaf).met(everybody, slice(None))).tolist()


def written(value):
    """As bind hands it on."""
    return Decimal(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@settings(max_examples=400, deadline=None)
@given(data=st.data(), of=st.sampled_from(TYPES))
def test_a_column_meets_what_its_values_meet(data, of):
    values = data.draw(st.lists(st.none() | VALUES[of], max_size=12))
    known = [value for value in values if value is not None]
    asked = VALUES[of] if not known else VALUES[of] | st.sampled_from(known)
    if of in {Type.INTEGER, Type.SMALL, Type.MONEY}:
        asked = asked.map(Decimal) | st.decimals(-(10**14), 10**14, places=6)
    if of is Type.NUMBER:
        asked = asked.filter(math.isfinite)
    one, other = data.draw(asked), data.draw(asked)
    made = column(values, of)
    filled = [(row, value) for row, value in enumerate(values) if value is not None]
    for sign, holds in SIGNS.items():
        if of not in {Type.TEXT, Type.FLAG} or sign in {Operator.EQUAL, Operator.UNEQUAL}:
            expected = [row for row, value in filled if holds(value, one)]
            assert met(made, Compare("x", sign, written(one)), len(values)) == expected
    among = In("x", (written(one), written(other)))
    assert met(made, among, len(values)) == [row for row, value in filled if value in (one, other)]
    assert met(made, IsNull("x"), len(values)) == [row for row, value in enumerate(values) if value is None]
    if of not in {Type.TEXT, Type.FLAG}:
        low, high = sorted([one, other])
        between = Between("x", written(low), written(high))
        assert met(made, between, len(values)) == [row for row, value in filled if low <= value <= high]
    if of is Type.TEXT and one:
        assert met(made, Contains("x", one), len(values)) == [row for row, value in filled if one in value]


@pytest.mark.parametrize("of", TYPES)
@pytest.mark.parametrize("people", [0, 1, 63, 64, 65, 4_096, 4_097])
def test_a_column_in_which_nobody_has_a_value_meets_no_comparison(of, people):
    made = column([None] * people, of)
    value = {
        Type.TEXT: "a", Type.FLAG: True, Type.DATE: date(2026, 1, 1), Type.INSTANT: datetime(2026, 1, 1, tzinfo=UTC),
    }.get(of, Decimal(0))  # fmt: skip
    for sign in (Operator.EQUAL, Operator.UNEQUAL):
        assert met(made, Compare("x", sign, value), people) == []
    assert met(made, IsNull("x"), people) == list(range(people))


@pytest.mark.parametrize("people", [1, 63, 64, 65, 4_095, 4_096, 4_097, 10_000])
def test_the_last_of_a_word_and_of_a_block_are_found(people):
    made = column(list(range(people)), Type.INTEGER)
    last = Decimal(people - 1)
    assert met(made, Compare("x", Operator.AT_LEAST, last), people) == [people - 1]
    assert met(made, Compare("x", Operator.AT_MOST, last), people) == list(range(people))
    assert met(made, Compare("x", Operator.UNEQUAL, last), people) == list(range(people - 1))
    assert met(made, Compare("x", Operator.LESS, Decimal(0)), people) == []


def test_the_ends_of_whole_numbers_are_told_apart():
    ends = [-(2**63), -(2**63) + 1, -1, 0, 1, 2**63 - 2, 2**63 - 1]
    made = column(ends, Type.INTEGER)
    assert isinstance(made.coding, Ranked)  # their distance fits into no code
    for row, end in enumerate(ends):
        assert met(made, Compare("x", Operator.LESS, Decimal(end)), len(ends)) == list(range(row))
    assert met(made, Compare("x", Operator.AT_LEAST, Decimal(-(10**13))), len(ends)) == [2, 3, 4, 5, 6]


def test_what_is_no_number_comes_after_all_numbers_as_in_the_database():
    made = column([math.nan, 1.0, None, math.inf, -math.nan], Type.NUMBER)
    assert met(made, Compare("x", Operator.MORE, Decimal(0)), 5) == [0, 1, 3, 4]
    assert met(made, Compare("x", Operator.LESS, Decimal(2)), 5) == [1]


def test_steps_that_all_values_keep_take_no_slices():
    cents = column([Decimal(n) / 100 for n in range(200)], Type.MONEY)
    assert cents.coding == Linear(Type.MONEY, 0, 100, 200)
    midnights = column([datetime(2026, 1, 1 + n, tzinfo=UTC) for n in range(30)], Type.INSTANT)
    assert midnights.slices.shape[1] == 5
    assert met(midnights, Compare("x", Operator.MORE, datetime(2026, 1, 29, 12, tzinfo=UTC)), 30) == [29]


def test_few_doubles_far_apart_are_listed_and_many_are_not():
    chance = np.random.default_rng(7)
    few = column(chance.choice([0.1, 0.25, 0.3, 0.7], 5_000).tolist(), Type.NUMBER)
    many = column(chance.random(5_000).tolist(), Type.NUMBER)
    assert isinstance(few.coding, Ranked)
    assert few.slices.shape[1] == 3
    assert isinstance(many.coding, Linear)


def test_scattered_texts_are_found_one_by_one():
    texts = [f"{number:04}" for number in range(6_000)]
    made = column([*texts, None], Type.TEXT)
    wanted = tuple(texts[::3])
    assert met(made, In("x", wanted), 6_001) == list(range(0, 6_000, 3))
    assert met(made, Contains("x", "7"), 6_001) == [row for row, text in enumerate(texts) if "7" in text]


def test_rows_in_another_order_find_their_people():
    made = column([30, 10, None, 20], Type.INTEGER, place=np.array([2, 0, 3, 1]))
    assert met(made, Compare("x", Operator.AT_LEAST, Decimal(20)), 4) == [1, 2]
    assert met(made, IsNull("x"), 4) == [3]


def test_a_column_of_several_pieces_is_one():
    words, numbers = gathered(Type.TEXT, 5), gathered(Type.INTEGER, 5)
    for place, texts, counts in (
        (slice(0, 2), ["b", None], [5, None]),
        (slice(2, 2), [], []),
        (np.array([4, 2]), ["a", "b"], [9, 7]),
        (slice(3, 4), [None], [5]),
    ):
        words.add(pa.array(["x", *texts], pa.string()).slice(1), place)
        numbers.add(pa.array([None, *counts], pa.int64()).slice(1), place)
    words, numbers = words.column(), numbers.column()
    assert met(words, Compare("x", Operator.EQUAL, "b"), 5) == [0, 2]
    assert met(words, IsNull("x"), 5) == [1, 3]
    assert met(numbers, Compare("x", Operator.AT_MOST, Decimal(7)), 5) == [0, 2, 3]
    assert met(gathered(Type.TEXT, 3).column(), IsNull("x"), 3) == [0, 1, 2]
