"""Refused rows of workbooks and JSON documents come in later, like those of any other file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

import qianmian
from qianmian.core.clock import FixedClock
from tests.collect.imports.parts import NOW

MAPPING = """
source: shop
format: {format}
marks: "¥"
event:
  event_id: {at}id
  name: {{column: {at}what, map: {{paid: Order Completed}}}}
  occurred_at: {at}at
  order_id: {at}id
  total: {at}sum
"""
ROWS = [
    {"id": "a", "what": "paid", "at": "2026-05-01", "sum": "¥1.50"},
    {"id": "b", "what": "sold", "at": "2026-05-02", "sum": "¥2.50"},
]


def write_xlsx(file: Path) -> str:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([["title"], list(ROWS[0]), *(row.values() for row in ROWS)]):
            sheet.write_row(number, 0, cells)
    return MAPPING.format(format="xlsx", at="") + "skip: 1\n"


def write_json(file: Path) -> str:
    file.write_text(json.dumps({"data": {"list": ROWS}}))
    return MAPPING.format(format="json", at="data.list.") + "records: data.list\n"


@pytest.mark.parametrize("write", [write_xlsx, write_json])
def test_refused_rows_of_a_download_are_replayed(tmp_path: Path, write) -> None:
    mapping, right = tmp_path / "m.yaml", tmp_path / "right.yaml"
    mapping.write_text(write(tmp_path / "rows"), encoding="utf-8")
    right.write_text(mapping.read_text("utf-8").replace("{paid:", "{sold: Order Completed, paid:"), encoding="utf-8")
    shop = qianmian.init(tmp_path / "shop", name="s", clock=FixedClock(NOW), memory_mib=512)
    report = shop.import_file(tmp_path / "rows", mapping)
    assert (report.accepted, [one.reason for one in report.refused]) == (1, ["unknown_name"])
    assert report.refused[0].examples[0].row == 2
    assert shop.replay(report.batch, right).accepted == 1
    shop.build()
    assert sorted(str(total) for total in shop.table("orders")["paid"].to_pylist()) == ["1.5000", "2.5000"]
    shop.close()
