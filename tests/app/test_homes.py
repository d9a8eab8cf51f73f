"""A workspace lives in files or on a server, gives the same answers, moves by its backup, and has one writer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qianmian
from qianmian.app import restore as restoring
from qianmian.app.databases import server_of
from qianmian.core.clock import FixedClock
from qianmian.core.errors import LeaseHeldError, ServerUnreachableError, SettingsError, WorkspaceError
from qianmian.core.settings import load_settings
from tests.app.test_backup import everything
from tests.app.traces import NOW, Scene, trace
from tests.databases import PostgreSQL


@pytest.fixture
def in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIANMIAN_DATABASE", raising=False)


@pytest.fixture
def on_server(monkeypatch: pytest.MonkeyPatch, postgres: PostgreSQL) -> None:
    monkeypatch.setenv("QIANMIAN_DATABASE", postgres.url)


@pytest.fixture
def here(on_server: None, tmp_path: Path) -> Iterator[Scene]:
    """A shop on a server."""
    scene = Scene(tmp_path / "here")
    scene.take([trace("Product Viewed", "2026-05-02", user="anna"), trace("Product Viewed", "2026-05-02", user="bo")])
    yield scene
    scene.shop.close()


@pytest.fixture
def there(here: Scene, tmp_path: Path) -> Iterator[Scene]:
    """The same shop as another machine sees it: the files of the lease are apart, the server is one."""
    shutil.copytree(here.folder, tmp_path / "there")
    for shared in ("lake", "keys"):
        shutil.rmtree(tmp_path / "there" / "data" / shared)
        (tmp_path / "there" / "data" / shared).symlink_to(here.folder / "data" / shared)
    scene = Scene(tmp_path / "there")
    yield scene
    scene.shop.close()


def schemas(postgres: PostgreSQL) -> set[str]:
    return {str(name) for (name,) in postgres.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'qianmian%%'")}


def test_a_backup_moves_a_workspace_to_a_server_and_back(
    story: Path, tmp_path: Path, postgres: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, told = Scene(story).copied(tmp_path / "a"), []
    for home in (postgres.url, "", postgres.url):
        (scene.folder / "tags" / "mine.yaml").write_text("# nothing yet\n")
        told.append(comparable(scene))
        scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
        scene.shop.close()
        monkeypatch.setenv("QIANMIAN_DATABASE", home)
        folder = scene.folder.with_name(scene.folder.name + "x")
        qianmian.restore(tmp_path / "data.tar", tmp_path / "keys.tar", folder, clock=FixedClock(NOW))
        scene = Scene(folder)
        assert (folder / "data" / "vault.db").exists() != bool(home)
    assert comparable(scene) == told[0] == told[1] == told[2]
    scene.shop.build(full=True)
    scene.shop.close()


def comparable(scene: Scene) -> dict[str, Any]:
    told = everything(scene)
    homes = ("database", "database_schema")
    return told | {"settings": {name: value for name, value in told["settings"].items() if name not in homes}}


def test_a_restore_that_fails_leaves_no_schema(
    here: Scene, tmp_path: Path, postgres: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    before = schemas(postgres)

    def fail(*_: object) -> None:
        raise WorkspaceError("server_busy")

    monkeypatch.setattr(restoring, "load", fail)
    with pytest.raises(WorkspaceError):
        qianmian.restore(tmp_path / "data.tar", tmp_path / "keys.tar", tmp_path / "again")
    assert schemas(postgres) == before != set()
    assert not (tmp_path / "again").exists()


def test_the_address_is_in_no_file_and_in_no_error(
    tmp_path: Path, postgres: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = f"{postgres.url}&application_name=hush-hush"
    shop = qianmian.init(tmp_path / "shop", name="shop", database=secret)
    assert "hush" not in f"{shop.workspace!r} {shop.workspace.settings.model_dump()}"
    shop.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "shop").rglob("*") if path.is_file())
    assert b"hush" not in stored
    assert b"database_schema" in stored
    for name, value in (("QIANMIAN_DATABASE", "mysql://hush-hush"), ("QIANMIAN_CURRENCY", "mysql://hush-hush")):
        with monkeypatch.context() as wrong:
            wrong.setenv(name, value)
            with pytest.raises(SettingsError) as told:
                load_settings(tmp_path / "shop")
            assert "hush" not in str(told.value)
            with pytest.raises(SettingsError) as told:
                qianmian.init(tmp_path / "other", name="other")
            assert "hush" not in str(told.value)


def test_a_workspace_is_not_opened_where_it_is_not(
    tmp_path: Path, postgres: PostgreSQL, in_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    qianmian.init(tmp_path / "files", name="files").close()
    qianmian.init(tmp_path / "server", name="server", database=postgres.url).close()
    with pytest.raises(SettingsError, match="does not say where"):
        qianmian.open(tmp_path / "server")
    monkeypatch.setenv("QIANMIAN_DATABASE", postgres.url)
    with pytest.raises(SettingsError, match="in files, but the setting 'database' names a server"):
        qianmian.open(tmp_path / "files")
    qianmian.open(tmp_path / "server").close()


def test_a_workspace_does_not_open_the_schema_of_another(here: Scene, tmp_path: Path) -> None:
    other = Scene(tmp_path / "other")
    other.shop.close()
    mine = server_of(here.shop.workspace.settings)
    assert mine is not None
    toml = tmp_path / "other" / "qianmian.toml"
    toml.write_text(f'name = "other"\ndatabase_schema = "{mine.schema}"\n')
    with pytest.raises(WorkspaceError, match="belongs to another workspace"):
        qianmian.open(tmp_path / "other")


def test_of_two_machines_on_one_server_one_writes(here: Scene, there: Scene) -> None:
    command = [sys.executable, "-m", "tests.app.child", str(here.folder), "hold"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"here\n"
        with pytest.raises(LeaseHeldError, match=rf"process {other.pid} on "):
            there.shop.build()
        other.kill()
    there.shop.build()
    assert there.shop.profile("anna")


def test_machines_see_what_the_other_wrote(here: Scene, there: Scene) -> None:
    rows = [trace("Product Viewed", "2026-05-03", user=user) for user in ("anna", "carl", "dora")]
    assert there.take(rows).accepted == 3
    assert here.take([trace("Product Viewed", "2026-05-04", user="dora")]).accepted == 1
    here.shop.build()
    here.shop.erase(here.shop.plan_erase(["carl"]))
    late = there.take([trace("Product Viewed", "2026-05-05", user=user) for user in ("carl", "dora")])
    assert (late.accepted, [reason.reason for reason in late.refused]) == (1, ["suppressed"])


def test_a_job_that_lost_its_lease_shows_nothing(here: Scene, there: Scene, postgres: PostgreSQL) -> None:
    before = here.shop.workspace.lake.released()

    def lose(*_: object) -> None:
        postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'qianmian, process%%'"
        )

    with pytest.raises(ServerUnreachableError):
        here.shop.build(watch=lose)
    assert here.shop.workspace.lake.released() == before
    assert there.shop.build()
    assert [job["status"] for job in there.shop.workspace.jobs.latest()][:2] == ["done", "failed"]
