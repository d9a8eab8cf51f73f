"""Backup: everything of a workspace in two files, its data and its keys, which belong in two places.

The file of keys is never kept in versions: each erasure writes it anew, so that no copy of the data can bring back a
value that was destroyed, and every later restore knows who was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qianmian.app.archive import DATA, KEYS, Packing, packed
from qianmian.app.jobs import Job
from qianmian.app.tables import ALL_TABLES, CONSOLE_SESSIONS
from qianmian.app.workspace import FOLDERS, Workspace
from qianmian.core.errors import DamagedTableError
from qianmian.core.settings import FILE_NAME
from qianmian.core.tables import Home, Table
from qianmian.lake.digests import is_other
from qianmian.lake.entries import CHANGED
from qianmian.lake.snapshot import Snapshot
from qianmian.privacy.dumps import dump
from qianmian.privacy.tables import SALT_TABLES, SUPPRESSION
from qianmian.profile.history.files import FOLDER as HISTORY

#: Folder of a backup in which the databases' tables lie as Parquet.
TABLES = "tables"
WITH_KEYS = (*SALT_TABLES, SUPPRESSION)
#: Nobody who was signed in when a backup was made is so after a restore.
WITH_DATA = tuple(
    table
    for table in ALL_TABLES
    if table.home in (Home.VAULT, Home.CATALOGUE) and table not in (*WITH_KEYS, CONSOLE_SESSIONS)
)


def write_data(workspace: Workspace, job: Job, file: Path) -> None:
    """Write the data of a workspace to a file, durably. Call it while holding the lease.

    Args:
        workspace: the shop.
        job: told how far it is, in MiB.
        file: replaced at once if it is there; readable by its owner alone.

    Raises:
        StorageFullError: no room; a file that was there stays as it was.
        DamagedTableError: a data file is not as it was written; likewise.
    """
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    members = [*_definitions(workspace), *_lake_files(workspace, snapshot)]
    total = sum(path.stat().st_size for path in members) >> 20
    with packed(file, DATA, _told(workspace)) as packing:
        for path in members:
            name = path.relative_to(workspace.folder.absolute()).as_posix()
            packing.add(name, path)
            if is_other(name, packing.listed[name][1]):
                table, _, inside = path.relative_to(workspace.lake.root.absolute()).as_posix().partition("/")
                raise DamagedTableError("damaged_table", table=table, file=inside, what=CHANGED)
            job.at("backup", packing.size >> 20, total)
        _add_tables(workspace, packing, WITH_DATA)
    job.result |= {"files": len(members), "bytes": file.stat().st_size}


def write_keys(workspace: Workspace, file: Path) -> None:
    """Write keys, salts and the ledger of the erased to a file, durably; see `write_data`."""
    with packed(file, KEYS, _told(workspace)) as packing:
        for path in workspace.keys.files():
            packing.add(path.absolute().relative_to(workspace.folder.absolute()).as_posix(), path)
        _add_tables(workspace, packing, WITH_KEYS)


def _told(workspace: Workspace) -> dict[str, Any]:
    """What both files say of themselves; the fingerprint tells whether they belong together."""
    return {
        "shop": workspace.settings.name,
        "fingerprint": workspace.keys.fingerprint,
        "written_at": workspace.clock.now().isoformat(),
    }


def _definitions(workspace: Workspace) -> Iterator[Path]:
    folder = workspace.folder.absolute()
    yield folder / FILE_NAME
    for name in FOLDERS:
        yield from (path for path in sorted((folder / name).rglob("*")) if path.is_file())


def _lake_files(workspace: Workspace, snapshot: Snapshot) -> list[Path]:
    """The released files of every table with their logs, and the files of history; all are in this folder now."""
    files = list(_named_in_lake(workspace, snapshot))
    workspace.lake.storage.fetch(dict.fromkeys(files))
    return files


def _named_in_lake(workspace: Workspace, snapshot: Snapshot) -> Iterator[Path]:
    lake = workspace.lake
    for name in snapshot.versions:
        yield from (path.absolute() for path in lake.logs[name].entries.files())
        yield from (lake.path(name, file) for file in lake.files(snapshot, name))
    with workspace.connected(snapshot, "segments") as connection:
        names = connection.execute("SELECT file FROM segments ORDER BY file").fetchall()
    yield from ((lake.root / HISTORY / name).absolute() for (name,) in names)


def _add_tables(workspace: Workspace, packing: Packing, tables: Iterable[Table]) -> None:
    with TemporaryDirectory(dir=workspace.data, prefix="backup-") as scratch:
        for table in tables:
            made = Path(scratch) / f"{table.name}.parquet"
            dump(workspace.databases.of(table), table, made)
            packing.add(f"{TABLES}/{made.name}", made)
            made.unlink()
