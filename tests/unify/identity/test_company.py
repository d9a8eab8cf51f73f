"""Shared identifiers and changes of hands: told again in plain Python."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.unify.identity.company import changed_hands, shared

rows = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 1), st.integers(0, 30), st.integers(0, 4)), max_size=14
).map(sorted)


@settings(max_examples=300, deadline=None)
@given(rows, st.integers(1, 3), st.integers(1, 12))
def test_what_is_seen_with_too_many_within_a_span_is_shared(
    told: list[tuple[int, int, int, int]], most: int, span: int
) -> None:
    node, kind, at, other = np.array(told, np.int64).reshape(-1, 4).T
    expected = set()
    for (number, _), some in groupby(told, key=lambda row: row[:2]):
        statements = list(some)
        begins = [row for before, row in zip([None, *statements], statements, strict=False)
                  if before is None or before[3] != row[3]]  # fmt: skip
        for _, _, begin, _ in begins:
            if len({row[3] for row in begins if begin <= row[2] < begin + span}) > most:
                expected.add(number)
    assert shared(node, kind.astype(np.int8), other, at, most=most, span=span).tolist() == sorted(expected)


@settings(max_examples=300, deadline=None)
@given(rows, st.integers(1, 12))
def test_after_a_long_silence_new_company_is_somebody_else(told: list[tuple[int, int, int, int]], span: int) -> None:
    statements = sorted((node, at, other) for node, _, at, other in told)
    expected = []
    for number, some in groupby(statements, key=lambda row: row[0]):
        company: set[int] = set()
        last = None
        for at, now in groupby(some, key=lambda row: row[1]):
            named = {other for _, _, other in now} - {0}
            if last is not None and at - last > span and named and not named & company:
                expected.append((number, at))
                company = set()
            company |= named
            last = at
    node, at, other = np.array(statements, np.int64).reshape(-1, 3).T
    turns = changed_hands(node, at, other, span)
    assert list(zip(node[turns].tolist(), at[turns].tolist(), strict=True)) == expected


def test_a_single_statement_shares_nothing() -> None:
    one = np.array([5], np.int64)
    assert not len(shared(one, np.array([0], np.int8), one, one, most=1, span=9))
    assert not changed_hands(one, one, one, 1).any()
