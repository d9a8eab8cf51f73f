"""What the SDKs run against, and what they need to run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.receiving import Received, receiving

HERE = Path(__file__).parent
#: Programs that run SDKs in a process of their own.
collect_ignore = ["speakers"]


@pytest.fixture
def received(tmp_path: Path) -> Iterator[Received]:
    """A server of its own for each test."""
    with receiving(tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def node() -> str:
    """Node with the SDKs for it; the tests that need it are skipped, with the reason, where they are not."""
    if not (HERE / "node_modules").is_dir():
        pytest.skip("the tracking SDKs for Node and browsers are not installed: make clients")
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if not found:
        pytest.skip("there is no Node: make clients")
    return os.fspath(found)
