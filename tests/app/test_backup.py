"""A workspace comes back whole from its two files, and never with anybody who was erased in between."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import qianmian
from qianmian.core.clock import FixedClock
from qianmian.core.errors import InputError, StorageFullError, UnknownNameError, WorkspaceError
from qianmian.privacy.purposes import Basis
from tests.app.conftest import PAID, STORY
from tests.app.test_erase import left
from tests.app.traces import NOW, Scene, trace
from tests.databases import copy_workspace


@pytest.fixture(scope="module")
def backed(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two files of a backup of the story; not to be changed."""
    folder = tmp_path_factory.mktemp("backed")
    scene = Scene(story).copied(folder / "shop")
    (scene.folder / "tags" / "mine.yaml").write_text("# nothing yet\n")
    scene.shop.workspace.purposes.register("service", Basis.CONTRACT, NOW)
    scene.shop.backup(folder / "data.tar", folder / "keys.tar")
    scene.shop.close()
    return folder


def restored(backed: Path, to: Path, keys: Path | None = None) -> Scene:
    qianmian.restore(backed / "data.tar", keys or backed / "keys.tar", to, clock=FixedClock(NOW))
    return Scene(to)


def everything(scene: Scene) -> dict[str, Any]:
    workspace = scene.shop.workspace
    return left(scene) | {
        "batches": scene.shop.batches.all(),
        "purposes": workspace.purposes.registered(),
        "refused": [list(workspace.refused.bodies(f"batch-{batch['batch']}")) for batch in scene.shop.batches.all()],
        "profiles told": [scene.shop.profile(name) for name in ("anna", "boris", "carl")],
        "definitions": (scene.folder / "tags" / "mine.yaml").read_text(),
        "settings": workspace.settings.model_dump(exclude={"database_schema"}),
    }


def test_what_was_deleted_whole_comes_back_equal(backed: Path, tmp_path: Path) -> None:
    before = everything(Scene(backed / "shop"))
    shutil.copytree(backed, tmp_path / "kept", ignore=shutil.ignore_patterns("shop"))
    scene = restored(tmp_path / "kept", tmp_path / "shop")
    assert everything(scene) == before
    scene.shop.close()


def test_work_goes_on_where_it_stood(backed: Path, tmp_path: Path) -> None:
    scene = restored(backed, tmp_path / "shop")
    scene.take([trace(PAID, "2026-05-30", user="anna", order="A-9", total="9")])
    assert scene.shop.build()["anew"] == ""
    assert scene.shop.profile("phone:13900000001")["orders_total"] == 2
    scene.shop.close()


def test_whoever_was_erased_after_the_backup_does_not_come_back(backed: Path, tmp_path: Path) -> None:
    erased = Scene(backed / "shop").copied(tmp_path / "erased")
    erased.shop.erase(erased.shop.plan_erase(["anna"]))
    erased.shop.backup(tmp_path / "later.tar", tmp_path / "keys.tar")
    told = qianmian.restore(backed / "data.tar", tmp_path / "keys.tar", tmp_path / "shop", clock=FixedClock(NOW))
    assert told.erased_again >= 4
    scene = Scene(tmp_path / "shop")
    assert left(scene) == left(erased)
    for name in ("anna", "phone:13900000001"):
        with pytest.raises(UnknownNameError):
            scene.shop.profile(name)
    assert scene.take([trace(PAID, "2026-05-30", user="anna", order="A-9", total="9")]).accepted == 0
    for one in (scene, erased):
        one.shop.close()


def test_an_erasure_renews_the_copy_of_the_keys(backed: Path, tmp_path: Path) -> None:
    copy_workspace(backed / "shop", tmp_path / "shop")
    copy = tmp_path / "elsewhere" / "keys.tar"
    copy.parent.mkdir()
    with (tmp_path / "shop" / "qianmian.toml").open("a") as settings:
        settings.write(f'keys_backup = "{copy}"\n')
    scene = Scene(tmp_path / "shop")
    scene.shop.erase(scene.shop.plan_erase(["anna"]))
    scene.shop.close()
    again = restored(backed, tmp_path / "again", copy)
    with pytest.raises(UnknownNameError):
        again.shop.profile("anna")
    again.shop.close()


def test_a_copy_of_the_keys_that_cannot_be_renewed_is_told_and_stops_nobody(backed: Path, tmp_path: Path) -> None:
    copy_workspace(backed / "shop", tmp_path / "shop")
    with (tmp_path / "shop" / "qianmian.toml").open("a") as settings:
        settings.write(f'keys_backup = "{tmp_path / "unplugged" / "keys.tar"}"\n')
    scene = Scene(tmp_path / "shop")
    with pytest.raises(WorkspaceError, match="the people are erased, but the copy of the keys could not be written"):
        scene.shop.erase(scene.shop.plan_erase(["anna"]))
    with pytest.raises(UnknownNameError):
        scene.shop.profile("anna")
    assert scene.take([trace(PAID, "2026-05-30", user="dora", order="D-1", total="9")]).accepted == 1
    scene.shop.close()


def test_an_erasure_of_somebody_whom_the_data_do_not_know_changes_nothing(backed: Path, tmp_path: Path) -> None:
    later = Scene(backed / "shop").copied(tmp_path / "later")
    later.take([trace(PAID, "2026-05-30", user="dora", order="D-1", total="9")])
    later.shop.build()
    later.shop.erase(later.shop.plan_erase(["dora"]))
    later.shop.backup(tmp_path / "later.tar", tmp_path / "keys.tar")
    later.shop.close()
    scene = restored(backed, tmp_path / "shop", tmp_path / "keys.tar")
    assert scene.built() == Scene(backed / "shop").built()
    scene.shop.close()


