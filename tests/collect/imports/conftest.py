"""A workspace's real parts in a temporary folder, and a shop's file in every format."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.collect.imports.parts import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace, open."""
    opened = Workspace(tmp_path / "shop")
    yield opened
    opened.close()


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) as a CSV file."""

    def write(rows: list[dict[str, Any]], name: str = "rows.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        with file.open("w", encoding=encoding, newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return file

    return write


@pytest.fixture
def write_parquet(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) as a Parquet file."""

    def write(rows: list[dict[str, Any]], name: str = "rows.parquet") -> Path:
        names = dict.fromkeys(one for row in rows for one in row)
        pq.write_table(pa.table({one: [row.get(one) for row in rows] for one in names}), tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) as one JSON document."""

    def write(rows: list[dict[str, Any]]) -> Path:
        (tmp_path / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return tmp_path / "rows.json"

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) as the first sheet of a workbook."""

    def write(rows: list[dict[str, Any]]) -> Path:
        with xlsxwriter.Workbook(tmp_path / "rows.xlsx") as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate([list(rows[0]), *(row.values() for row in rows)]):
                sheet.write_row(number, 0, cells)
        return tmp_path / "rows.xlsx"

    return write


@pytest.fixture
def write_jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) or raw lines as a JSONL file."""

    def write(rows: list[Any], name: str = "rows.jsonl") -> Path:
        file = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return file

    return write
