"""A workspace: one shop's folder, opened with everything that its stages need."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from qianmian.app.databases import Databases, make_databases, open_databases, server_of, with_schema
from qianmian.app.jobs import Jobs
from qianmian.app.lease import Lease
from qianmian.app.tables import ALL_TABLES
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.core.clock import Clock
from qianmian.core.errors import SettingsError, WorkspaceError
from qianmian.core.misfits import misfit
from qianmian.core.settings import FILE_NAME, SECRET, Settings, load_settings, shown
from qianmian.lake.address import Address
from qianmian.lake.connection import Connection, connect
from qianmian.lake.durable import storage_errors, write_durably
from qianmian.lake.objects import ObjectStorage, check_creates_once
from qianmian.lake.pins import Pins
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.storage import FolderStorage, Storage
from qianmian.lake.store import Lake
from qianmian.privacy.keys import Entropy, KeyRing
from qianmian.privacy.purposes import PurposeRegistry
from qianmian.privacy.refused import RefusedRows
from qianmian.privacy.suppression import SuppressionLedger
from qianmian.privacy.vault import Vault

#: Folder of what does not fit into memory, one below it for each connection, named by its process.
SPILL = "spill"
#: Tables of earlier versions: nothing reads them any more, so no erasure would reach the people in them.
RETIRED = ("profiles",)
#: Folders of definitions.
FOLDERS = ("sources", "tags", "audiences")
#: Folder of the keys, in the folder of data.
KEYS = "keys"
#: Folder of what was received, in the folder of data.
JOURNAL = "journal"
_IGNORE = "data/\nfolders/\n"


@dataclass(frozen=True)
class Workspace:
    """A shop's folder and its open stores.

    Attributes:
        folder: the workspace.
        settings: what `qianmian.toml` and the environment say.
        clock: the only source of time.
        keys: the key ring; losing it loses everybody.
        lake: tables.
        pins: leases on snapshots.
        vault: raw identifiers, sealed.
        refused: rows that could not be used, sealed.
        suppression: who was erased.
        journal: what was received and is not taken in yet, or was some days ago.
        databases: where vault and catalogue are.
        lease: the right to write.
    """

    folder: Path
    settings: Settings
    clock: Clock
    entropy: Entropy
    keys: KeyRing
    lake: Lake
    pins: Pins
    vault: Vault
    refused: RefusedRows
    suppression: SuppressionLedger
    journal: Journal
    databases: Databases
    lease: Lease

    @property
    def catalogue(self) -> sa.Engine:
        """The database of batches, jobs and purposes."""
        return self.databases.catalogue

    @property
    def data(self) -> Path:
        """The folder of all data."""
        return self.folder / "data"

    @property
    def scratch(self) -> Path:
        """The folder of files that outlive no job."""
        return self.lake.root / "exchange"

    @property
    def purposes(self) -> PurposeRegistry:
        """What data may be used for."""
        return PurposeRegistry(self.catalogue)

    @property
    def jobs(self) -> Jobs:
        """The jobs of the workspace."""
        return Jobs(self.catalogue, self.clock, self.lease.check)

    @contextmanager
    def spill(self) -> Iterator[Path]:
        """A folder of one's own for what does not fit into memory; it is gone afterwards, whoever writes meanwhile."""
        folder = self.data / SPILL / f"{os.getpid()}-{uuid.uuid4().hex}"
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def connected(self, snapshot: Snapshot, *tables: str) -> Iterator[Connection]:
        """A connection that sees some tables of a snapshot."""
        settings = self.settings
        with (
            self.spill() as spill,
            connect(
                self.lake,
                snapshot,
                threads=settings.threads,
                memory_mib=settings.memory_mib,
                spill=spill,
                tables=tables,
            ) as connection,
        ):
            yield connection

    def close(self) -> None:
        """Close all stores."""
        self.journal.close()
        self.databases.close()
        self.keys.close()


