"""What is done to a shop while faults happen: each deed again after a fault ends as if there had been none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from qianmian.app.intake.folders import WatchedFolders
from qianmian.app.intake.looking import Looking
from qianmian.app.jobs import Watcher
from qianmian.app.shop import Shop
from qianmian.app.workspace import writing
from qianmian.core.clock import FixedClock
from qianmian.core.errors import UnknownNameError
from qianmian.lake.compact import Compaction, compact
from tests.faults.parts.scene import Scene, mapping, open_shop


@dataclass(frozen=True)
class Deed:
    """Something that writes.

    Attributes:
        state: the workspace that it is done to, see `Scene.state`.
        run: does it, or what is left of it.
    """

    state: str
    run: Callable[[Shop, Scene, Watcher], None]


def perform(deed: str, folder: Path, scene: Scene, watch: Watcher = lambda *_: None) -> None:
    """Do a deed to the workspace in a folder."""
    shop = open_shop(folder)
    try:
        watch("opened", 0, 0)
        DEEDS[deed].run(shop, scene, watch)
    finally:
        shop.close()


def _import(shop: Shop, scene: Scene, watch: Watcher) -> None:
    shop.import_file(scene.late, mapping("events"), watch=watch)


def _build(shop: Shop, _: Scene, watch: Watcher) -> None:
    shop.build(watch=watch)


def _day(shop: Shop, scene: Scene, watch: Watcher) -> None:
    """Import, then build: what a shop does every night."""
    _import(shop, scene, watch)
    _build(shop, scene, watch)


def _undo(shop: Shop, scene: Scene, watch: Watcher) -> None:
    found = next(batch for batch in shop.batches.all() if batch["file"] == scene.late.name)
    shop.undo(found["batch"], watch=watch)


def _erase(shop: Shop, scene: Scene, watch: Watcher) -> None:
    if shop.resume(watch):
        return
    try:
        plan = shop.plan_erase(scene.leaving())
    except UnknownNameError:  # it was done when the fault came
        return
    shop.erase(plan, watch=watch)


def _compact(shop: Shop, _: Scene, watch: Watcher) -> None:
    with writing(shop.workspace, "compaction"):
        how = Compaction(threads=1, memory_mib=256, spill=shop.workspace.scratch, at_least=2)
        for table in shop.workspace.lake.tables:
            compact(shop.workspace.lake, table, how)
            watch(table, 0, 0)


def _rotate(shop: Shop, _: Scene, watch: Watcher) -> None:
    shop.workspace.keys.rotate_master()
    watch("rotated", 0, 0)


def _watch(shop: Shop, scene: Scene, watch: Watcher) -> None:
    """A file of a watched folder, as a server takes it in: seen, found finished, imported."""
    workspace = shop.workspace
    folders = WatchedFolders(workspace.catalogue, workspace.clock)
    if not folders.all():
        folders.add("till", "till", mapping("events").read_text(encoding="utf-8"))
        place = shop.workspace.folder / "folders" / "till"
        place.mkdir(parents=True)
        shutil.copy(scene.late, place / scene.late.name)
    watch("declared", 0, 0)
    later = replace(workspace, clock=FixedClock(workspace.clock.now() + timedelta(minutes=1)))
    for at in (workspace, later):
        Looking(at, folders.get("till"), lambda words: shop.job("import", words, watch)).look()


DEEDS = {
    "import": Deed("built", _import),
    "build": Deed("imported", _build),
    "day": Deed("built", _day),
    "undo": Deed("imported", _undo),
    "erase": Deed("rebuilt", _erase),
    "compact": Deed("imported", _compact),
    "rotate": Deed("built", _rotate),
    "watch": Deed("built", _watch),
}
