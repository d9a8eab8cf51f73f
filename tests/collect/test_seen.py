"""The filter over event_keys never misses one, whatever way they came in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qianmian.collect import seen
from qianmian.collect.seen import SeenKeys

KEYS = st.lists(st.integers(0, 2**63 - 1), max_size=200)


def keys(numbers: list[int]) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)


def random_keys(seed: int, count: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, 2**63 - 1, count, np.int64)


@settings(deadline=None)  # the first use compiles
@given(st.lists(KEYS, max_size=8), KEYS, st.integers(1, 300))
def test_every_key_that_was_added_is_found_however_they_come(
    parts: list[list[int]], others: list[int], merged_at: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(seen, "_FEWEST_MERGED", merged_at)
        known = SeenKeys()
        for part in parts:
            known.add(keys(part))
        added = [key for part in parts for key in part]
        assert known.may_hold(keys(added)).all()
        # eleven bits are forgotten once keys are merged, and nothing else
        short = {key >> 11 for key in added}
        wanted = keys(others)
        assert not known.may_hold(wanted)[[key >> 11 not in short for key in others]].any()


def test_a_key_that_was_not_added_is_told_apart_nearly_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_FEWEST_MERGED", 50_000)
    known = SeenKeys()
    for seed in range(8):
        known.add(random_keys(seed, 50_000))
    assert known.may_hold(random_keys(3, 50_000)).all()
    assert not known.may_hold(random_keys(99, 100_000)).any()
    alike = random_keys(0, 100) ^ 1  # they differ in a bit that is forgotten
    assert known.may_hold(alike).all()
    assert known.nbytes < 400_000 * 8 + 256 * 4097 * 4
