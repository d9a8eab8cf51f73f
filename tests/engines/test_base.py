"""What a task is made of survives the way to another process, and buckets cover every id once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianmian.engines.base import ID_BITS, Output, Reading, Task, split
from qianmian.lake.files import Change, DataFile
from qianmian.lake.snapshot import Snapshot
from qianmian.profile.history.segments import gather
from qianmian.profile.tags import cuts

FILES = (DataFile("day=2026-05-01/a.parquet", 3, 99, date(2026, 5, 1)), DataFile("b.parquet", 0, 7))


@given(st.integers(0, 8), st.integers(0, 2**ID_BITS - 1))
def test_every_id_is_in_exactly_one_bucket(power: int, number: int) -> None:
    parts = split(2**power)
    assert [index for index, bucket in enumerate(parts) if bucket.first <= number <= bucket.last] == [
        number >> (ID_BITS - power)
    ]


@pytest.mark.parametrize("parts", [0, 3, 6, -2])
def test_buckets_are_a_power_of_two(parts: int) -> None:
    with pytest.raises(ValueError, match=f"power of two; got {parts}"):
        split(parts)


def test_a_task_travels_by_name() -> None:
    task = Task(gather, {"parts": 4, "segment": 2})
    assert json.loads(task.to_json())["run"] == "qianmian.profile.history.segments:gather"
    assert Task.from_json(task.to_json()) == task


def test_a_reading_travels_with_what_the_build_has_added() -> None:
    snapshot = Snapshot({"events": 3}, 2, 1, datetime(2026, 6, 1, 3, 4, 5, 6, tzinfo=UTC))
    changes = (Change("events", FILES), Change("persons", (), "all"), Change("links", (), FILES, rearranged=True))
    reading = Reading(snapshot, changes, ("a1", "b2"))
    assert Reading.from_json(reading.to_json()) == reading


def test_an_output_travels_whole() -> None:
    output = Output({"events": FILES, "persons": ()}, {"people": 3, "cuts": [[1, 2]], "none": None}, 17, "a1", 0.5)
    assert Output.from_json(output.to_json()) == output


def test_the_totals_of_a_part_add_up_the_same_after_their_journey() -> None:
    part = {"buyers": 2, "recency": 5, "orders": 3, "money": 70, "r": [(-3, 1), (-2, 1)], "f": [(1, 2)], "m": [(0, 2)]}
    travelled = Output.from_json(Output(summary=part).to_json()).summary
    today = date(2026, 6, 1)
    one, other = (cuts.merged([some, some], today=today, zone="UTC") for some in (part, travelled))
    assert one == other
    assert (one.buyers, one.r_cuts, cuts.Totals.from_json(one.to_json())) == (4, (-3, -3, -2, -2), one)
