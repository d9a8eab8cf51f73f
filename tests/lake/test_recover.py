"""Damage is refused by name; what a power cut left of an unfinished release is cleared away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qianmian.core.errors import DamagedTableError
from qianmian.lake.release import INTENT
from qianmian.lake.store import Lake
from tests.lake.shop import everything, open_lake, overwrite, remove, rows, sell, snap


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path)
    for number in (1, 2, 3):
        sell(lake, number)
    return lake


def test_a_whole_lake_passes_and_needs_no_recovery(lake: Lake, tmp_path: Path):
    open_lake(tmp_path).check()
    assert open_lake(tmp_path).recover() == []


def test_a_truncated_data_file_is_refused_by_name(lake: Lake, tmp_path: Path):
    file = lake.files(snap(lake), "sales")[0]
    path = lake.location("sales", file)
    overwrite(lake, path, path.read_bytes()[:100])
    expected = f"table 'sales': {file.path} has 100 bytes, not {file.size}"
    for use in (Lake.check, Lake.recover, rows):
        with pytest.raises(DamagedTableError, match=expected) as caught:
            use(open_lake(tmp_path))
        assert "restore the data from its last backup" in caught.value.hint


def test_a_missing_data_file_is_refused_by_name(lake: Lake, tmp_path: Path):
    file = lake.files(snap(lake), "lines")[0]
    remove(lake, lake.location("lines", file))
    for use in (Lake.check, lambda opened: rows(opened, "lines")):
        with pytest.raises(DamagedTableError, match=f"table 'lines': {file.path} is missing"):
            use(open_lake(tmp_path))


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("text", ["", '{"add": nonsense'])
@pytest.mark.parametrize("table", ["sales", "lines"])
def test_a_broken_log_entry_is_refused_by_name(lake: Lake, tmp_path: Path, table: str, text: str, version: int):
    entry = lake.logs[table].entries.entry(version)
    overwrite(lake, entry, text.encode())
    fault = "is not readable" if text else "is empty"
    with pytest.raises(DamagedTableError, match=f"table '{table}': _delta_log/{entry.name} {fault}"):
        open_lake(tmp_path).recover()
    with pytest.raises(DamagedTableError, match=f"table '{table}': _delta_log/{entry.name} {fault}"):
        rows(open_lake(tmp_path), table)


def test_a_gap_in_the_log_is_refused_by_name(lake: Lake, tmp_path: Path):
    remove(lake, lake.logs["sales"].entries.entry(1))
    with pytest.raises(DamagedTableError, match=r"table 'sales': _delta_log/0+1.json is missing"):
        open_lake(tmp_path).check()


@pytest.mark.parametrize("torn", ["", '{"commitInfo":{"timesta'])
def test_a_leader_entry_that_a_power_cut_tore_is_dropped_with_its_followers(lake: Lake, tmp_path: Path, torn: str):
    before = everything(lake)
    sell(lake, 4)
    overwrite(lake, lake.logs["sales"].entries.entry(3), torn.encode())
    overwrite(lake, lake.root / INTENT, json.dumps({"lines": 3, "marks": 3, "sales": 3}).encode())

    again = open_lake(tmp_path)
    done = again.recover()

    assert "table 'sales': dropped the log entry of version 3, which did not reach the disk" in done
    assert everything(again) == before
    assert again.position("sales", "journal") == 3
    sell(again, 4)
    assert len(rows(open_lake(tmp_path), "lines")) == 160


def test_a_torn_first_entry_leaves_a_table_that_was_never_written(tmp_path: Path):
    lake = open_lake(tmp_path)
    sell(lake, 1)
    overwrite(lake, lake.logs["sales"].entries.entry(0), b"")
    overwrite(lake, lake.root / INTENT, json.dumps({"lines": 0, "marks": 0, "sales": 0}).encode())
    again = open_lake(tmp_path)
    again.recover()
    assert snap(again).versions == {}
    sell(again, 1)
    assert [len(found) for found in everything(open_lake(tmp_path)).values()] == [40, 40, 40, 0]


def test_an_announced_entry_that_reached_the_disk_stays(lake: Lake, tmp_path: Path):
    before = everything(lake)
    overwrite(lake, lake.root / INTENT, json.dumps({"lines": 2, "marks": 2, "sales": 2}).encode())
    assert open_lake(tmp_path).recover() == []
    assert everything(open_lake(tmp_path)) == before
    assert lake.storage.size(lake.root / INTENT) is None


def test_a_torn_checkpoint_is_dropped_while_its_log_is_there(lake: Lake, tmp_path: Path):
    before = everything(lake)
    log = lake.logs["sales"]
    log.checkpoint(1)
    overwrite(lake, log.entries.checkpoint(1), b"")
    overwrite(lake, log.entries.last_checkpoint, b"")
    assert open_lake(tmp_path).recover() == [
        "table 'sales': dropped the checkpoint of version 1, which did not reach the disk"
    ]
    assert everything(open_lake(tmp_path)) == before


def test_drafts_of_log_entries_are_swept(lake: Lake, tmp_path: Path):
    draft = lake.logs["sales"].entries.path / "00000000000000000009.json#1"
    overwrite(lake, draft, b"half")
    open_lake(tmp_path).recover()
    assert lake.storage.size(draft) is None
