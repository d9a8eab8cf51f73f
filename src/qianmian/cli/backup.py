"""``qianmian backup`` and ``qianmian restore``: a workspace as two files, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qianmian.app import shop as shops
from qianmian.app.contracts.system import BackupTold, RestoredTold
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.core.messages import Message

_Data = Annotated[Path, typer.Argument(help="File of the data.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "backup")(backup)
    command(app, "restore", workspace=False)(restore)


def backup(
    door: Door,
    data: _Data,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="File of the keys, on another disk; the setting keys_backup if not given.", show_default=False
        ),
    ] = None,
) -> None:
    """Write everything to two files: the data, and the keys without which they name nobody."""
    with door.shop() as shop, door.watch() as watch:
        renewed = shop.workspace.settings.keys_backup
        if keys is None and not renewed:
            raise InputError("no_place_for_keys")
        beside = keys or shop.workspace.folder / renewed
        result = shop.backup(data, beside, watch)
        told = BackupTold(data=str(data), keys=str(beside), files=result["files"], bytes=result["bytes"])
        advice = Message("keep_keys_apart", data=data.name, keys=beside.name).what(door.language(shop))
    door.tell(told, f"{told.data}: {told.bytes / 2**20:,.1f} MiB", told.keys, advice)


def restore(
    door: Door,
    data: _Data,
    keys: Annotated[Path, typer.Argument(help="File of the keys; the newest.", show_default=False)],
    folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.", show_default=False)],
) -> None:
    """Make a workspace from the two files of a backup; who was erased since is erased again."""
    told = RestoredTold.model_validate(shops.restore(data, keys, folder))
    language = door.lang or Language.EN
    date = Message("keys_have_a_date", at=f"{told.keys_written_at:%Y-%m-%d %H:%M}").what(language)
    door.tell(told, f"{printable(told.shop)} in {folder}, erased again: {told.erased_again}", date)
