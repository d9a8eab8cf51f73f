"""Restore: a workspace from its two backup files; who was erased since the data were written is erased again."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qianmian.app import erase as erasing
from qianmian.app.archive import DATA, KEYS, unpacked
from qianmian.app.backup import TABLES, WITH_DATA, WITH_KEYS
from qianmian.app.databases import drop_databases, make_databases, with_schema
from qianmian.app.tables import ALL_TABLES
from qianmian.app.workspace import KEYS as KEYS_FOLDER
from qianmian.app.workspace import Workspace, check_lake_is_new, open_lake, open_workspace, writing
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, WorkspaceError
from qianmian.core.settings import Settings, load_settings, write_place
from qianmian.lake.durable import fsync_folder, storage_errors
from qianmian.privacy.dumps import load
from qianmian.privacy.erasure import Vertex, plan_erasure
from qianmian.privacy.keys import Entropy, KeyRing, make_salts


@dataclass(frozen=True)
class Restored:
    """What a restore found.

    Attributes:
        shop: name of the shop.
        data_written_at: when the data were backed up: later imports and builds are not in them.
        keys_written_at: when the keys were: nobody who was erased later is known to have been.
        erased_again: vertices that were erased after the data were backed up.
    """

    shop: str
    data_written_at: datetime
    keys_written_at: datetime
    erased_again: int


def restore(data: Path, keys: Path, folder: Path, clock: Clock, entropy: Entropy) -> Restored:
    """Make a workspace from its two backup files; it is there, whole, or not at all.

    Args:
        data: what `qianmian.app.backup.write_data` wrote.
        keys: the newest that `qianmian.app.backup.write_keys` wrote.
        folder: where; must not be there, or be empty.
        clock: the only source of time.
        entropy: source of cryptographic randomness.

    Raises:
        WorkspaceError: the folder is not empty, or in the object store, the place of the lake.
        InputError: a file is damaged, they are of different workspaces, or the keys are the older one.
        StorageFullError: no room; nothing is left.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError("folder_not_empty", folder=folder.name)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = folder.absolute().with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        with storage_errors("restore"):
            told, of_keys = (unpacked(file, kind, draft) for file, kind in ((data, DATA), (keys, KEYS)))
            if told["fingerprint"] != of_keys["fingerprint"]:
                raise InputError("foreign_keys", data=data.name, keys=keys.name)
            written_at, keys_at = (datetime.fromisoformat(one["written_at"]) for one in (told, of_keys))
            if keys_at < written_at:
                raise InputError("keys_older_than_data", data=data.name, keys=keys.name)
            with _lake_homed(draft), _homed(draft, entropy) as settings:
                _load_tables(draft, settings, entropy)
                erased = _erase_again(open_workspace(draft, clock, entropy), written_at)
                draft.replace(folder)
                fsync_folder(folder.absolute().parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Restored(told["shop"], written_at, keys_at, erased)


@contextmanager
def _homed(folder: Path, entropy: Entropy) -> Iterator[Settings]:
    """The settings of the restored workspace: on a server, it gets a schema of its own, gone if the restore fails.

    Whether that is where the data were backed up does not matter: so a workspace moves between files and a server.
    """
    settings = with_schema(load_settings(folder).model_copy(update={"database_schema": ""}), entropy)
    write_place(folder, "database_schema", settings.database_schema)
    try:
        yield settings
    except BaseException:
        drop_databases(settings)
        raise


@contextmanager
def _lake_homed(folder: Path) -> Iterator[None]:
    """The restored lake at the place that the settings name; gone from an object store if the restore fails.

    Whether that is where the data were backed up does not matter: so a lake moves between a folder and a store.
    """
    settings = load_settings(folder)
    write_place(folder, "lake", settings.lake)
    check_lake_is_new(folder, settings)
    storage = open_lake(folder, settings).storage
    try:
        storage.share(storage.root)
        yield
    except BaseException:
        storage.drop(storage.root)
        raise


def _load_tables(folder: Path, settings: Settings, entropy: Entropy) -> None:
    """Make the databases from the tables of the backup. A table that an earlier version did not have stays empty."""
    make_salts(folder / "data" / KEYS_FOLDER)
    keys = KeyRing.open(folder / "data" / KEYS_FOLDER, entropy)
    databases = make_databases(settings, folder / "data", keys)
    try:
        for table in (*WITH_DATA, *WITH_KEYS):
            file = folder / TABLES / f"{table.name}.parquet"
            if file.exists():
                load(databases.of(table), table, file)
    finally:
        databases.close()
        keys.close()
    shutil.rmtree(folder / TABLES)


def _erase_again(workspace: Workspace, written_at: datetime) -> int:
    """Erase whom the ledger knows to have been erased after the data were written; returns how many vertices."""
    try:
        last = workspace.suppression.last_erasure()
        if last is None or last < written_at:
            return 0
        vertices = _erased(workspace)
        if vertices:  # else they came after the data were written
            with writing(workspace, "erase"), workspace.jobs.run("erase") as job:
                erasing.apply(workspace, job, plan_erasure(vertices, ALL_TABLES), last)
        return len(vertices)
    finally:
        workspace.close()


def _erased(workspace: Workspace) -> list[Vertex]:
    """Whole identifiers are those without a salt; of others the ledger knows the intervals."""
    whole = [Vertex(node) for node in workspace.vault.shredded()]
    in_part = [
        Vertex(node, since, until)
        for node, identifier in workspace.vault.identifiers()
        for since, until in workspace.suppression.intervals(identifier)
    ]
    return [*whole, *in_part]