def test_data_that_were_never_built_forget_the_erased_too(tmp_path: Path) -> None:
    early = Scene(tmp_path / "early")
    early.take(STORY)
    early.shop.backup(tmp_path / "data.tar", tmp_path / "first.tar")
    early.shop.build()
    early.shop.erase(early.shop.plan_erase(["anna"]))
    early.shop.backup(tmp_path / "later.tar", tmp_path / "keys.tar")
    early.shop.close()
    scene = restored(tmp_path, tmp_path / "shop")
    scene.shop.build()
    with pytest.raises(UnknownNameError):
        scene.shop.profile("anna")
    assert scene.shop.profile("boris")["orders_total"] == 1
    scene.shop.close()


def test_keys_older_than_the_data_are_refused(backed: Path, tmp_path: Path) -> None:
    later = Scene(backed / "shop").copied(tmp_path / "later", NOW + timedelta(days=1))
    later.shop.backup(tmp_path / "data.tar", tmp_path / "newer.tar")
    later.shop.close()
    with pytest.raises(InputError, match=r"the keys in 'keys\.tar' are older than the data"):
        restored(tmp_path, tmp_path / "shop", backed / "keys.tar")


def test_both_files_are_for_their_owner_alone(backed: Path) -> None:
    for name in ("data.tar", "keys.tar"):
        assert stat.S_IMODE((backed / name).stat().st_mode) == 0o600


def test_the_data_say_no_name_and_hold_no_key(backed: Path) -> None:
    bytes_of_data = (backed / "data.tar").read_bytes()
    for raw in (b"13900000001", b"master.key", b"wrapped-"):
        assert raw not in bytes_of_data
    with tarfile.open(backed / "data.tar") as tar:
        assert not {name for name in tar.getnames() if "salts" in name or "suppression" in name or "sessions" in name}


def member_changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with tarfile.open(file) as tar:
            members = [(member, tar.extractfile(member).read()) for member in tar.getmembers()]  # type: ignore[union-attr]
        with tarfile.open(file, "w") as tar:
            for member, body in members:
                new = change(body) if member.name == name else body
                member.size = len(new)
                tar.addfile(member, io.BytesIO(new))

    return spoil


def with_member(member: tarfile.TarInfo) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with tarfile.open(file, "a") as tar:
            tar.addfile(member)

    return spoil


def link(name: str, to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, to
    return member


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "damaged_backup"),
        (lambda file: file.write_bytes(b"no tar"), "damaged_backup"),
        (member_changed("qianmian.toml", lambda body: body.replace(b"shop", b"spot")), "damaged_member"),
        (member_changed("manifest.json", lambda body: body[:-3]), "damaged_backup"),
        (with_member(tarfile.TarInfo("../outside")), "odd_member"),
        (with_member(tarfile.TarInfo("/outside")), "odd_member"),
        (with_member(link("data/lake/away", "/etc/passwd")), "odd_member"),
    ],
    ids=["cut", "no tar", "changed", "list cut", "above", "absolute", "link"],
)
def test_a_damaged_or_foreign_file_leaves_nothing_behind(
    backed: Path, tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    shutil.copy(backed / "data.tar", tmp_path / "data.tar")
    spoil(tmp_path / "data.tar")
    with pytest.raises(InputError) as told:
        qianmian.restore(tmp_path / "data.tar", backed / "keys.tar", tmp_path / "made" / "shop")
    assert told.value.message.name == message
    assert list((tmp_path / "made").iterdir()) == []


def test_the_files_are_not_taken_for_each_other(backed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'keys\.tar' holds keys of a workspace, not data of a workspace"):
        qianmian.restore(backed / "keys.tar", backed / "data.tar", tmp_path / "shop")


def test_keys_of_another_workspace_do_not_fit(backed: Path, tmp_path: Path) -> None:
    other = qianmian.init(tmp_path / "other", name="other")
    other.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    other.close()
    with pytest.raises(InputError, match="of another workspace"):
        qianmian.restore(backed / "data.tar", tmp_path / "keys.tar", tmp_path / "shop")


def test_nothing_is_restored_over_something(backed: Path, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("mine")
    with pytest.raises(WorkspaceError, match="is not empty"):
        qianmian.restore(backed / "data.tar", backed / "keys.tar", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["note"]


def test_a_later_versions_table_is_refused_by_name(backed: Path, tmp_path: Path) -> None:
    made = tmp_path / "purposes.parquet"
    pq.write_table(pa.table({"name": ["x"], "basis": ["consent"], "registered_at": [0], "colour": ["red"]}), made)
    shutil.copy(backed / "data.tar", tmp_path / "data.tar")
    manifest: dict[str, Any] = {}

    def listed(body: bytes) -> bytes:
        manifest.update(json.loads(body))
        new = made.read_bytes()
        manifest["members"]["tables/purposes.parquet"] = [len(new), sha256(new).hexdigest()]
        return json.dumps(manifest).encode()

    member_changed("tables/purposes.parquet", lambda _: made.read_bytes())(tmp_path / "data.tar")
    member_changed("manifest.json", listed)(tmp_path / "data.tar")
    with pytest.raises(InputError, match="table 'purposes' has columns that this version does not know: colour"):
        qianmian.restore(tmp_path / "data.tar", backed / "keys.tar", tmp_path / "shop")


def test_a_full_disk_leaves_the_older_backup(backed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(backed / "shop").copied(tmp_path / "shop")
    scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    before = (tmp_path / "data.tar").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qianmian.app.archive.fsync_file", full)
    with pytest.raises(StorageFullError):
        scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    assert (tmp_path / "data.tar").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"shop", "data.tar", "keys.tar"}
    scene.shop.close()
