"""What only a lake in an object store has to bear: a store that fails half-way, and copies that come and go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qianmian.core.errors import DamagedTableError, StaleCommitError, StoreUnreachableError, WorkspaceError
from qianmian.lake.address import Address
from qianmian.lake.files import Change
from qianmian.lake.objects import ObjectStorage, check_creates_once
from qianmian.lake.store import Lake
from tests.lake import shop
from tests.lake.shop import TABLES, everything, lines_sql, rows, sell, write
from tests.lake.test_crash import run
from tests.objectstore import SWITCH, ObjectStore, meddled, objects

MIB = 1 << 20


@pytest.fixture
def address(object_store: ObjectStore) -> Address:
    return object_store.address()


def open_lake(folder: Path, address: Address) -> Lake:
    root = folder / "lake"
    return Lake(root, TABLES, storage=ObjectStorage(root, address))


@pytest.fixture
def lake(tmp_path: Path, address: Address) -> Lake:
    lake = open_lake(tmp_path, address)
    for number in (1, 2):
        sell(lake, number)
    return lake


@contextmanager
def meddled_lake(folder: Path, address: Address, mode: str) -> Iterator[Lake]:
    with meddled(address, mode) as through:
        yield open_lake(folder, through)


def copies(lake: Lake) -> set[str]:
    return {path.relative_to(lake.root).as_posix() for path in lake.root.rglob("*") if path.is_file()}


def test_another_machine_reads_the_same_rows(lake: Lake, tmp_path: Path, address: Address) -> None:
    other = open_lake(tmp_path / "other", address)
    assert everything(other) == everything(lake)
    assert {name for name in copies(other) if name.endswith(".parquet")} <= objects(address).keys()


def test_what_is_kept_is_what_was_written(lake: Lake, address: Address) -> None:
    found = objects(address)
    assert found
    for name in copies(lake):
        assert (lake.root / name).read_bytes() == found[name]


@pytest.mark.parametrize("size", [MIB, 23 * MIB])  # in one request, and in parts
def test_a_file_that_is_cut_on_its_way_is_named_nowhere(size: int, tmp_path: Path, address: Address) -> None:
    with meddled_lake(tmp_path, address, "cut") as lake:
        path = lake.new_file("lines")
        path.write_bytes(os.urandom(size))
        with pytest.raises(StoreUnreachableError, match="did not answer, or refused"):
            lake.storage.keep([path])
    assert objects(address) == {}


def test_rows_that_cannot_be_sent_leave_nothing(lake: Lake, tmp_path: Path, address: Address) -> None:
    before, held = everything(lake), objects(address)
    many = "SELECT i AS id, 1 AS pieces FROM range(400000) numbers(i)"
    with meddled_lake(tmp_path / "cut", address, "cut") as broken, pytest.raises(StoreUnreachableError):
        write(broken, "lines", many)
    assert objects(address) == held
    again = open_lake(tmp_path / "again", address)
    assert again.recover() == []
    assert everything(again) == before


def test_a_commit_whose_answer_was_lost_counts_once(lake: Lake, tmp_path: Path, address: Address) -> None:
    with meddled_lake(tmp_path / "deaf", address, "swallow") as deaf:
        deaf.release("prices", [Change("prices", write(deaf, "prices", "SELECT 1 AS id, 2.5 AS price"))])
        released = deaf.release("prices", [Change("prices", write(deaf, "prices", "SELECT 2 AS id, 2.5 AS price"))])
    assert released == {"prices": 1}
    assert rows(open_lake(tmp_path / "again", address), "prices") == [(1, 2.5), (2, 2.5)]


@pytest.mark.parametrize("name", ["lake.after_files", "lake.after_followers", "lake.after_leader"])
def test_a_writer_killed_in_a_release_leaves_all_or_nothing(
    name: str, object_store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, "s3")
    lake = shop.open_lake(tmp_path)
    for number in (1, 2):
        sell(lake, number)
    before = everything(lake)

    assert run(tmp_path, "sell", "--die", name, "1").returncode == -9

    again = shop.open_lake(tmp_path)
    seen = everything(again)
    is_released = name == "lake.after_leader"
    assert (seen != before) is is_released
    assert again.position("sales", "journal") == 2 + is_released
    again.recover()
    assert everything(again) == seen
    assert len(shop.kept(again)) == sum(len(log.named_paths()) for log in again.logs.values())


def test_two_machines_cannot_both_take_a_version(lake: Lake, tmp_path: Path, address: Address) -> None:
    other = open_lake(tmp_path / "other", address)
    changes = {one: [Change("lines", write(one, "lines", lines_sql(9000, 5)))] for one in (lake, other)}
    with lake.storage.still(), other.storage.still():  # each believes to be alone
        lake.release("sales", changes[lake])
        with pytest.raises(StaleCommitError):
            other.release("sales", changes[other])
    again = open_lake(tmp_path / "again", address)
    again.recover()
    assert len(rows(again, "lines")) == 85


def test_a_store_that_creates_twice_is_refused(tmp_path: Path, address: Address) -> None:
    check_creates_once(ObjectStorage(tmp_path / "lake", address))
    with meddled(address, "forget") as through, pytest.raises(WorkspaceError, match="two writers could both commit"):
        check_creates_once(ObjectStorage(tmp_path / "lake", through))
    assert objects(address) == {}


def test_a_copy_that_is_short_is_fetched_again(lake: Lake) -> None:
    before = everything(lake)
    for path in [path for path in lake.root.rglob("*.parquet") if "_delta_log" not in path.parts]:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:-1])
    assert everything(lake) == before


def test_a_lost_object_is_refused_by_name_though_its_copy_is_here(lake: Lake, tmp_path: Path, address: Address) -> None:
    elsewhere = ObjectStorage(tmp_path / "elsewhere", address)
    name = next(name for name in sorted(objects(address)) if name.startswith("lines/") and name.endswith(".parquet"))
    elsewhere.delete([elsewhere.root / name])
    assert (lake.root / name).exists()
    with pytest.raises(DamagedTableError, match=f"table 'lines': {Path(name).name} is missing"):
        lake.check()


def test_copies_of_what_others_deleted_are_cleared_and_work_in_progress_is_not(
    lake: Lake, tmp_path: Path, address: Address
) -> None:
    elsewhere = ObjectStorage(tmp_path / "elsewhere", address)
    name = next(name for name in copies(lake) if name.startswith("lines/") and name.endswith(".parquet"))
    elsewhere.delete([elsewhere.root / name])
    written = lake.new_file("lines")
    written.write_bytes(b"half")
    before = copies(lake)
    lake.storage.clear()
    assert copies(lake) == before - {name}
    lake.storage.clear(unfinished=True)
    assert not written.exists()


def test_copies_are_trimmed_the_longest_unused_first(lake: Lake) -> None:
    before = everything(lake)
    files = sorted(path for path in lake.root.rglob("*.parquet"))
    for age, path in enumerate(files):
        os.utime(path, (age, age))
    spared, *others = files
    room = sum(path.stat().st_size for path in lake.root.rglob("*") if path.is_file()) - others[0].stat().st_size
    lake.storage.trim(room, [spared.absolute()])
    assert [path.exists() for path in (spared, *others)] == [True, False, *(True for _ in others[1:])]
    lake.storage.trim(0, [])
    assert copies(lake) == set()
    assert everything(lake) == before
