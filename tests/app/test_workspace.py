"""A workspace is made once, opened whole or not at all, and says what is wrong with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qianmian
from qianmian.core.errors import DamagedTableError, QianmianError, SettingsError, UnknownNameError, WorkspaceError
from tests.app.traces import Scene


def test_a_workspace_is_made_once(tmp_path: Path) -> None:
    qianmian.init(tmp_path / "shop", name="shop").close()
    with pytest.raises(WorkspaceError, match="'shop' is a workspace already"):
        qianmian.init(tmp_path / "shop", name="another")
    assert 'name = "shop"' in (tmp_path / "shop" / "qianmian.toml").read_text()


def test_what_init_was_told_is_what_open_reads(tmp_path: Path) -> None:
    qianmian.init(tmp_path / "shop", name='拾"野\n集\\', time_zone="America/New_York", threads=1).close()
    shop = qianmian.open(tmp_path / "shop")
    told = shop.workspace.settings
    assert (told.name, told.time_zone, told.threads, told.currency) == ('拾"野\n集\\', "America/New_York", 1, "CNY")
    shop.close()


@pytest.mark.parametrize(
    ("settings", "name"),
    [({"time_zone": "Mars/Base"}, "time_zone"), ({"threads": 0}, "threads"), ({"colour": "red"}, "colour")],
)
def test_wrong_settings_make_no_workspace(tmp_path: Path, settings: dict[str, object], name: str) -> None:
    with pytest.raises(SettingsError, match=f"setting '{name}'"):
        qianmian.init(tmp_path / "shop", name="shop", **settings)
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("line", "name"), [('time_zone = "Mars/Base"', "time_zone"), ("threads = 0", "threads"), ("colour = 1", "colour")]
)
def test_a_wrong_setting_in_the_file_is_named(tmp_path: Path, line: str, name: str) -> None:
    qianmian.init(tmp_path / "shop", name="shop").close()
    (tmp_path / "shop" / "qianmian.toml").write_text(f'name = "shop"\n{line}\n')
    with pytest.raises(SettingsError, match=rf"setting '{name}' in qianmian\.toml"):
        qianmian.open(tmp_path / "shop")


def test_a_settings_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    qianmian.init(tmp_path / "shop", name="shop").close()
    (tmp_path / "shop" / "qianmian.toml").write_text("name = \n")
    with pytest.raises(SettingsError, match=r"qianmian\.toml"):
        qianmian.open(tmp_path / "shop")


def test_a_folder_that_is_none_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is not a workspace") as caught:
        qianmian.open(tmp_path)
    assert "qianmian init" in caught.value.hint


@pytest.mark.parametrize("gone", ["keys", None])
def test_a_workspace_without_its_keys_is_not_opened(scene: Scene, gone: str | None) -> None:
    scene.shop.close()
    keys = scene.folder / "data" / "keys"
    if gone:
        shutil.rmtree(keys)
    else:
        next(path for path in keys.iterdir() if path.suffix != ".db").unlink()
    with pytest.raises(QianmianError, match="key"):
        qianmian.open(scene.folder)


@pytest.mark.parametrize("table", ["events", "persons", "partials", "items"])
@pytest.mark.parametrize("harm", ["gone", "short", "empty"])
def test_a_damaged_file_of_the_lake_is_refused_by_name(scene: Scene, table: str, harm: str) -> None:
    scene.shop.close()
    file = next((scene.folder / "data" / "lake" / table).rglob("*.parquet"))
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] if harm == "short" else b"")
    with pytest.raises(DamagedTableError, match=table) as caught:
        qianmian.open(scene.folder)
    assert file.name in str(caught.value)


@pytest.mark.parametrize("harm", ["gone", "short"])
def test_a_damaged_history_file_is_refused_and_made_again(scene: Scene, harm: str) -> None:
    file = next((scene.folder / "data" / "lake" / "history").glob("*.arrow"))
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(DamagedTableError, match=f"table 'history': {file.name}") as caught:
        scene.shop.profile("anna")
    assert "build --full" in caught.value.hint
    scene.shop.build(full=True)
    assert scene.shop.profile("anna")["orders_total"] == 1


def test_before_the_first_build_nobody_has_a_profile(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    for ask in (
        lambda: scene.shop.profile("anna"),
        lambda: scene.shop.audience("orders_7d > 1"),
        lambda: scene.shop.computed,
    ):
        with pytest.raises(UnknownNameError, match="nothing was built yet"):
            ask()
    scene.shop.close()


def test_an_empty_shop_is_built(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    for full in (False, False, True):
        assert scene.shop.build(full=full)["people"] == 0
    assert scene.shop.audience("orders_7d = 0").size() == 0
    assert scene.shop.tag("orders_7d").people == 0
    scene.shop.close()


def test_the_spill_of_a_dead_process_goes_with_the_next_writer(scene: Scene) -> None:
    spill = scene.shop.workspace.data / "spill"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getpid()):
        (spill / f"{process}-left").mkdir(parents=True)
    scene.shop.build()
    assert [folder.name for folder in spill.glob("*")] == [f"{os.getpid()}-left"]


def test_a_table_of_an_earlier_version_leaves_with_the_next_writing(scene: Scene) -> None:
    left = scene.folder / "data" / "lake" / "profiles"
    (left / "_delta_log").mkdir(parents=True)
    (left / "old.parquet").write_bytes(b"somebody")
    scene.shop.build()
    assert not left.exists()
