"""The small world as wire JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qianmian.world.wire.write import PROTOCOLS, write_wire


@pytest.fixture(scope="session")
def segment(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segment")
    write_wire(world, PROTOCOLS["segment"], folder)
    return folder


@pytest.fixture(scope="session")
def sensors(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sensors")
    write_wire(world, PROTOCOLS["sensors"], folder)
    return folder


def lines(folder: Path) -> list[list[dict[str, Any]]]:
    """The messages of each file."""
    return [
        [orjson.loads(line) for line in file.read_bytes().splitlines()]
        for file in sorted(folder.glob("events-*.jsonl"))
    ]


def requests(folder: Path) -> list[list[dict[str, Any]]]:
    """The requests of each file."""
    return [pq.read_table(file).to_pylist() for file in sorted(folder.glob("requests-*.parquet"))]


def deliveries(world: Path) -> list[pa.Table]:
    """The world's own deliveries, a table a file."""
    return [pq.read_table(file) for file in sorted((world / "events").glob("*.parquet"))]
