"""What is released is seen whole; what is not, not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qianmian.core.errors import DamagedTableError, LakeError, StaleCommitError, UnknownNameError
from qianmian.core.tables import Column, Type
from qianmian.lake.connection import connect
from qianmian.lake.files import Change, Position
from qianmian.lake.log import Commit
from qianmian.lake.store import Lake
from tests.lake.shop import (
    LINES,
    PRICES,
    SALES,
    TABLES,
    batch,
    everything,
    lines_sql,
    open_lake,
    remove,
    rows,
    sales_sql,
    sell,
    snap,
    write,
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(tmp_path)


def test_a_lake_that_was_never_written_reads_as_empty(lake: Lake):
    assert snap(lake).versions == {}
    assert everything(lake) == {"sales": [], "lines": [], "marks": [], "prices": []}
    assert not lake.root.exists()


def test_released_rows_are_read_back_as_written(lake: Lake):
    sell(lake, 1, rows=3, days=2)
    assert [row[0] for row in rows(lake)] == [1000, 1001, 1002]
    assert {row[1] for row in rows(lake)} == {date(2026, 11, 1), date(2026, 11, 2)}
    assert rows(lake, "lines") == [(1000, 6), (1001, 0), (1002, 1)]


def test_a_release_tells_the_versions_that_a_snapshot_then_names(lake: Lake):
    for number in (1, 2):
        versions = lake.release("sales", batch(lake, number))
        assert snap(lake).versions == versions
    assert versions == {"sales": 1, "lines": 1, "marks": 1}


def test_a_second_opening_sees_the_same(lake: Lake, tmp_path: Path):
    sell(lake, 1)
    assert everything(open_lake(tmp_path)) == everything(lake)
    assert snap(open_lake(tmp_path)) == snap(lake)


def test_a_reader_keeps_its_rows_while_releases_go_on(lake: Lake, tmp_path: Path):
    sell(lake, 1)
    before = snap(lake)
    with connect(lake, before, threads=1, memory_mib=256, spill=tmp_path / "spill") as duck:
        count = duck.execute("SELECT count(*), sum(id) FROM sales").fetchall()
        sell(lake, 2)
        lake.release("sales", [Change("sales", remove="all")])
        assert duck.execute("SELECT count(*), sum(id) FROM sales").fetchall() == count
    assert len(rows(lake, "sales", before)) == 40
    assert rows(lake) == []


def test_another_process_follows_the_releases(lake: Lake, tmp_path: Path):
    reader = open_lake(tmp_path)
    for number in (1, 2, 3):
        sell(lake, number)
        assert len(rows(reader)) == 40 * number


def test_a_follower_is_not_seen_before_its_leader(lake: Lake):
    sell(lake, 1)
    ahead = write(lake, "lines", lines_sql(9000, 5))
    lake.logs["lines"].commit(Commit(ahead))
    assert len(rows(lake, "lines")) == 40


def test_a_leader_can_release_followers_without_rows_of_its_own(lake: Lake):
    lake.release("sales", [Change("lines", write(lake, "lines", lines_sql(1, 5)))])
    assert len(rows(lake, "lines")) == 5
    assert rows(lake) == []


def test_followers_that_a_release_leaves_alone_keep_their_version(lake: Lake):
    sell(lake, 1)
    lake.release("sales", [Change("sales", write(lake, "sales", sales_sql(9000, 5, 1)))])
    assert snap(lake).versions == {"sales": 1, "lines": 0, "marks": 0}


def test_a_table_without_followers_leads_itself(lake: Lake):
    lake.release("prices", [Change("prices", write(lake, "prices", "SELECT 1 AS id, 2.5 AS price"))])
    assert rows(lake, "prices") == [(1, 2.5)]


def test_a_follower_cannot_release_itself(lake: Lake):
    files = write(lake, "lines", lines_sql(1, 5))
    with pytest.raises(LakeError, match="'lines' cannot release 'lines'"):
        lake.release("lines", [Change("lines", files)])


def test_a_leader_cannot_release_what_does_not_follow_it(lake: Lake):
    with pytest.raises(LakeError, match="'sales' cannot release 'prices'"):
        lake.release("sales", [Change("prices", write(lake, "prices", "SELECT 1 AS id, 2.5 AS price"))])


def test_rewriting_replaces_just_the_named_files(lake: Lake):
    sell(lake, 1, rows=10, days=2)
    first, second = lake.files(snap(lake), "sales")
    lake.release("sales", [Change("sales", write(lake, "sales", sales_sql(5000, 1, 1)), (first,))])
    assert second in lake.files(snap(lake), "sales")
    assert [row[0] for row in rows(lake)] == [1001, 1003, 1005, 1007, 1009, 5000]


def test_replacing_leaves_the_new_rows_only(lake: Lake):
    sell(lake, 1)
    lake.release("sales", [Change("lines", write(lake, "lines", lines_sql(7, 1)), "all")])
    assert rows(lake, "lines") == [(7, 0)]
    assert len(rows(lake)) == 40


def test_a_file_that_was_replaced_already_cannot_be_replaced_again(lake: Lake):
    sell(lake, 1)
    old = tuple(lake.files(snap(lake), "sales"))
    lake.release("sales", [Change("sales", (), old)])
    with pytest.raises(StaleCommitError, match="was already replaced by another release"):
        lake.release("sales", [Change("sales", (), old)])


def test_a_stream_resumes_after_its_committed_position(lake: Lake, tmp_path: Path):
    assert lake.position("sales", "journal") is None
    sell(lake, 7)
    assert lake.position("sales", "journal") == 7
    assert lake.position("sales", "other") is None
    assert open_lake(tmp_path).position("sales", "journal") == 7


@pytest.mark.parametrize("number", [7, 6])
def test_a_stream_neither_repeats_nor_goes_back(lake: Lake, number: int):
    sell(lake, 7)
    before = everything(lake)
    with pytest.raises(StaleCommitError, match=f"'journal' is committed up to 7 in table 'sales'; got {number}"):
        sell(lake, number)
    assert everything(lake) == before


def test_two_writers_from_one_version_cannot_both_commit(lake: Lake, tmp_path: Path):
    sell(lake, 1)
    both = [open_lake(tmp_path), open_lake(tmp_path)]
    outcomes = {}

    def release_many(name: int) -> None:
        for _ in range(20):
            try:
                versions = both[name].release("prices", [], notes={"writer": str(name)})
                assert outcomes.setdefault(versions["prices"], name) == name
            except StaleCommitError:
                continue

    with ThreadPoolExecutor() as pool:
        list(pool.map(release_many, (0, 1)))
    log = open_lake(tmp_path).logs["prices"]
    assert {version: int(str(log.entries.metadata(version)["notes"]["writer"])) for version in outcomes} == outcomes
    assert len(outcomes) == log.latest() + 1


def test_notes_belong_to_the_release_that_wrote_them(lake: Lake):
    lake.release("sales", batch(lake, 1), notes={"batch": "b-1"})
    first = snap(lake)
    lake.release("sales", batch(lake, 2), notes={"batch": "b-2"})
    lake.release("sales", batch(lake, 3))
    assert lake.notes(first, "sales") == {"batch": "b-1"}
    assert lake.notes(snap(lake), "sales") == {}


def test_a_file_that_went_missing_before_its_release_is_refused(lake: Lake):
    changes = batch(lake, 1)
    lost = changes[0].add[0]
    remove(lake, lake.path("lines", lost))
    with pytest.raises(DamagedTableError, match=f"'lines': {lost.path} is missing"):
        lake.release("sales", changes)
    assert snap(lake).versions == {}


def test_an_undeclared_table_is_named(lake: Lake):
    with pytest.raises(UnknownNameError, match="'coupons' is not declared"):
        lake.new_file("coupons")


def test_a_day_is_given_exactly_for_partitioned_tables(lake: Lake):
    with pytest.raises(LakeError, match="'sales' is partitioned by day; got day=None"):
        lake.new_file("sales")
    with pytest.raises(LakeError, match="'lines' is not partitioned by day"):
        lake.new_file("lines", day=date(2026, 11, 1))


def test_a_follower_of_an_unknown_leader_is_refused(tmp_path: Path):
    with pytest.raises(LakeError, match="released by 'sales', which is no leader"):
        Lake(tmp_path, [LINES])


def test_an_unknown_partition_is_refused(tmp_path: Path):
    with pytest.raises(LakeError, match="'sales' is partitioned by id"):
        Lake(tmp_path, [replace(SALES, partition_by=("id",))])


def test_a_column_declared_later_is_empty_in_older_rows(lake: Lake):
    sell(lake, 1, rows=1)
    wider = replace(LINES, columns=(Column("gift", Type.FLAG, "wrapped"), *LINES.columns))
    widened = Lake(lake.root, [SALES, wider, *TABLES[2:]], storage=lake.storage)
    assert rows(widened, "lines") == [(None, 1000, 6)]
    new = write(widened, "lines", "SELECT 2 AS id, 3 AS pieces, true AS gift")
    widened.release("sales", [Change("lines", new)])
    assert sorted(row[1:] for row in rows(widened, "lines")) == [(2, 3), (1000, 6)]
    assert {row[0] for row in rows(widened, "lines")} == {True, None}


def test_a_column_of_a_leader_that_is_declared_later_hides_no_row_of_its_followers(lake: Lake):
    sell(lake, 1, rows=1)
    before = rows(lake, "lines")
    wider = replace(SALES, columns=(*SALES.columns, Column("gift", Type.FLAG, "wrapped")))
    widened = Lake(lake.root, [wider, *TABLES[1:]], storage=lake.storage)
    assert rows(widened, "lines") == before
    widened.release("sales", [])
    assert rows(widened, "lines") == before
    assert [row[-1] for row in rows(widened, "sales")] == [None]


def test_a_column_that_changed_its_type_is_refused(lake: Lake):
    lake.release("prices", [Change("prices", write(lake, "prices", "SELECT 1 AS id, 2.5 AS price"))])
    changed = replace(PRICES, columns=(PRICES.columns[0], Column("price", Type.TEXT, "price")))
    other = Lake(lake.root, [changed], storage=lake.storage)
    with pytest.raises(LakeError, match="stored columns price differ"):
        other.release("prices", [Change("prices", write(other, "prices", "SELECT 2 AS id, 'x' AS price"))])


def test_every_file_is_listed_once(lake: Lake):
    for number in (1, 2, 3):
        sell(lake, number, rows=20, days=20)
    files = lake.files(snap(lake), "sales")
    assert len(files) == len({file.path for file in files}) == 60
    assert sum(file.rows for file in files) == 60


def test_a_long_log_is_summed_up(lake: Lake, tmp_path: Path):
    for number in range(1, 103):
        lake.release("prices", [], position=Position("journal", number))
    assert lake.logs["prices"].entries.checkpoints() == [100]
    assert open_lake(tmp_path).position("prices", "journal") == 102


def test_a_file_is_released_once(lake: Lake):
    changes = batch(lake, 1)
    lake.release("sales", changes)
    with pytest.raises(StaleCommitError, match="was released already"):
        lake.release("sales", changes)
    assert len(rows(lake)) == 40
