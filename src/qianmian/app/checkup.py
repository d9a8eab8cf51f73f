"""A look at the health of a workspace, after a crash or for good measure; it mends what a crash left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qianmian.app.databases import server_of
from qianmian.app.lease import Lease
from qianmian.app.tables import ALL_TABLES
from qianmian.app.workspace import Workspace, open_lake
from qianmian.core.errors import DamagedTableError
from qianmian.core.settings import load_settings
from qianmian.core.tables import Home
from qianmian.lake.digests import is_changed
from qianmian.lake.entries import CHANGED
from qianmian.lake.snapshot import Snapshot
from qianmian.profile.history.files import FOLDER


@dataclass(frozen=True)
class Checkup:
    """How a workspace is.

    Attributes:
        mended: a sentence for each thing that a crash had left and that was cleared away.
        resumed: whether an erasure that a crash cut short was finished.
        rows: rows of each table.
        large: people with more identifiers than the workspace's limit, by the last build.
        alerts: alerts on the quality of the data that go on and that nobody looks after, by the last check.
    """

    mended: list[str]
    resumed: bool
    rows: dict[str, int]
    large: int = 0
    alerts: int = 0


def mend(folder: Path) -> list[str]:
    """Take back what a crash left half-done, before anything is opened; returns a sentence for each thing.

    Raises:
        LeaseHeldError: another process writes.
    """
    settings = load_settings(folder)
    with Lease(folder / "data", server_of(settings)).held("doctor"):
        return open_lake(folder, settings).recover()


def count_rows(workspace: Workspace) -> dict[str, int]:
    """Rows of each table of the lake.

    Raises:
        DamagedTableError: a file of a table or of history is missing.
    """
    lake = workspace.lake
    snapshot = lake.snapshot(instant=workspace.clock.now())
    kept = {path.name for path in lake.storage.list(lake.root / FOLDER)}
    for name in _history(workspace, snapshot):
        if name not in kept:
            raise DamagedTableError("history_file_missing", file=name)
    tables = [table.name for table in ALL_TABLES if table.home is Home.LAKE]
    return {name: sum(file.rows for file in lake.files(snapshot, name)) for name in tables}


def read_through(workspace: Workspace) -> None:
    """Read every data file of the lake and of history, and see whether it is as it was written.

    Raises:
        DamagedTableError: names the first that is not.
    """
    lake = workspace.lake
    snapshot = lake.snapshot(instant=workspace.clock.now())
    lake.read_through(snapshot)
    paths = [lake.root / FOLDER / name for name in _history(workspace, snapshot)]
    lake.storage.fetch(dict.fromkeys(paths))
    for path in paths:
        if is_changed(path):
            raise DamagedTableError("damaged_table", table=FOLDER, file=path.name, what=CHANGED)


def _history(workspace: Workspace, snapshot: Snapshot) -> list[str]:
    with workspace.connected(snapshot, "segments") as connection:
        return [name for (name,) in connection.execute("SELECT file FROM segments ORDER BY file").fetchall()]
