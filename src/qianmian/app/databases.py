"""Where the vault and the catalogue of a workspace are: two files of its own, or a schema on a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from qianmian.app.tables import ALL_TABLES
from qianmian.core.errors import SettingsError, WorkspaceError
from qianmian.core.settings import Settings
from qianmian.core.tables import Home, Table
from qianmian.privacy.database import all_declared, open_database
from qianmian.privacy.keys import Entropy, KeyRing
from qianmian.privacy.server import Server, drop_schema, make_schema, open_server
from qianmian.privacy.tables import SALT_TABLES
from qianmian.privacy.upgrades import refuse_later_tables

VAULT_TABLES = tuple(t for t in ALL_TABLES if t.home is Home.VAULT and t not in SALT_TABLES)
CATALOGUE_TABLES = tuple(t for t in ALL_TABLES if t.home is Home.CATALOGUE)
_SCHEMA_BYTES = 8


@dataclass(frozen=True)
class Databases:
    """The open databases of a workspace; on a server, vault and catalogue are one.

    Attributes:
        vault: identifiers, refused rows and the ledger of the erased.
        catalogue: everything else that is no table of the lake.
        salts: with the keys, and closed with them.
    """

    vault: sa.Engine = field(repr=False)
    catalogue: sa.Engine = field(repr=False)
    salts: sa.Engine = field(repr=False)

    def of(self, table: Table) -> sa.Engine:
        """The database of a declared table that is none of the lake."""
        if table in SALT_TABLES:
            return self.salts
        return self.vault if table.home is Home.VAULT else self.catalogue

    def close(self) -> None:
        """Close vault and catalogue."""
        self.vault.dispose()
        self.catalogue.dispose()


def with_schema(settings: Settings, entropy: Entropy) -> Settings:
    """The settings of a new workspace: on a server it gets a schema of its own, unless one is chosen."""
    if not settings.database or settings.database_schema:
        return settings
    return settings.model_copy(update={"database_schema": f"qianmian_{entropy(_SCHEMA_BYTES).hex()}"})


def server_of(settings: Settings) -> Server | None:
    """The server of a workspace; None if its databases are files.

    Raises:
        SettingsError: a server without a schema, or a schema without a server: it was made on the other one.
    """
    url = settings.database.get_secret_value()
    if bool(url) != bool(settings.database_schema):
        raise SettingsError("server_unset" if settings.database_schema else "made_in_files")
    return Server(url, settings.database_schema) if url else None


def make_databases(settings: Settings, data: Path, keys: KeyRing) -> Databases:
    """Make the databases of a new workspace; see `open_databases`."""
    if server := server_of(settings):
        make_schema(server, keys.fingerprint)
    return open_databases(settings, data, keys)


def drop_databases(settings: Settings) -> None:
    """Take back what `make_databases` made on a server; files go with their folder."""
    if server := server_of(settings):
        drop_schema(server)


def open_databases(settings: Settings, data: Path, keys: KeyRing) -> Databases:
    """Open the databases of a workspace and bring them to the declared tables.

    Raises:
        WorkspaceError: a later version wrote them, or the schema is missing or another workspace's.
        ServerUnreachableError: no connection.
    """
    if server := server_of(settings):
        engine = open_server(server, (*VAULT_TABLES, *CATALOGUE_TABLES), keys.fingerprint)
        return _checked(Databases(engine, engine, keys.salts_database))
    vault = open_database(data / "vault.db", VAULT_TABLES)
    catalogue = open_database(data / "catalogue.db", CATALOGUE_TABLES)
    return _checked(Databases(vault, catalogue, keys.salts_database))


def _checked(opened: Databases) -> Databases:
    """The same, unless they hold tables that this version does not declare."""
    try:
        for engine in (opened.vault, opened.catalogue):
            tables = [table for table in (*VAULT_TABLES, *CATALOGUE_TABLES) if opened.of(table) is engine]
            refuse_later_tables(engine, all_declared(tables))
    except WorkspaceError:
        opened.close()
        raise
    return opened
