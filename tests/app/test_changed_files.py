"""A data file that is not as it was written is found by a thorough checkup and by every backup, and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app.checkup import read_through
from qianmian.cli.exits import OK, WORKSPACE
from qianmian.core.errors import DamagedTableError
from tests.app.traces import Scene, trace
from tests.cli.running import run_here


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    made.take([trace("Product Viewed", "2026-05-30", user="anna", item=f"i{number}") for number in range(50)])
    made.shop.build()
    yield made
    made.shop.close()


@pytest.mark.parametrize("pattern", ["lake/events/day=*/*.parquet", "lake/partials/*.parquet", "lake/history/*.arrow"])
def test_a_bit_that_turned_over_is_found(scene: Scene, tmp_path: Path, pattern: str) -> None:
    read_through(scene.shop.workspace)
    scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    kept = (tmp_path / "data.tar").read_bytes()
    file = next(scene.shop.workspace.data.glob(pattern))
    told = bytearray(file.read_bytes())
    told[len(told) // 2] ^= 4
    file.write_bytes(told)
    with pytest.raises(DamagedTableError, match=f"{file.name} is not as it was written"):
        read_through(scene.shop.workspace)
    with pytest.raises(DamagedTableError, match=f"{file.name} is not as it was written"):
        scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    assert (tmp_path / "data.tar").read_bytes() == kept


@pytest.mark.parametrize("more", [[], ["--thorough"]])
def test_the_checkup_of_a_changed_file_fails_if_it_is_thorough(scene: Scene, more: list[str]) -> None:
    file = next(scene.shop.workspace.data.glob("lake/events/day=*/*.parquet"))
    told = bytearray(file.read_bytes())
    told[len(told) // 2] ^= 4
    file.write_bytes(told)
    assert run_here("doctor", *more, "--workspace", scene.folder) == (WORKSPACE if more else OK)
