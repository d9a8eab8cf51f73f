"""The README's example runs in an empty folder, beside the two files that it names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FIRST = Path(__file__).parent / "examples" / "first"


@pytest.fixture(autouse=True)
def _beside_the_first_files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.name == "README.md" and request.path.parent == Path(__file__).parent:
        shutil.copytree(FIRST, tmp_path, dirs_exist_ok=True)
        monkeypatch.chdir(tmp_path)
