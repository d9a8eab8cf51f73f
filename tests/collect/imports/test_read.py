"""A file that is not what it was declared to be says so; a row that cannot be read is refused alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qianmian.core.errors import InputError, MappingError
from tests.collect.imports.parts import EVENTS, Workspace, row

CSV = EVENTS.format(format="csv")


def test_a_ragged_row_is_refused_and_the_numbers_of_the_others_stay(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "ragged.csv"
    text = 'id,event,at\ne1,"two\nlines",2026-05-01\ne2,X\ne3,X,2026-05-01,extra\ne4,X,never\n'
    text += "e5,X,2026-05-01\ne6\ne7,X,no\n"
    file.write_text(text)
    mapping = "source: s\nformat: csv\nevent: {event_id: id, name: event, occurred_at: at}\n"
    report = workspace.take(file, mapping)
    assert (report.read, report.events) == (7, 2)
    rows = {one.reason: [example.row for example in one.examples] for one in report.refused}
    assert rows == {"unreadable": [2, 3, 6], "bad_time": [4, 7]}


def test_a_missing_column_is_named_with_its_near_names(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    rows = [{("user_name" if name == "user" else name): text for name, text in row("e1").items()}]
    with pytest.raises(MappingError, match=r"no column 'user'.*\n\nhint: did you mean user_name"):
        workspace.take(write_csv(rows), CSV)


def test_a_gbk_file_hints_at_its_encoding_and_is_read_with_it(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    file = write_csv([row("e1", region="上海市")], encoding="gbk")
    with pytest.raises(MappingError, match="encoding: gb18030"):
        workspace.take(file, CSV)
    assert workspace.take(file, CSV + "encoding: gbk\n").events == 1
    assert workspace.query("SELECT region FROM events") == [("上海市",)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    assert workspace.take(write_csv([row("e1")], encoding="utf-8-sig"), CSV).events == 1
    assert workspace.query("SELECT event_id FROM events") == [("e1",)]


@pytest.mark.parametrize("content", [b"no parquet at all", b"PAR1 cut off"])
def test_what_is_no_whole_parquet_file_is_refused(workspace: Workspace, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rows.parquet"
    file.write_bytes(content)
    with pytest.raises(MappingError, match="not a whole Parquet file"):
        workspace.take(file, EVENTS.format(format="parquet"))


def test_an_empty_or_missing_file_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").touch()
    with pytest.raises(InputError, match="is empty"):
        workspace.take(tmp_path / "rows.csv", CSV)
    with pytest.raises(InputError, match="no file"):
        workspace.take(tmp_path / "none.csv", CSV)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_without_rows_is_imported_as_nothing(
    workspace: Workspace, request: pytest.FixtureRequest, kind: str
) -> None:
    file = request.getfixturevalue(f"write_{kind}")([row("e1")])
    if kind == "csv":
        file.write_text(file.read_text().splitlines()[0] + "\n")
    else:
        pq = pytest.importorskip("pyarrow.parquet")
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    assert workspace.take(file, EVENTS.format(format=kind)).read == 0


def test_a_huge_line_is_refused_alone(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    report = workspace.take(write_csv([row("e1"), row("e2", region="x" * 5_000_000), row("e3")]), CSV)
    assert (report.events, report.refused_rows) == (2, 1)


def test_dotted_paths_reach_into_a_line(workspace: Workspace, write_jsonl: Callable[..., Path]) -> None:
    mapping = """
source: wire
format: jsonl
event:
  {event_id: messageId, name: event, occurred_at: timestamp, total: properties.total, device_type: context.device.type}
identifiers: {user_id: userId}
products: {from: properties.products, item_id: product id, quantity: quantity}
properties: {column: properties}
"""
    line = {
        "messageId": "m1", "event": "Order Completed", "timestamp": "2026-05-01T00:00:00Z", "userId": 42,
        "context": {"device": {"type": "ios"}},
        "properties": {"total": 12.5, "products": [{"product id": "p", "quantity": 2}], "who's": '"x"'},
    }  # fmt: skip
    report = workspace.take(write_jsonl([line, "", "{broken", "[1]", line | {"messageId": "m2"}]), mapping)
    assert (report.read, report.events, report.lines) == (4, 2, 2)
    assert [(one.reason, [e.row for e in one.examples]) for one in report.refused] == [("bad_json", [3, 4])]
    found = workspace.query("SELECT total::VARCHAR, device_type, properties FROM events LIMIT 1")
    assert found == [("12.5000", "ios", '{"total":12.5,"who\'s":"\\"x\\""}')]


def test_the_rest_of_a_file_becomes_properties(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    mapping = "source: s\nformat: csv\nevent: {name: event, occurred_at: at}\nproperties: rest\n"
    file = write_csv([{"event": "X", "at": "2026-05-01", "it's": "13800138000", 'a"b': "2", "blank": ""}])
    workspace.take(file, mapping)
    assert workspace.query("SELECT properties FROM events") == [('{"it\'s":"[phone]","a\\"b":"2"}',)]
