"""``qianmian folder …``: the files of a folder come in by themselves."""

from __future__ import annotations

from pathlib import Path
from time import sleep
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.folders import FileTold, FolderTold, files_told
from qianmian.app.imports import read_declared
from qianmian.app.intake.files import Status
from qianmian.app.intake.folders import WatchedFolders
from qianmian.app.intake.follower import look
from qianmian.app.shop import Shop
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.collect.imports.templates import find_template
from qianmian.core.errors import InputError

_Folder = Annotated[str, typer.Argument(help="Name of the watched folder.", metavar="FOLDER", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Watched folders: every finished file in them comes in once.")
    for name, function in (
        ("add", add),
        ("list", list_folders),
        ("files", files),
        ("run", run),
        ("pause", pause),
        ("resume", resume),
        ("remove", remove),
    ):
        command(group, name)(function)
    app.add_typer(group, name="folder")


def add(
    door: Door,
    folder: _Folder,
    path: Annotated[str, typer.Option(help="Where it lies, below the setting folder_root.", show_default=False)],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", "-m", help="The YAML file that says what each column means.")
    ] = None,
    template: Annotated[str, typer.Option(help="Instead of it, a template: see `qianmian import template`.")] = "",
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Its files bring the past: they trigger nothing.")
    ] = False,
) -> None:
    """Declare a watched folder; a running server looks at it from then on."""
    if bool(template) == bool(mapping):
        raise InputError("folder_needs_mapping")
    text = read_declared(mapping).text if mapping else find_template(template).text
    with door.shop() as shop:
        added = _folders(shop).add(folder, path, text, is_backfill=backfill)
        told = FolderTold.of(shop.workspace, added, door.language(shop))
    door.tell(told, f"{told.name}: {told.path} → {told.source}")


def list_folders(door: Door) -> None:
    """List the watched folders, and how their files stand."""
    with door.shop() as shop:
        told = [FolderTold.of(shop.workspace, one, door.language(shop)) for one in _folders(shop).all()]
    table = Table("folder", "path", "source", "taken", "waiting", "failed", "last taken", "state", box=None)
    for one in told:
        numbers = (f"{number:,}" for number in (one.taken, one.waiting, one.failed))
        last = f"{one.taken_at:%Y-%m-%d %H:%M}" if one.taken_at else ""
        state = "paused" if one.paused_at else one.problem or "watched"
        table.add_row(one.name, printable(one.path), one.source, *numbers, last, printable(state))
    door.tell_rows(told, table, "no folders")


def files(door: Door, folder: _Folder) -> None:
    """List the files of a watched folder, and what became of each."""
    with door.shop() as shop:
        _folders(shop).get(folder)
        told = files_told(shop.workspace, folder, door.language(shop))
    _tell_files(door, told)


def run(
    door: Door,
    folder: Annotated[str, typer.Argument(help="Name of the watched folder; all if not given.")] = "",
) -> None:
    """Look once, without a server: take in what is finished, and try again what failed."""
    with door.shop() as shop:
        language = door.language(shop)
        chosen = [_folders(shop).get(folder)] if folder else [one for one in _folders(shop).all() if not one.paused_at]
        for one in chosen:
            look(shop, one, again=True)
            if any(file.status is Status.WAITING for file in files_told(shop.workspace, one.name, language)):
                sleep(shop.workspace.settings.look_seconds)
                look(shop, one)
        told = {one.name: files_told(shop.workspace, one.name, language) for one in chosen}
    if door.as_json:
        door.tell(told)
        return
    for name, some in told.items():
        door.note(name)
        _tell_files(door, some)


def pause(door: Door, folder: _Folder) -> None:
    """Take nothing more from a folder until it is resumed."""
    _pause(door, folder, paused=True)


def resume(door: Door, folder: _Folder) -> None:
    """Look at a paused folder again."""
    _pause(door, folder, paused=False)


def remove(door: Door, folder: _Folder) -> None:
    """Watch a folder no longer; its files stay, and what they brought in stays."""
    with door.shop() as shop:
        _folders(shop).remove(folder)
        told = [FolderTold.of(shop.workspace, one, door.language(shop)) for one in _folders(shop).all()]
    door.tell(told, f"{folder} is no longer watched")


def _pause(door: Door, folder: str, *, paused: bool) -> None:
    with door.shop() as shop:
        told = FolderTold.of(shop.workspace, _folders(shop).pause(folder, paused=paused), door.language(shop))
    door.tell(told, f"{told.name} is {'paused' if told.paused_at else 'watched'}")


def _tell_files(door: Door, told: list[FileTold]) -> None:
    table = Table("file", "status", "batch", "accepted", "duplicates", "refused", "problem", box=None)
    for one in told:
        numbers = (f"{number:,}" for number in (one.accepted, one.duplicates, one.refused_rows))
        table.add_row(printable(one.file), one.status, str(one.batch or ""), *numbers, printable(one.problem))
    door.tell(told, table)


def _folders(shop: Shop) -> WatchedFolders:
    return WatchedFolders(shop.workspace.catalogue, shop.workspace.clock)
