"""A database that is damaged is told by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.core.errors import WorkspaceError
from qianmian.privacy.database import open_database
from qianmian.privacy.tables import SUPPRESSION


@pytest.mark.parametrize("told", [b"no database" * 1000, b""], ids=["another file", "pages that do not hang together"])
def test_a_damaged_database_is_told_by_name(tmp_path: Path, told: bytes):
    path = tmp_path / "vault.db"
    open_database(path, (SUPPRESSION,)).dispose()
    whole = path.read_bytes()
    path.write_bytes(told or whole[:4096] + bytes(len(whole) - 4096))
    with pytest.raises(WorkspaceError, match=r"'vault\.db' is damaged"):
        _asked(path)


def _asked(path: Path) -> None:
    engine = open_database(path, (SUPPRESSION,))
    try:
        with engine.connect() as connection:
            list(connection.exec_driver_sql(f"SELECT * FROM {SUPPRESSION.name}"))
    finally:
        engine.dispose()
