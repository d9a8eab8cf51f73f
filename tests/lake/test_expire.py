"""What expires is gone from the disk; what a release or a pin needs stays."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from qianmian.core.errors import SnapshotExpiredError
from qianmian.lake.expire import Expired, expire
from qianmian.lake.files import Change, Position
from qianmian.lake.log import Commit
from qianmian.lake.pins import Pins
from qianmian.lake.store import Lake
from tests.lake.shop import NOW, everything, later, lines_sql, open_lake, rows, sell, snap, write

MARKER = "marker-7f3a"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path)
    for number in (1, 2, 3):
        sell(lake, number)
    return lake


def files_with(root: Path, marker: str) -> list[Path]:
    """Files that hold a marker in their bytes, or in a decoded Parquet column: compression hides it."""
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        text = str(pq.read_table(path, partitioning=None).to_pylist()) if path.suffix == ".parquet" else ""
        if marker in text or marker.encode() in path.read_bytes():
            found.append(path)
    return found


def erase_marker(lake: Lake) -> None:
    """Remove the files of the marked batch, as an erasure does whose other rows were written again."""
    for table in ("sales", "marks"):
        marked = files_with(lake.root / table, MARKER)
        hit = tuple(file for file in lake.files(snap(lake), table) if lake.location(table, file) in marked)
        lake.release("sales", [Change(table, (), hit)])


def test_an_erased_marker_is_in_no_file_not_even_in_the_log(lake: Lake):
    sell(lake, 4, note=MARKER)
    assert files_with(lake.root, MARKER)
    erase_marker(lake)
    assert files_with(lake.root, MARKER)

    expire(lake, Pins(lake.root), NOW)

    assert files_with(lake.root, MARKER) == []
    assert len(rows(lake)) == 120


def test_the_log_shrinks_to_its_last_entry_and_all_is_as_before(lake: Lake, tmp_path: Path):
    before = everything(lake), snap(lake), lake.position("sales", "journal")
    assert expire(lake, Pins(lake.root), NOW) == Expired(files=0, entries=6)
    for opened in (lake, open_lake(tmp_path)):
        assert [log.entries.versions() for log in opened.logs.values()] == [[2], [2], [2], []]
        assert (everything(opened), snap(opened), opened.position("sales", "journal")) == before
        assert opened.recover() == []


def test_releases_go_on_after_an_expiry(lake: Lake, tmp_path: Path):
    reader = open_lake(tmp_path)
    assert len(rows(reader)) == 120
    expire(lake, Pins(lake.root), NOW)
    sell(lake, 4)
    expire(lake, Pins(lake.root), NOW)
    sell(lake, 5)
    assert len(rows(reader)) == len(rows(lake)) == len(rows(open_lake(tmp_path))) == 200


def test_whoever_has_a_table_open_can_ask_it_after_its_checkpoint_has_expired(lake: Lake, tmp_path: Path):
    expire(lake, Pins(lake.root), NOW)
    lake.release("sales", [], position=Position("another", 1))
    reader = open_lake(tmp_path)
    reader.logs["sales"].fit_declaration(lambda: None)  # what a release asks
    expire(lake, Pins(lake.root), NOW)
    assert reader.position("sales", "journal") == 3
    assert snap(reader) == snap(lake)


def test_an_expired_snapshot_says_so(lake: Lake, tmp_path: Path):
    old = snap(lake)
    lake.release(
        "sales", [Change("sales", remove="all"), Change("lines", write(lake, "lines", lines_sql(1, 1)), "all")]
    )
    expire(lake, Pins(lake.root), NOW)
    for opened in (lake, open_lake(tmp_path)):
        with pytest.raises(SnapshotExpiredError, match="version 2 of table 'sales' has expired") as caught:
            rows(opened, "sales", old)
        assert "take a new snapshot" in caught.value.hint


def test_a_pinned_snapshot_stays_readable_until_its_pin_ends(lake: Lake, tmp_path: Path):
    pinned, before = snap(lake), everything(lake)
    pin = Pins(lake.root).pin(pinned, "build", later(1))
    sell(lake, 4)
    lake.release("sales", [Change("sales", remove="all"), Change("lines", (), "all")])

    expire(lake, Pins(lake.root), later(0.5))
    reader = open_lake(tmp_path)
    assert {table: rows(reader, table, pinned) for table in reader.tables} == before
    assert reader.notes(pinned, "sales") == {}

    expire(lake, Pins(lake.root), pin.until)
    with pytest.raises(SnapshotExpiredError):
        rows(open_lake(tmp_path), "sales", pinned)


def test_an_unpinned_version_in_between_expires_while_an_older_pin_holds(lake: Lake, tmp_path: Path):
    Pins(lake.root).pin(snap(lake), "build", later(1))
    sell(lake, 4)
    between = snap(lake)
    lake.release("sales", [Change("sales", remove="all")])
    expire(lake, Pins(lake.root), NOW)
    with pytest.raises(SnapshotExpiredError):
        rows(open_lake(tmp_path), "sales", between)


def test_files_under_writing_stay_unless_nobody_writes(lake: Lake):
    (stray,) = write(lake, "lines", lines_sql(1, 5))
    expire(lake, Pins(lake.root), NOW)
    assert lake.storage.size(lake.path("lines", stray))
    expire(lake, Pins(lake.root), NOW, strays=True)
    assert lake.storage.size(lake.path("lines", stray)) is None
    assert not lake.path("lines", stray).exists()
    assert len(rows(lake, "lines")) == 120


def test_a_rolled_back_follower_leaves_no_rows_behind(lake: Lake, tmp_path: Path):
    ahead = write(lake, "marks", f"SELECT 1 AS id, '{MARKER}' AS note")
    lake.logs["marks"].commit(Commit(ahead))
    again = open_lake(tmp_path)
    again.recover()
    expire(again, Pins(again.root), NOW)
    assert files_with(again.root, MARKER) == []