def chosen(**values: Any) -> Settings:
    """Settings from values that somebody handed in.

    Raises:
        SettingsError: a value is wrong; names the setting.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "setting_unfit", setting=name, why=misfit(first), given=shown(name, first["input"])
        ) from None


def with_settings(workspace: Workspace, **values: Any) -> Workspace:
    """The same open workspace with some settings of its own; those that are None stay as they are.

    Raises:
        SettingsError: a value is wrong; names the setting.
    """
    given = {name: value for name, value in values.items() if value is not None}
    return replace(workspace, settings=chosen(**workspace.settings.model_dump() | given)) if given else workspace


def create(folder: Path, settings: Settings, clock: Clock, entropy: Entropy) -> Workspace:
    """Make a workspace in a folder that is not one yet.

    Raises:
        WorkspaceError: the folder is a workspace already.
    """
    if (folder / FILE_NAME).exists():
        raise WorkspaceError("workspace_exists", folder=folder.name)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    check_lake_is_new(folder, settings)
    settings = with_schema(settings, entropy)
    keys = KeyRing.create(folder / "data" / KEYS, entropy)
    databases = make_databases(settings, folder / "data", keys)
    PurposeRegistry(databases.catalogue).register_first(clock.now())
    databases.close()
    keys.close()
    (folder / ".gitignore").write_text(_IGNORE)
    write_durably(folder / FILE_NAME, _toml(settings))  # last: from here on it is a workspace
    return _opened(folder, settings, clock, entropy)


def open_workspace(folder: Path, clock: Clock, entropy: Entropy) -> Workspace:
    """Open the workspace in a folder.

    Raises:
        WorkspaceError: there is none, or its keys are missing.
        SettingsError: a setting is wrong.
        DamagedTableError: a table's files are missing or cut short.
    """
    if not (folder / FILE_NAME).exists():
        raise WorkspaceError("no_workspace", name=folder.name, folder=str(folder))
    return _opened(folder, load_settings(folder), clock, entropy)


def _opened(folder: Path, settings: Settings, clock: Clock, entropy: Entropy) -> Workspace:
    data = folder / "data"
    keys = KeyRing.open(data / KEYS, entropy)
    lease = Lease(data, server_of(settings))
    lake = open_lake(folder, settings, lease.check)
    lake.check()
    databases = open_databases(settings, data, keys)
    return Workspace(
        folder=folder,
        settings=settings,
        clock=clock,
        entropy=entropy,
        keys=keys,
        lake=lake,
        pins=Pins(lake.root, lake.storage),
        vault=Vault(databases.vault, keys),
        refused=RefusedRows(databases.vault, keys, entropy),
        suppression=SuppressionLedger(databases.vault, keys),
        journal=Journal(JournalFolder(data / JOURNAL), keys, entropy),
        databases=databases,
        lease=lease,
    )


def open_lake(folder: Path, settings: Settings, check: Callable[[], None] | None = None) -> Lake:
    """The lake of the workspace in a folder, wherever it is kept; `qianmian.lake.store.Lake` says what ``check`` is."""
    root = folder / "data" / "lake"
    return Lake(root, ALL_TABLES, check, _storage(root, settings))


def address_of(settings: Settings) -> Address | None:
    """Where the lake is kept; None if in its folder."""
    return Address(settings.lake, settings.lake_endpoint, settings.lake_region) if settings.lake else None


def check_lake_is_new(folder: Path, settings: Settings) -> None:
    """Make sure that a new workspace's lake is nobody else's, and that its object store can be relied on.

    Raises:
        WorkspaceError: there is a lake already, or the store lets two writers write the same entry.
        StoreUnreachableError: it does not answer, or refuses.
    """
    address = address_of(settings)
    if address:
        store = ObjectStorage(folder / "data" / "lake", address)
        if store.list(store.root):
            raise WorkspaceError("lake_not_empty", address=address.url)
        check_creates_once(store)


def _storage(root: Path, settings: Settings) -> Storage:
    address = address_of(settings)
    return ObjectStorage(root, address) if address else FolderStorage(root)


def _toml(settings: Settings) -> str:
    """The settings that differ from the defaults, as TOML; secrets stay in the environment."""
    lines = [
        "# Settings of this workspace; all of them: docs/reference/settings.md",
        f"name = {_quoted(settings.name)}",
    ]
    for name, value in settings.model_dump(exclude_defaults=True, exclude=set(SECRET)).items():
        if name != "name":
            lines.append(f"{name} = {_quoted(value) if isinstance(value, str) else value}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@contextmanager
def writing(workspace: Workspace, purpose: str) -> Iterator[None]:
    """Hold the lease; first clear away what a writer that died left behind.

    Raises:
        LeaseHeldError: another process writes.
        StorageFullError: no room, wherever in the workspace.
    """
    with storage_errors("workspace"), workspace.lease.held(purpose), workspace.lake.storage.still():
        workspace.vault.look_again()
        workspace.suppression.look_again()
        workspace.lake.recover()
        workspace.jobs.bury()
        for job in ("build", "check"):  # one that died would keep what it replaces for a day
            workspace.pins.end_pins_of(job)
        for name in (workspace.scratch.name, *RETIRED):
            workspace.lake.storage.drop(workspace.lake.root / name)
        for folder in (workspace.data / SPILL).glob("[0-9]*"):
            if not _is_running(folder.name.partition("-")[0]):
                shutil.rmtree(folder, ignore_errors=True)
        yield


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's: it runs
        return True
    return True
