"""Files as platforms give them: workbooks, JSON answers, lines above the heads, numbers that Excel must not touch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from qianmian.collect.imports import json_document, spreadsheet
from qianmian.core.errors import InputError, MappingError
from tests.collect.imports.parts import Workspace

MAPPING = """
source: shop
format: {format}
{more}
event: {{event_id: 订单号, name: {{value: Order Completed}}, occurred_at: 时间, order_id: 订单号, total: 实付}}
identifiers: {{phone: 手机}}
"""
TEN_THIRTY = datetime(2026, 5, 1, 10, 30)  # noqa: DTZ001  # a cell has no zone
HEADS = ["订单号", "时间", "实付", "手机"]


def mapping(kind: str, *more: str) -> str:
    return MAPPING.format(format=kind, more="\n".join(more))


@pytest.fixture
def write_sheet(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows of cells as the first sheet of a workbook."""

    def write(rows: list[list[object]]) -> Path:
        with xlsxwriter.Workbook(tmp_path / "rows.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        return tmp_path / "rows.xlsx"

    return write


def test_a_workbook_is_read_with_its_numbers_and_times(workspace: Workspace, write_sheet: Callable[..., Path]) -> None:
    rows = [
        HEADS,
        [13085, TEN_THIRTY, 12.5, 13800138000],
        [],
        ["0007", "2026-05-01 11:00", "8.05", "13800138001"],
    ]
    report = workspace.take(write_sheet(rows), mapping("xlsx", "time_zone: Asia/Shanghai"))
    assert (report.read, report.events, report.new_identifiers) == (2, 2, 4)
    found = workspace.query("SELECT order_id, occurred_at::VARCHAR, total FROM events ORDER BY total")
    assert found == [
        ("0007", "2026-05-01 03:00:00+00", Decimal("8.0500")),
        ("13085", "2026-05-01 02:30:00+00", Decimal("12.5000")),
    ]


def test_lines_above_the_heads_are_skipped(
    workspace: Workspace, write_sheet: Callable[..., Path], tmp_path: Path
) -> None:
    rows = [["订单报表"], ["金额单位：元"], HEADS, ["e1", "2026-05-01", "1", "13800138000"]]
    assert workspace.take(write_sheet(rows), mapping("xlsx", "skip: 2")).events == 1
    text = "\ufeff订单报表\n金额单位：元\n" + ",".join(HEADS) + "\ne2,2026-05-01,1,13800138000\ne3,2026-05-01\n"
    (tmp_path / "rows.csv").write_text(text, "utf-8")
    report = workspace.take(tmp_path / "rows.csv", mapping("csv", "skip: 2"))
    assert (report.events, report.refused[0].examples[0].row) == (1, 2)
    (tmp_path / "gbk.csv").write_text(text[1:].replace("e2", "e4"), "gbk")
    assert workspace.take(tmp_path / "gbk.csv", mapping("csv", "skip: 2", "encoding: gbk")).events == 1


def test_a_workbook_without_its_heads_says_so(workspace: Workspace, write_sheet: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match=r"no column '订单号'"):
        workspace.take(write_sheet([["订单报表"], HEADS]), mapping("xlsx"))
    with pytest.raises(MappingError, match=r"no header row.*\n\nhint: name its columns"):
        workspace.take(write_sheet([["x"]]), mapping("xlsx", "skip: 3"))


def test_columns_without_a_name_are_left_out(workspace: Workspace, tmp_path: Path) -> None:
    text = ",".join([*HEADS, "", ""]) + "\ne1,2026-05-01,1,13800138000,x,y\n"
    (tmp_path / "rows.csv").write_text(text, "utf-8")
    assert workspace.take(tmp_path / "rows.csv", mapping("csv", "properties: rest")).events == 1
    assert workspace.query("SELECT properties FROM events") == [(None,)]


def test_what_is_no_workbook_is_refused(
    workspace: Workspace, write_sheet: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.xlsx").write_text("订单号,时间\n", "utf-8")
    with pytest.raises(MappingError, match=r"'text\.xlsx' is not a whole XLSX file"):
        workspace.take(tmp_path / "text.xlsx", mapping("xlsx"))
    monkeypatch.setattr(spreadsheet, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="unpacks to"):
        workspace.take(write_sheet([HEADS]), mapping("xlsx"))


def test_numbers_that_excel_must_not_touch_are_bared(workspace: Workspace, tmp_path: Path) -> None:
    rows = '"=""0012""","\t2026-05-01 10:00:00","¥1,234.50","\'13800138000"\n'
    (tmp_path / "rows.csv").write_text(",".join(HEADS) + "\n" + rows, "utf-8")
    report = workspace.take(tmp_path / "rows.csv", mapping("csv", "cells: excel", 'marks: "¥,"'))
    assert (report.events, report.new_identifiers) == (1, 2)
    assert workspace.query("SELECT order_id, total FROM events") == [("0012", Decimal("1234.5000"))]
    plain = workspace.take(tmp_path / "rows.csv", mapping("csv").replace("source: shop", "source: other"))
    assert plain.refused_rows == 1


def test_marks_are_left_out_of_the_numbers_of_lines(workspace: Workspace, tmp_path: Path) -> None:
    lines = [{"sku": "a", "n": "1,000", "price": "¥0.05"}, {"sku": "b", "n": 2, "price": "7元"}]
    rows = [
        {"id": "a", "at": "2026-05-01", "lines": lines},
        {"id": "b", "at": "2026-05-01", "lines": [{"price": "x¥"}]},
    ]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    text = """
source: s
format: json
marks: "¥,元"
event: {event_id: id, name: {value: X}, occurred_at: at}
products: {from: lines, item_id: sku, quantity: n, unit_price: price}
"""
    report = workspace.take(tmp_path / "rows.json", text)
    assert [(one.reason, one.rows) for one in report.refused] == [("bad_number", 1)]
    found = workspace.query("SELECT item_id, quantity, unit_price FROM event_lines ORDER BY line")
    assert found == [("a", 1000.0, Decimal("0.0500")), ("b", 2.0, Decimal("7.0000"))]


def test_a_json_answer_is_unfolded_and_knows_what_stands_around(workspace: Workspace, tmp_path: Path) -> None:
    members = [{"id": "m1", "at": 1777600000, "x": [1]}, {"id": "m2", "at": 1777600001}]
    answer = {"errcode": 0, "group": {"id": "g1", "admins": [{"id": "a"}], "members": members}}
    (tmp_path / "answer.json").write_text(json.dumps([answer, answer | {"group": {"id": "g2", "members": []}}]))
    text = """
source: chat
format: json
records: group.members
event:
  event_id: group.members.id
  name: {value: Joined}
  occurred_at: {column: group.members.at, epoch: seconds}
identifiers: {wechat_unionid: group.members.id}
properties: {fields: {chat: group.id, first: group.members.x, by: {value: link}}}
"""
    assert workspace.take(tmp_path / "answer.json", text).events == 2
    found = workspace.query("SELECT event_id, properties FROM events ORDER BY event_id")
    assert [(one, json.loads(told)) for one, told in found] == [
        ("m1", {"chat": "g1", "first": "[1]", "by": "link"}),
        ("m2", {"chat": "g1", "by": "link"}),
    ]


@pytest.mark.parametrize(
    ("content", "records", "message"),
    [
        ("{", "a", "is not JSON"),
        ('{"a": 1}', "a", "has no array at records: 'a'"),
        ('{"a": {"b": []}}', "a.c", "has no array at records: 'a.c'"),
        ("[1]", "a", "has no array at records: 'a'"),
        ('{"a": []}', "", "has no array at records: ''"),
    ],
)
def test_a_document_without_rows_says_what_is_missing(tmp_path: Path, content: str, records: str, message: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content)
    with pytest.raises(MappingError, match=message):
        json_document.as_lines(file, records, tmp_path / "lines", "answer.json")


def test_rows_of_a_document_that_are_no_objects_are_refused_alone(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text('[{"id": "a", "at": "2026-05-01"}, 7]')
    text = "source: s\nformat: json\nevent: {event_id: id, name: {value: X}, occurred_at: at}\n"
    report = workspace.take(tmp_path / "rows.json", text)
    assert (report.events, [one.reason for one in report.refused]) == (1, ["bad_json"])


def test_properties_get_names_of_their_own(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("编号,时间,内容,星级\ne1,2026-05-01,打 13800138000,5星\n", "utf-8")
    text = """
source: s
format: csv
event: {event_id: 编号, name: {value: Review Written}, occurred_at: 时间}
properties: {fields: {text: 内容, stars: {column: 星级, map: {5星: 5}}}}
"""
    report = workspace.take(tmp_path / "rows.csv", text)
    told = json.loads(workspace.query("SELECT properties FROM events")[0][0])
    assert told["stars"] == "5"
    assert "13800138000" not in told["text"]
    assert report.masked[0].column == "properties"
