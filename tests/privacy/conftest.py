"""A workspace's private files, real and empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.privacy.keys import KeyRing
from qianmian.privacy.tables import IDENTIFIERS
from qianmian.privacy.vault import Vault
from tests.databases import Database


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyRing]:
    ring = KeyRing.create(tmp_path / "keys")
    yield ring
    ring.close()


@pytest.fixture
def vault(database: Database, keys: KeyRing) -> Iterator[Vault]:
    opened = Vault(database.open(IDENTIFIERS), keys)
    yield opened
    opened.close()
