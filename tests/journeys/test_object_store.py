"""A shop whose lake is in an object store has the same rows and answers as one in a folder, all the way."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import qianmian
from qianmian.app import build as building
from qianmian.app.jobs import Job
from qianmian.app.workspace import Workspace, address_of
from qianmian.core.clock import FixedClock
from qianmian.core.errors import StoreUnreachableError, UnknownNameError, WorkspaceError
from qianmian.engines.base import Engine
from qianmian.engines.order import Place
from qianmian.lake.address import Address
from tests.app.conftest import GOODS, STORY
from tests.app.test_erase import ANNAS, left
from tests.app.traces import NOW, Scene, trace
from tests.conformance.process_engine import in_processes
from tests.objectstore import ObjectStore, objects

pytestmark = pytest.mark.timeout(300)

CONDITION = "did('Product Viewed', last='60d')"


def write_settings(folder: Path, address: Address) -> None:
    with (folder / "qianmian.toml").open("a") as file:
        file.write(f'lake = "{address.url}"\nlake_endpoint = "{address.endpoint}"\n')


def tell(scene: Scene) -> None:
    """Two deliveries with a build after each, and a third that is built of many small files."""
    scene.goods(GOODS)
    scene.take(STORY)
    scene.shop.build()
    for day in range(18, 24):
        scene.take([trace("Product Viewed", f"2026-05-{day}", id=f"d{day}", user="carl", item="i2")])
    scene.take([trace("Signed In", "2026-05-25", id="late", user="boris", phone="13900000002", device="laptop")])
    scene.shop.build()


@pytest.fixture(scope="module")
def pair(object_store: ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Scene]]:
    """Twins with the same keys, one in a folder and one in an object store, that were told the same."""
    folder = tmp_path_factory.mktemp("twins")
    empty = Scene(folder / "near")
    empty.shop.close()
    shutil.copytree(folder / "near", folder / "far")
    write_settings(folder / "far", object_store.address())
    twins = Scene(folder / "near"), Scene(folder / "far")
    for scene in twins:
        tell(scene)
    yield twins
    for scene in twins:
        scene.shop.close()


@pytest.fixture
def far(pair: tuple[Scene, Scene]) -> Scene:
    return pair[1]


def address(scene: Scene) -> Address:
    found = address_of(scene.shop.workspace.settings)
    assert found
    return found


def copies(scene: Scene) -> set[str]:
    root = scene.shop.workspace.lake.root
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_all_tables_have_equal_rows(pair: tuple[Scene, Scene]) -> None:
    near, far = map(left, pair)
    assert near == far
    assert near["history"]


def test_an_audience_has_the_same_people(pair: tuple[Scene, Scene]) -> None:
    near, far = (scene.shop.audience(CONDITION) for scene in pair)
    assert near == far


def test_nothing_is_needed_but_the_store(far: Scene) -> None:
    """The folder is a copy: without it, everything is answered as before."""
    before = left(far)
    far.shop.close()
    shutil.rmtree(far.folder / "data" / "lake")
    far.shop = Scene(far.folder).shop
    assert left(far) == before


def test_the_store_holds_what_is_named_and_nothing_else(far: Scene) -> None:
    found = objects(address(far))
    assert not [name for name in found if name.startswith(("exchange/", "_"))]
    assert copies(far) <= found.keys()


def test_a_task_runs_where_no_file_of_the_lake_is(
    pair: tuple[Scene, Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on another machine of a cluster: each process begins with an empty folder."""

    @contextmanager
    def elsewhere(workspace: Workspace, _job: Job, exchange: Path) -> Iterator[Engine]:
        root, tables = tmp_path / "lake", "qianmian.app.tables:ALL_TABLES"
        place = Place(
            str(root), tables, str(root / "exchange" / exchange.name), 1, 256, vars(address_of(workspace.settings))
        )
        with in_processes(place) as engine:
            yield engine

    near, far = pair
    expected = near.built()
    monkeypatch.setattr(building, "opened_engine", elsewhere)
    far.build_in(1)
    assert far.built() == expected
    assert list((tmp_path / "lake").rglob("*.parquet"))
    assert not [name for name in objects(address(far)) if name.startswith("exchange/")]


def test_an_erasure_reaches_the_objects_and_their_copies(pair: tuple[Scene, Scene]) -> None:
    for scene in pair:
        scene.shop.erase(scene.shop.plan_erase(["anna"]))
        with pytest.raises(UnknownNameError):
            scene.shop.profile("anna")
    near, far = map(left, pair)
    assert near == far
    found = objects(address(pair[1]))
    assert copies(pair[1]) <= found.keys()
    events = [
        pq.read_table(io.BytesIO(content), columns=["event_id"])["event_id"].to_pylist()
        for name, content in found.items()
        if name.startswith("events/") and name.endswith(".parquet") and "_delta_log" not in name
    ]
    assert events
    assert not ANNAS & {event for some in events for event in some}


def test_a_second_workspace_is_refused_the_same_place(far: Scene, tmp_path: Path) -> None:
    place = address(far)
    with pytest.raises(WorkspaceError, match="there are tables already") as caught:
        Scene(tmp_path / "other", settings={"lake": place.url, "lake_endpoint": place.endpoint})
    assert "another prefix" in caught.value.hint


def test_a_store_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachableError, match="did not answer") as caught:
        Scene(tmp_path / "shop", settings={"lake": "s3://none/none", "lake_endpoint": "http://127.0.0.1:1"})
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint
    assert not (tmp_path / "shop" / "qianmian.toml").exists()


def test_a_bucket_that_is_not_there_is_told(object_store: ObjectStore, tmp_path: Path) -> None:
    there: dict[str, Any] = {"lake": "s3://no-such-bucket/shop", "lake_endpoint": object_store.endpoint}
    with pytest.raises(StoreUnreachableError, match="bucket"):
        Scene(tmp_path / "shop", settings=there)


def test_a_lake_moves_by_backup_and_restore(
    pair: tuple[Scene, Scene], object_store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = pair[1]
    files = tmp_path / "data.tar", tmp_path / "keys.tar"
    far.shop.backup(*files)
    with pytest.raises(WorkspaceError, match="there are tables already"):
        qianmian.restore(*files, tmp_path / "over", clock=FixedClock(NOW))
    for place in ("", object_store.address().url):
        monkeypatch.setenv("QIANMIAN_LAKE", place)
        folder = tmp_path / f"again-{bool(place)}"
        qianmian.restore(*files, folder, clock=FixedClock(NOW))
        monkeypatch.delenv("QIANMIAN_LAKE")
        again = Scene(folder)
        assert again.shop.workspace.settings.lake == place
        assert left(again) == left(far)
        again.shop.close()
