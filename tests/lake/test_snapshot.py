"""A snapshot is a value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from qianmian.lake.snapshot import Snapshot
from tests.lake.shop import NOW


def test_json_keeps_everything():
    snapshot = Snapshot({"sales": 3, "lines": 2}, 5, 7, NOW)
    assert Snapshot.from_json(snapshot.to_json()) == snapshot


def test_equal_content_has_one_name_in_any_order_and_zone():
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    first, second = Snapshot({"a": 1, "b": 2}, 0, 0, NOW), Snapshot({"b": 2, "a": 1}, 0, 0, shanghai)
    assert first == second
    assert first.name == second.name
    assert second.instant.tzinfo is UTC


@pytest.mark.parametrize(
    "other", [Snapshot({"a": 2}, 0, 0, NOW), Snapshot({"a": 1}, 1, 0, NOW), Snapshot({}, 0, 0, NOW)]
)
def test_other_content_has_another_name(other: Snapshot):
    assert Snapshot({"a": 1}, 0, 0, NOW).name != other.name


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        Snapshot({}, 0, 0, datetime(2026, 11, 10))  # noqa: DTZ001
