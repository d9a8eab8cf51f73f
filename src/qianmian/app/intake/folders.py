"""Watched folders: declared once, looked at by the running server; every file in them comes in once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

import sqlalchemy as sa

from qianmian.app.intake.tables import WATCHED_FILES, WATCHED_FOLDERS
from qianmian.app.workspace import Workspace
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Mapping
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message, restored
from qianmian.core.names import is_name
from qianmian.privacy.database import declared, instant_of, microseconds

_LONGEST_PATH = 500
#: How exactly it is known when a folder was looked at: not every look is a write.
_LOOKED = timedelta(minutes=1)


@dataclass(frozen=True)
class WatchedFolder:
    """A folder whose files come in by themselves.

    Attributes:
        name: what its owner calls it.
        path: where it lies, below the setting ``folder_root``.
        mapping: what the rows of its files mean, as YAML.
        is_backfill: whether its files bring the past, so that none of their events triggers anything.
        created_at: when it was declared.
        paused_at: since when nothing is taken from it; None = it is watched.
        looked_at: when it was last looked at, to a minute; None = never.
        reason: why the last look came to nothing; None = it did not.
    """

    name: str
    path: str
    mapping: str
    is_backfill: bool
    created_at: datetime
    paused_at: datetime | None
    looked_at: datetime | None
    reason: Message | None

    @property
    def declared(self) -> Mapping:
        """The mapping as values."""
        return read_mapping(self.mapping, Message("mapping_of_folder", folder=self.name))


class WatchedFolders:
    """The watched folders of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The watched folders in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(WATCHED_FOLDERS)
        self._files = declared(WATCHED_FILES)

    def add(self, name: str, path: str, mapping: str, *, is_backfill: bool = False) -> WatchedFolder:
        """Declare a watched folder; it need not be there yet.

        Raises:
            InputError: there is one with that name, or a part is odd.
            MappingError: the mapping is none.
        """
        if not is_name(name):
            raise InputError("folder_name")
        if len(path) > _LONGEST_PATH or not _stays_below(path):
            raise InputError("folder_path", path=path[:_LONGEST_PATH])
        meant = read_mapping(mapping, Message("mapping_of_folder", folder=name))
        if meant.tells_events and "event_id" not in meant.fields:
            raise InputError("folder_without_id")
        row = {"folder": name, "path": path, "mapping": mapping, "is_backfill": is_backfill}
        try:
            with self._catalogue.begin() as connection:
                created = microseconds(self._clock.now())
                connection.execute(sa.insert(self._table).values(**row, created_at=created))
        except sa.exc.IntegrityError:
            raise InputError("folder_exists", folder=name) from None
        return self.get(name)

    def all(self) -> list[WatchedFolder]:
        """All watched folders, by name."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.folder)).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, name: str) -> WatchedFolder:
        """The watched folder of that name.

        Raises:
            UnknownNameError: there is none.
        """
        for folder in self.all():
            if folder.name == name:
                return folder
        raise UnknownNameError("no_watched_folder", folder=name)

    def pause(self, name: str, *, paused: bool) -> WatchedFolder:
        """Take nothing more from a folder, or go on.

        Raises:
            UnknownNameError: there is none of that name.
        """
        folder = self.get(name)
        if paused != (folder.paused_at is not None):
            self._note(name, paused_at=microseconds(self._clock.now()) if paused else None)
        return self.get(name)

    def looked(self, folder: WatchedFolder, reason: Message | None = None) -> None:
        """Note that a folder was looked at, and what kept the look from its end."""
        now = self._clock.now()
        if folder.looked_at and folder.reason == reason and now - folder.looked_at < _LOOKED:
            return
        self._note(folder.name, looked_at=microseconds(now), reason=reason.stored() if reason else None)

    def remove(self, name: str) -> None:
        """Watch a folder no longer; its files stay where they are, and what they brought in as well.

        Raises:
            UnknownNameError: there is none of that name.
        """
        self.get(name)
        with self._catalogue.begin() as connection:
            for table in (self._files, self._table):
                connection.execute(sa.delete(table).where(table.c.folder == name))

    def _note(self, name: str, **values: object) -> None:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.folder == name).values(**values))


def place_of(workspace: Workspace, folder: WatchedFolder) -> Path:
    """Where a watched folder lies, every link on the way followed.

    Raises:
        InputError: it is not there, leads out of ``folder_root``, or holds the workspace's own data.
    """
    root = (workspace.folder / workspace.settings.folder_root).resolve()
    place = (root / folder.path).resolve()
    data = workspace.data.resolve()
    if not place.is_relative_to(root):
        raise InputError("folder_leads_out", path=folder.path)
    if place.is_relative_to(data) or data.is_relative_to(place):
        raise InputError("folder_of_data", path=folder.path)
    if not place.is_dir():
        raise InputError("folder_gone", path=folder.path)
    return place


def _stays_below(path: str) -> bool:
    r"""Whether a path is a plain one below another folder.

    >>> [_stays_below(path) for path in ("erp/orders", "店铺", "", ".", "/etc", "../x", "a/../../b", "c:\\x")]
    [True, True, False, False, False, False, False, False]
    """
    parts = PurePath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and "\0" not in path


def _readable(row: sa.RowMapping) -> WatchedFolder:
    instants = {
        name: None if row[name] is None else instant_of(row[name]) for name in ("paused_at", "looked_at")
    }  # fmt: skip
    return WatchedFolder(
        name=row["folder"],
        path=row["path"],
        mapping=row["mapping"],
        is_backfill=bool(row["is_backfill"]),
        created_at=instant_of(row["created_at"]),
        reason=restored(row["reason"]) if row["reason"] else None,
        **instants,
    )
