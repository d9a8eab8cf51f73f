"""Watched folders over HTTP: declared below the server's ``folder_root``, looked at, paused; no file is ever sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.folders import FileTold, FolderTold, files_told
from qianmian.app.contracts.system import StartedTold
from qianmian.app.intake.folders import WatchedFolders
from qianmian.app.intake.looking import Looking
from qianmian.app.jobs import Watcher
from qianmian.app.shop import Shop
from qianmian.collect.imports.declaration import MOST_BYTES
from qianmian.collect.imports.templates import find_template
from qianmian.core.errors import InputError
from qianmian.http.asked import Jobs, OpenShop, SignedIn, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api/folders", tags=["collect"])

Name = Annotated[str, Path(max_length=60, description="name of the watched folder")]


class FolderAsked(BaseModel):
    """A watched folder that is to be declared."""

    name: str = Field(max_length=60, description="what to call it")
    path: str = Field(max_length=500, description="where it lies, below the setting folder_root")
    mapping: str = Field("", max_length=MOST_BYTES, description="the mapping of its files, as YAML")
    template: str = Field("", max_length=100, description="instead of it, the name of a template")
    is_backfill: bool = Field(False, description="whether its files bring the past: their events trigger nothing")


class FolderChanged(BaseModel):
    """What is to be different about a watched folder."""

    is_paused: bool = Field(description="whether nothing is taken from it")


@router.get("", responses=told())
def list_folders(shop: OpenShop, language: Spoken) -> list[FolderTold]:
    """List the watched folders, and how their files stand."""
    return [FolderTold.of(shop.workspace, one, language) for one in _folders(shop).all()]


@router.post("", responses=told(400, 403))
def add_folder(shop: OpenShop, language: Spoken, _caller: SignedIn, asked: FolderAsked) -> FolderTold:
    """Declare a watched folder; it is looked at from then on."""
    if bool(asked.template) == bool(asked.mapping):
        raise InputError("folder_needs_mapping")
    text = asked.mapping or find_template(asked.template).text
    added = _folders(shop).add(asked.name, asked.path, text, is_backfill=asked.is_backfill)
    return FolderTold.of(shop.workspace, added, language)


@router.get("/{name}/files", responses=told(404))
def list_files(
    shop: OpenShop,
    language: Spoken,
    name: Name,
    limit: Annotated[int, Query(ge=1, le=10_000, description="list at most so many")] = 1000,
) -> list[FileTold]:
    """List the files of a watched folder, the last seen first, and what became of each."""
    _folders(shop).get(name)
    return files_told(shop.workspace, name, language)[:limit]


@router.patch("/{name}", responses=told(400, 403, 404))
def change_folder(shop: OpenShop, language: Spoken, _caller: SignedIn, name: Name, asked: FolderChanged) -> FolderTold:
    """Pause a watched folder, or let it go on."""
    return FolderTold.of(shop.workspace, _folders(shop).pause(name, paused=asked.is_paused), language)


@router.post("/{name}/run", status_code=202, responses=told(400, 404, 409))
def run_folder(shop: OpenShop, jobs: Jobs, name: Name) -> StartedTold:
    """Take in what is finished, and try again what failed, as a job; refused at once if there is nothing."""
    folder = _folders(shop).get(name)

    def work(watch: Watcher) -> None:
        Looking(shop.workspace, folder, lambda words: shop.job("import", words, watch)).look(again=True)
        raise InputError("folder_nothing_new", folder=name)  # heard only where no job has begun

    return StartedTold(job=jobs.start(work))


@router.delete("/{name}", responses=told(403, 404))
def remove_folder(shop: OpenShop, language: Spoken, _caller: SignedIn, name: Name) -> list[FolderTold]:
    """Watch a folder no longer; what it brought in stays. Answers those that are left."""
    _folders(shop).remove(name)
    return list_folders(shop, language)


def _folders(shop: Shop) -> WatchedFolders:
    return WatchedFolders(shop.workspace.catalogue, shop.workspace.clock)
