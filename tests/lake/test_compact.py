"""Compaction changes files, never rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from qianmian.core.errors import StaleCommitError
from qianmian.lake.compact import Compaction, _merge, compact
from qianmian.lake.files import Change
from qianmian.lake.store import Lake
from tests.lake.shop import batch, everything, open_lake, rows, sell, snap


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path)
    for number in (3, 4, 5):
        sell(lake, number)
    return lake


@pytest.fixture
def how(tmp_path: Path) -> Compaction:
    return Compaction(threads=1, memory_mib=256, spill=tmp_path / "spill", at_least=2)


def test_rows_stay_and_files_become_one_a_day(lake: Lake, how: Compaction, tmp_path: Path):
    before = everything(lake)
    assert compact(lake, "sales", how) == 6
    assert compact(lake, "lines", how) == 3
    assert everything(open_lake(tmp_path)) == before
    assert [file.rows for file in lake.files(snap(lake), "sales")] == [60, 60]
    assert [file.rows for file in lake.files(snap(lake), "lines")] == [120]


def test_a_merged_file_is_sorted(lake: Lake, how: Compaction):
    for number in (2, 1):
        lake.release("sales", batch(lake, number))
    compact(lake, "lines", replace(how, at_least=4))
    (merged,) = lake.files(snap(lake), "lines")
    ids = pq.read_table(lake.location("lines", merged))["id"].to_pylist()
    assert len(ids) == 200
    assert ids == sorted(ids)


def test_a_reader_of_an_earlier_snapshot_still_finds_its_files(lake: Lake, how: Compaction):
    earlier, before = snap(lake), rows(lake)
    compact(lake, "sales", how)
    assert rows(lake, "sales", earlier) == before


def test_a_tiny_file_keeps_nobody_from_being_merged(tmp_path: Path, how: Compaction):
    lake = open_lake(tmp_path)
    for number, rows_a_file in enumerate((1, 20_000, 20_000, 20_000, 20_000), 1):
        lake.release("sales", batch(lake, number, rows=rows_a_file, days=1))
    before = everything(lake)
    assert compact(lake, "sales", how) == 4
    assert sorted(file.rows for file in lake.files(snap(lake), "sales")) == [1, 40_000, 40_000]
    assert everything(lake) == before


def test_too_few_small_files_are_left_alone(lake: Lake, tmp_path: Path):
    before = snap(lake)
    assert compact(lake, "sales", Compaction(1, 256, tmp_path / "spill", at_least=4)) == 0
    assert compact(lake, "sales", Compaction(1, 256, tmp_path / "spill", at_least=2, small_bytes=10)) == 0
    assert compact(lake, "prices", Compaction(1, 256, tmp_path / "spill")) == 0
    assert snap(lake) == before


def test_positions_and_notes_stay(lake: Lake, how: Compaction):
    lake.release("sales", batch(lake, 6), notes={"batch": "b-6"})
    compact(lake, "marks", how)
    assert lake.position("sales", "journal") == 5
    assert lake.notes(snap(lake), "sales") == {"batch": "b-6"}


def test_an_erasure_in_between_wins(lake: Lake, how: Compaction):
    groups = [lake.files(snap(lake), "lines")]
    merged = _merge(lake, "lines", groups, how)
    lake.release("sales", [Change("lines", remove="all")])
    with pytest.raises(StaleCommitError):
        lake.release("sales", [Change("lines", merged, tuple(groups[0]), rearranged=True)])
    assert rows(lake, "lines") == []


def test_the_log_says_that_no_data_changed(lake: Lake, how: Compaction):
    compact(lake, "lines", how)
    log = lake.logs["lines"]
    actions = [action for action in log.entries.actions(log.latest()) if "commitInfo" not in action]
    assert {body["dataChange"] for action in actions for body in action.values()} == {False}
