"""A workspace's private files, real and empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.privacy.keys import KeyRing
from qianmian.privacy.vault import Vault


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyRing]:
    ring = KeyRing.create(tmp_path / "keys")
    yield ring
    ring.close()


@pytest.fixture
def vault(tmp_path: Path, keys: KeyRing) -> Iterator[Vault]:
    opened = Vault(tmp_path / "vault.db", keys)
    yield opened
    opened.close()
