"""One demonstration, made by the real command, that the tests only read; a copy for those that write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cli.running import Ran, qianmian, run_here


@dataclass(frozen=True)
class Demo:
    folder: Path
    told: dict[str, Any]
    notes: str

    @property
    def shop(self) -> Path:
        return self.folder / "shop"

    @property
    def world(self) -> Path:
        return self.folder / "world"

    @property
    def somebody(self) -> dict[str, str]:
        """User id and phone that stand on one event."""
        rows = pq.read_table(min((self.world / "events").glob("*.parquet")), columns=["user_id", "phone"])
        return next(row for row in rows.to_pylist() if row["user_id"] and row["phone"])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    ran = qianmian("demo", "--people", "200", "--days", "20", "--folder", folder, "--no-serve", "--json")
    return Demo(folder, ran.json, ran.err)


@pytest.fixture
def copy(demo: Demo, tmp_path: Path) -> Path:
    """The demonstration's workspace, to be changed."""
    return shutil.copytree(demo.shop, tmp_path / "shop")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a command in this process."""

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run_here(*arguments)
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return run
