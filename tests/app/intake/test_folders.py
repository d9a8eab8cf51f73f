"""Watched folders: a finished file comes in once, whatever it is called, changed into, or dies; no neighbour waits."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.contracts.folders import FileTold, FolderTold, files_told
from qianmian.app.intake.files import Status, copied, files_in
from qianmian.app.intake.folders import WatchedFolders
from qianmian.app.intake.follower import look
from qianmian.collect.imports.templates import find_template
from qianmian.core.errors import InputError, MappingError, UnknownNameError
from qianmian.core.language import Language
from tests.app.traces import EVENTS, Scene, trace

PAUSE = timedelta(seconds=5)
PHONE = "13800138000"


class Till:
    """A folder into which somebody puts files, and the shop that watches it."""

    def __init__(self, root: Path) -> None:
        self.scene = Scene(root / "shop")
        self.folder = root / "shop" / "folders" / "till"
        self.folder.mkdir(parents=True)
        self.folders.add("till", "till", EVENTS)

    @property
    def folders(self) -> WatchedFolders:
        return WatchedFolders(self.scene.shop.workspace.catalogue, self.scene.shop.workspace.clock)

    def put(self, name: str, *ids: str, folder: str = "") -> Path:
        """A file of events with some ids."""
        file = self.folder / folder / name
        file.parent.mkdir(exist_ok=True)
        rows = [trace("Product Viewed", "2026-05-01", id=one, user="u1", item="i1") for one in ids]
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return file

    def look(self, *, again: bool = False) -> int:
        """Look, and once more after a pause."""
        first = look(self.scene.shop, self.folders.get("till"), again=again)
        self.scene = self.scene.at(self.scene.now + PAUSE)
        return first + look(self.scene.shop, self.folders.get("till"))

    @property
    def files(self) -> dict[str, FileTold]:
        return {told.file: told for told in files_told(self.scene.shop.workspace, "till", Language.EN)}

    @property
    def ids(self) -> list[str]:
        """Ids of all events that are in."""
        return sorted(row["event_id"] for row in self.scene.rows("events"))

    def outcome(self, name: str) -> tuple[Any, ...]:
        file = self.files[name]
        return str(file.status), file.accepted, file.duplicates, file.refused_rows


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    made.scene.shop.close()


def test_a_finished_file_comes_in_once_and_stays_where_it_is(till: Till) -> None:
    file = till.put("a.jsonl", "1", "2")
    assert till.look() == 1
    assert till.outcome("a.jsonl") == ("taken", 2, 0, 0)
    assert till.look() == 0
    assert (till.ids, len(till.scene.shop.batches.all()), file.exists()) == (["1", "2"], 1, True)


def test_facts_of_the_context_are_watched_without_ids_of_events(till: Till) -> None:
    till.folders.remove("till")
    till.folders.add("till", "till", find_template("context/calendar").text)
    (till.folder / "calendar.csv").write_text(
        "名称,开始日期,结束日期,类型\n年货节,2027-01-05,2027-01-20,节日\n坏,哪天,,节日\n"
    )
    assert till.look() == 1
    assert till.outcome("calendar.csv") == ("taken", 1, 0, 1)
    assert [row["name"] for row in till.scene.rows("context")] == ["年货节"]


def test_a_file_that_grows_is_waited_for(till: Till) -> None:
    till.put("a.jsonl", "1")
    shop = till.scene.shop
    assert look(shop, till.folders.get("till")) == 0
    till.put("a.jsonl", "1", "2")
    till.put("empty.jsonl")
    till.scene = till.scene.at(till.scene.now + PAUSE)
    assert look(till.scene.shop, till.folders.get("till")) == 0
    till.scene = till.scene.at(till.scene.now + PAUSE)
    assert look(till.scene.shop, till.folders.get("till")) == 1
    assert (till.ids, str(till.files["empty.jsonl"].status)) == (["1", "2"], "waiting")


def test_a_file_that_changes_under_the_copy_waits_again(till: Till, tmp_path: Path) -> None:
    till.put("a.jsonl", "1")
    [found] = files_in(till.folder, b"key")
    till.put("a.jsonl", "1", "2")
    assert copied(found, tmp_path / "copy") is None


@pytest.mark.parametrize("name", [".a.jsonl", "a.jsonl.tmp", "a.PART", "~$a.xlsx", "a.jsonl~", "a.crdownload"])
def test_a_temporary_name_is_passed_over_until_it_is_renamed(till: Till, name: str) -> None:
    file = till.put(name, "1")
    assert (till.look(), till.files) == (0, {})
    file.rename(till.folder / "a.jsonl")
    assert (till.look(), till.ids) == (1, ["1"])


def test_the_same_content_under_another_name_is_not_imported_again(till: Till) -> None:
    till.put("a.jsonl", "1").rename(till.folder / "b.jsonl")
    (till.folder / "c.jsonl").write_bytes((till.folder / "b.jsonl").read_bytes())
    till.look()
    told = {name: (str(file.status), file.batch) for name, file in till.files.items()}
    assert told == {"b.jsonl": ("taken", 1), "c.jsonl": ("same", 1)}
    assert (till.ids, len(till.scene.shop.batches.all())) == (["1"], 1)


def test_a_file_that_changed_comes_in_again_and_repeats_are_counted(till: Till) -> None:
    till.put("a.jsonl", "1")
    till.look()
    till.put("a.jsonl", "1", "2")
    till.look()
    assert till.outcome("a.jsonl") == ("taken", 1, 1, 0)
    assert till.ids == ["1", "2"]


def test_an_import_that_was_undone_stays_out(till: Till) -> None:
    till.put("a.jsonl", "1")
    till.look()
    till.scene.shop.undo(till.files["a.jsonl"].batch or 0)
    assert (till.look(again=True), till.ids) == (0, [])


def test_a_bad_file_and_a_bad_row_hold_up_nobody(till: Till) -> None:
    (till.folder / "0.jsonl").write_bytes(b"\xff\xfe\x00 no rows")
    till.put("1.jsonl", "1")
    with (till.folder / "1.jsonl").open("a") as out:
        out.write('{"event": null}\n')
    (till.folder / "2.jsonl").symlink_to(till.put("elsewhere", "3", folder=".."))
    till.put("3.jsonl", "4")
    till.look()
    assert {name: str(file.status) for name, file in till.files.items()} == {
        "0.jsonl": "failed", "1.jsonl": "taken", "2.jsonl": "failed", "3.jsonl": "taken",
    }  # fmt: skip
    assert till.outcome("1.jsonl") == ("taken", 1, 0, 1)
    assert len(till.scene.shop.refused(till.files["1.jsonl"].batch or 0)) == 1
    assert "is a link, which is not followed" in till.files["2.jsonl"].problem
    assert till.ids == ["1", "4"]


def test_what_failed_is_tried_again_when_asked_or_changed(till: Till) -> None:
    link = till.folder / "a.jsonl"
    link.symlink_to("nowhere")
    till.look()
    assert till.look() == 0
    assert till.look(again=True) == 1
    link.unlink()
    till.put("a.jsonl", "1")
    assert (till.look(), till.outcome("a.jsonl")) == (1, ("taken", 1, 0, 0))


def test_what_a_folder_of_the_past_brings_is_marked_and_so_is_its_replay(till: Till) -> None:
    till.folders.remove("till")
    till.folders.add("till", "till", EVENTS, is_backfill=True)
    till.put("a.jsonl", "1")
    with (till.folder / "a.jsonl").open("a") as out:
        out.write('{"id": "2", "event": "Product Viewed", "at": "not yet", "user": "u1"}\n')
    till.look()
    shop, batch = till.scene.shop, till.files["a.jsonl"].batch or 0
    mapping = till.scene.folder / "again.yaml"
    mapping.write_text(EVENTS.replace("occurred_at: at", "occurred_at: {value: '2026-05-01T12:00:00Z'}"))
    replayed = shop.replay(batch, mapping)
    assert replayed.accepted == 1
    assert [row["is_backfill"] for row in shop.batches.all()] == [True, True]


def test_a_file_that_is_gone_is_told_only_if_it_was_taken_in(till: Till) -> None:
    taken, bad, waiting = till.put("a.jsonl", "1"), till.folder / "bad.jsonl", till.put("b.jsonl")
    bad.symlink_to("nowhere")
    till.look()
    assert {name: str(file.status) for name, file in till.files.items()} == {
        "a.jsonl": "taken", "b.jsonl": "waiting", "bad.jsonl": "failed",
    }  # fmt: skip
    till.put("a.jsonl", "1", "2")
    look(till.scene.shop, till.folders.get("till"))
    for file in (taken, bad, waiting):
        file.unlink()
    till.look()
    assert {name: str(file.status) for name, file in till.files.items()} == {"a.jsonl": "taken"}


def test_folders_within_are_left_alone(till: Till) -> None:
    till.put("a.jsonl", "1", folder="done")
    assert (till.look(), till.files) == (0, {})


def test_personal_data_in_a_name_is_masked_wherever_it_is_told(till: Till) -> None:
    till.put(f"张三 {PHONE}.jsonl", "1")
    os.close(os.open(os.fsencode(till.folder) + b"/\xb6\xa9.jsonl", os.O_CREAT))  # GBK, as an old share has it
    till.look()
    assert till.outcome("张三 138****8000.jsonl")[0] == "taken"
    shop = till.scene.shop
    assert PHONE not in json.dumps([dict(row) for row in shop.batches.all()], default=str)
    told = FolderTold.of(shop.workspace, till.folders.get("till"), Language.EN)
    assert (told.taken, told.waiting, told.failed) == (1, 1, 0)
    catalogue = (till.scene.folder / "data").glob("catalogue*")
    assert not any(PHONE.encode() in file.read_bytes() for file in catalogue)


@pytest.mark.parametrize(
    ("name", "path", "mapping", "told"),
    [
        ("Till", "till", EVENTS, "the name of a watched folder"),
        ("till", "till", EVENTS, "there is a watched folder 'till' already"),
        ("other", "../data", EVENTS, "must lie below"),
        ("other", "/etc", EVENTS, "must lie below"),
        ("other", "till", EVENTS.replace("event_id: id, ", ""), "must name `event_id`"),
    ],
)
def test_what_cannot_be_watched_is_refused(till: Till, name: str, path: str, mapping: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        till.folders.add(name, path, mapping)
    with pytest.raises(MappingError):
        till.folders.add("other", "till", "source: [")
    with pytest.raises(UnknownNameError):
        till.folders.get("other")


def test_a_folder_that_is_gone_or_leads_elsewhere_says_so_and_recovers(till: Till, tmp_path: Path) -> None:
    till.put("a.jsonl", "1")
    away = till.folder.rename(tmp_path / "away")
    with pytest.raises(InputError, match="is not there"):
        till.look()
    till.folder.symlink_to(away)
    with pytest.raises(InputError, match="leads out of"):
        till.look()
    told = FolderTold.of(till.scene.shop.workspace, till.folders.get("till"), Language.ZH)
    assert "folder_root" in told.problem
    till.folder.unlink()
    away.rename(till.folder)
    till.look()
    assert (till.ids, till.folders.get("till").reason) == (["1"], None)


def test_the_workspaces_own_data_is_never_watched(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop", settings={"folder_root": "."})
    folders = WatchedFolders(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    for path in ("data", "data/keys"):
        folders.add(path.replace("/", "-"), path, EVENTS)
        with pytest.raises(InputError, match="the workspace's own data"):
            look(scene.shop, folders.get(path.replace("/", "-")))
    scene.shop.close()


def test_a_folder_that_is_removed_leaves_what_it_brought(till: Till) -> None:
    till.put("a.jsonl", "1")
    till.look()
    till.folders.remove("till")
    assert (till.ids, till.folders.all()) == (["1"], [])
    till.folders.add("till", "till", EVENTS)
    till.look()
    assert (till.outcome("a.jsonl")[0], till.ids) == (Status.SAME, ["1"])
