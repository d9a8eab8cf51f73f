"""Where the public data sets lie; a test that needs one is skipped aloud where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.folders import data_folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the public data sets."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"no data sets in {folder}; name their folder with QIANMIAN_DATA")
    return folder
