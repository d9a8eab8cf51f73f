"""An import ends in one release, keeps every row's account, and hides every identifier."""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import qianmian
from qianmian.collect.imports import stage
from qianmian.collect.imports.batch import Batch
from qianmian.core.errors import InputError, StorageFullError
from qianmian.core.people import Identifier
from qianmian.privacy.suppression import Suppressed
from tests.collect.imports.parts import EVENTS, NAMES, Workspace, row

DEMO = Path(qianmian.__file__).parent / "cli" / "demo"
UCI = """
source: uci
grain: line
format: parquet
time_zone: UTC
event:
  event_id: Invoice
  name: {when: {column: Invoice, starts_with: C}, then: Order Refunded, otherwise: Order Completed}
  occurred_at: InvoiceDate
  order_id: Invoice
  region: Country
identifiers: {user_id: Customer ID}
products: {item_id: StockCode, quantity: Quantity, unit_price: Price}
"""

LINES_OF_ORDERS = """
source: shop
grain: line
format: {format}
event: {{event_id: id, name: event, occurred_at: at, order_id: order, region: region}}
identifiers: {{user_id: user, phone: phone}}
products: {{item_id: sku}}
"""
SHOWN = {
    "events": "* EXCLUDE (event_key, node_id)",
    "event_lines": "* EXCLUDE (event_key)",
    "links": 'kind, rule, event_id, "at"',
    "nodes": "namespace",
}

ROWS = [
    row("e1", user="u1", anon="a1", region="上海"),
    row("e2", event="Order Completed", user="u1", phone="13800138000", order="o-1", total="99.90",
        products='[{"sku": "s1", "n": 2, "price": 30}, {"sku": "s2", "n": 1, "price": "39.90"}]',
        props='{"note": "call 13900139000", "n": 1.50}'),
    row("e3", event="Product Viewed", device="d1"),
    row("e4", event="Product Viewed"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_every_format_gives_the_same_rows(workspace: Workspace, request: pytest.FixtureRequest, kind: str) -> None:
    file = request.getfixturevalue(f"write_{kind}")(ROWS)
    report = workspace.take(file, EVENTS.format(format=kind))
    assert (report.read, report.events, report.lines, report.refused) == (4, 4, 2, ())
    found = workspace.query(
        "SELECT event_id, name, occurred_at::VARCHAR, total::VARCHAR, region, node_id > 0, properties "
        "FROM events ORDER BY 1"
    )
    assert found == [
        ("e1", "Product Viewed", "2026-05-01 02:00:00+00", None, "上海", True, None),
        (
            "e2",
            "Order Completed",
            "2026-05-01 02:00:00+00",
            "99.9000",
            None,
            True,
            '{"note": "call [phone]", "n": 1.50}',
        ),
        ("e3", "Product Viewed", "2026-05-01 02:00:00+00", None, None, True, None),
        ("e4", "Product Viewed", "2026-05-01 02:00:00+00", None, None, False, None),
    ]
    lines = workspace.query("SELECT line, item_id, quantity, unit_price::VARCHAR FROM event_lines ORDER BY 1")
    assert lines == [(0, "s1", 2.0, "30.0000"), (1, "s2", 1.0, "39.9000")]
    assert [(m.column, m.kind, m.count) for m in report.masked] == [("properties", "phone", 1)]
    assert report.new_identifiers == 5 == len(workspace.vault)


def test_the_demo_mappings_are_valid_and_take_the_world_s_columns(
    workspace: Workspace, write_parquet: Callable[..., Path], write_csv: Callable[..., Path]
) -> None:
    names = "message_id type event timestamp sent_at received_at user_id anonymous_id device_id phone email "
    names += "wechat_unionid channel device_type region order_id refund_id item_id total currency coupon_id products "
    names += "properties consent user_agent"
    blank = dict.fromkeys(names.split())
    told = {"type": "track", "timestamp": "2026-05-01T00:00:00Z", "sent_at": "2026-05-01T00:00:01Z"}
    received = {"received_at": "2026-05-01T02:00:01Z"}
    rows = [
        blank | told | received | {"message_id": "m1", "event": "Order Completed", "user_id": "u1", "order_id": "o1",
                                   "coupon_id": "c9", "properties": '{"a": 1}', "total": "3", "currency": "CNY"},
        blank | told | received | {"message_id": "m2", "type": "identify", "user_id": "u1", "anonymous_id": "a1"},
    ]  # fmt: skip
    report = workspace.take(write_parquet(rows), (DEMO / "events.yaml").read_text())
    assert (report.events, report.refused) == (2, ())
    found = workspace.query("SELECT name, kind, occurred_at::VARCHAR, properties FROM events ORDER BY event_id")
    corrected = "2026-05-01 02:00:00+00"
    assert found == [
        ("Order Completed", "track", corrected, '{"a":1,"coupon_id":"c9"}'),
        ("Identified", "identify", corrected, None),
    ]
    goods = [{"item_id": "s1", "valid_from": "2026-01-01", "title": "面霜", "category": "美妆", "brand": "花西子",
              "price": "99.90", "cost": "30", "stock": "7", "spu": "p1", "attributes": "款式:经典款"}]  # fmt: skip
    assert workspace.take(write_csv(goods), (DEMO / "goods.yaml").read_text()).items == 1
    columns = "source, item_id, title, price::VARCHAR, stock, spu_id, attributes"
    assert workspace.query(f"SELECT {columns} FROM items") == [
        ("shop", "s1", "面霜", "99.9000", 7, "p1", '{"款式":"经典款"}')
    ]


REFUSALS = [
    ("missing", "name", {"event": ""}),
    ("missing", "event_id", {"id": ""}),
    ("missing", "occurred_at", {"at": None}),
    ("bad_time", "occurred_at", {"at": "31/12/2025"}),
    ("clock_suspect", "occurred_at", {"at": "2026-06-03T00:00:00Z"}),
    ("clock_suspect", "occurred_at", {"at": "1999-12-31T00:00:00Z"}),
    ("clock_suspect", "occurred_at", {"at": "infinity"}),
    ("bad_number", "total", {"total": "¥3"}),
    ("bad_number", "total", {"total": "nan"}),
    ("bad_number", "products.n", {"products": '[{"sku": "s", "n": "two"}]'}),
    ("bad_products", "products", {"products": '{"sku": "s"}'}),
    ("bad_products", "products", {"products": "[{"}),
    ("bad_json", "props", {"props": "{oops"}),
    ("bad_json", "props", {"props": "[1]"}),
]


@pytest.mark.parametrize(("reason", "field", "wrong"), REFUSALS)
def test_a_bad_row_is_refused_with_its_reason_and_its_neighbours_go_on(
    workspace: Workspace, write_csv: Callable[..., Path], reason: str, field: str, wrong: dict[str, str]
) -> None:
    file = write_csv([row("e1"), row("e2") | wrong, row("e3")])
    report = workspace.take(file, EVENTS.format(format="csv"))
    assert report.events == 2
    assert [(one.reason, one.rows) for one in report.refused] == [(reason, 1)]
    example = report.refused[0].examples[0]
    assert (example.row, example.field) == (2, field)
    kept = list(workspace.refused.bodies(report.stream))
    assert [(one.position, one.reason, one.field) for one in kept] == [(2, reason, field)]
    assert ('"Product Viewed"' in (kept[0].body or "")) == ("event" not in wrong)


def test_a_refused_value_is_masked_in_the_report_and_whole_in_the_store(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    report = workspace.take(write_csv([row("e1", total="13800138000x")]), EVENTS.format(format="csv"))
    assert "138****8000" in str(report.refused[0].examples[0].detail)
    assert "13800138000" in (next(iter(workspace.refused.bodies(report.stream))).body or "")


def test_of_a_repeated_id_the_first_stands(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    file = write_csv([row("e1", region="a"), row("e1", region="a"), row("e1", region="b")])
    report = workspace.take(file, EVENTS.format(format="csv"))
    assert (report.events, report.duplicates) == (1, 1)
    assert [(one.reason, one.rows) for one in report.refused] == [("id_conflict", 1)]
    again = workspace.take(write_csv([row("e1", region="c"), row("e2")]), EVENTS.format(format="csv"))
    assert (again.events, again.duplicates) == (1, 1)


def test_the_same_file_again_is_a_no_op_that_says_so(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    file = write_csv(ROWS)
    assert not workspace.take(file, EVENTS.format(format="csv")).already
    again = workspace.take(file, EVENTS.format(format="csv"))
    assert again.already
    assert workspace.query("SELECT count(*) FROM events") == [(4,)]


def test_undo_takes_the_batch_out_of_every_table_and_the_vault(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    kept = workspace.take(write_csv([row("e0", user="u1", anon="a0")]), EVENTS.format(format="csv"))
    before = snapshot_of(workspace)
    report = workspace.take(write_csv(ROWS), EVENTS.format(format="csv"))
    assert len(workspace.vault) == 6
    assert workspace.undo(report)
    assert snapshot_of(workspace) == before
    assert len(workspace.vault) == 2
    assert not workspace.undo(report)
    assert workspace.take(write_csv(ROWS), EVENTS.format(format="csv")).events == 4
    assert workspace.undo(kept)
    assert workspace.query("SELECT count(*) FROM events") == [(4,)]
    assert len(workspace.vault) == 5


def test_an_identifier_that_another_batch_shows_outlives_the_undo(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    first = workspace.take(write_csv([row("e0", user="u1", anon="a1")]), EVENTS.format(format="csv"))
    workspace.take(write_csv([row("e1", user="u1")]), EVENTS.format(format="csv"))
    workspace.undo(first)
    assert workspace.query("SELECT namespace FROM nodes") == [("user_id",)]
    assert len(workspace.vault) == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    file = write_csv([*ROWS, row("bad", at="never")])
    dry = workspace.take(file, EVENTS.format(format="csv"), dry_run=True)
    assert workspace.query("SELECT count(*) FROM events") == [(0,)]
    assert len(workspace.vault) == 0
    assert not workspace.refused.counts()
    wet = workspace.take(file, EVENTS.format(format="csv"))
    assert replace(dry, seconds=0, batch=0) == replace(wet, seconds=0, batch=0)


WITHOUT_ID = EVENTS.replace("  event_id: id\n", "")


def test_equal_rows_without_an_id_are_all_kept(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    report = workspace.take(write_csv([row("-"), row("-")]), WITHOUT_ID.format(format="csv"))
    assert (report.events, report.duplicates) == (2, 0)


def test_a_longer_copy_of_an_earlier_file_asks_what_it_replaces(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    rows = [row("-", user=f"u{number}") for number in range(10)]
    first = workspace.take(write_csv(rows), WITHOUT_ID.format(format="csv"))
    longer = write_csv([*rows, row("-", user="u11")], name="longer.csv")
    with pytest.raises(InputError, match="--replaces 1"):
        workspace.take(longer, WITHOUT_ID.format(format="csv"))
    workspace.take(longer, WITHOUT_ID.format(format="csv"), replaces=Batch(first.batch, first.stream))
    assert workspace.query("SELECT count(*), count(DISTINCT node_id) FROM events") == [(11, 11)]
    assert len(workspace.vault) == 11


def test_what_an_erased_person_did_before_is_refused_and_not_kept(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    gone = Suppressed(Identifier("user_id", "u1"))
    workspace.ledger.add([gone], at=datetime(2026, 5, 2, tzinfo=UTC))
    rows = [row("e1", user="u1"), row("e2", user="u1", at="2026-05-03T00:00:00Z"), row("e3", user="u2")]
    report = workspace.take(write_csv(rows), EVENTS.format(format="csv"))
    assert (report.events, report.refused[0].reason) == (2, "suppressed")
    assert next(iter(workspace.refused.bodies(report.stream))).body == ""


def test_hostile_strings_stay_data(workspace: Workspace, write_parquet: Callable[..., Path]) -> None:
    hostile = ["'; DROP TABLE staged; --", '"quoted"', "$w0", "{x}", "%s", "\u202e", "a\nb", "\\", "=1+1"]
    rows = [
        row(f"e{number}{text}", user=text, region=text, order=text, props=f'{{"t": {json.dumps(text)}}}')
        for number, text in enumerate(hostile)
    ]
    report = workspace.take(write_parquet(rows), EVENTS.format(format="parquet"))
    assert report.events == len(hostile)
    assert sorted(region for (region,) in workspace.query("SELECT region FROM events")) == sorted(hostile)


def test_order_lines_become_one_event_with_its_lines(workspace: Workspace, write_parquet: Callable[..., Path]) -> None:
    def line(invoice: str, code: str, quantity: int, at: str) -> dict[str, object]:
        return {"Invoice": invoice, "StockCode": code, "Quantity": quantity, "Price": 1.25, "Customer ID": 13085.0,
                "InvoiceDate": datetime.fromisoformat(at), "Country": "France"}  # fmt: skip

    rows = [
        line("489434", "85048", 12, "2009-12-01 23:59"),
        line("489434", "79323P", 3, "2009-12-02 00:01"),
        line("489434", "79323P", 3, "2009-12-02 00:01"),
        line("C489449", "22087", -2, "2009-12-03 10:00"),
    ]
    report = workspace.take(write_parquet(rows), UCI)
    assert (report.read, report.accepted, report.events, report.lines) == (4, 4, 2, 4)
    assert workspace.query("SELECT event_id, name, occurred_at::VARCHAR, region FROM events ORDER BY 1") == [
        ("489434", "Order Completed", "2009-12-01 23:59:00+00", "France"),
        ("C489449", "Order Refunded", "2009-12-03 10:00:00+00", "France"),
    ]
    found = workspace.query("SELECT event_id, day::VARCHAR, line, item_id, quantity FROM event_lines ORDER BY 1, 3")
    assert found == [
        ("489434", "2009-12-01", 0, "85048", 12.0),
        ("489434", "2009-12-01", 1, "79323P", 3.0),
        ("489434", "2009-12-01", 2, "79323P", 3.0),
        ("C489449", "2009-12-03", 0, "22087", -2.0),
    ]
    (node,) = workspace.query("SELECT DISTINCT node_id FROM events")[0]
    assert workspace.vault.reveal([node])[node] == Identifier("user_id", "13085")


@pytest.mark.parametrize("mapping", [EVENTS, LINES_OF_ORDERS], ids=["events", "lines"])
def test_rows_that_are_many_go_through_files_and_say_the_same(
    tmp_path: Path, write_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, mapping: str
) -> None:
    rows = [*ROWS, *(row(f"e{n}", user="u1", at=f"2026-05-0{1 + n % 3}T10:00:00Z", order="o-1") for n in range(5, 40))]
    rows += [row("e9", region="another"), row("e9", at="nonsense"), row("e2", order="o-1", sku="s3")]
    file = write_csv([{name: one.get(name, "") for name in (*NAMES, "sku")} for one in rows])
    found = []
    for most in (500_000, 0):
        monkeypatch.setattr(stage, "_FEW_ROWS", most)
        workspace = Workspace(tmp_path / str(most))
        report = workspace.take(file, mapping.format(format="csv"))
        told = [
            workspace.query(f"SELECT told::VARCHAR FROM (SELECT {columns} FROM {table}) AS told ORDER BY 1")
            for table, columns in SHOWN.items()
        ]
        found.append((replace(report, seconds=0), told))
        workspace.close()
    assert found[0] == found[1]
    assert found[0][0].refused_rows > 0
    assert all(found[0][1])


def test_goods_without_a_date_hold_from_the_beginning_and_a_change_holds_from_now(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    mapping = "source: shop\ngrain: item\nformat: csv\nitem: {item_id: sku, price: price}\n"
    workspace.take(write_csv([{"sku": "a", "price": 1}, {"sku": "b", "price": 2}]), mapping)
    second = workspace.take(write_csv([{"sku": "a", "price": 1}, {"sku": "b", "price": 3}]), mapping)
    assert (second.items, second.duplicates) == (1, 1)
    assert workspace.query("SELECT item_id, valid_from::DATE::VARCHAR, price::VARCHAR FROM items ORDER BY 1, 2") == [
        ("a", "1970-01-01", "1.0000"),
        ("b", "1970-01-01", "2.0000"),
        ("b", "2026-06-01", "3.0000"),
    ]
    assert workspace.undo(second, leader="items")
    assert workspace.query("SELECT count(*) FROM items") == [(2,)]


def test_a_full_disk_is_told_and_nothing_is_visible(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    file = write_csv([row(f"e{number}", props=json.dumps({"x": "y" * 900 + str(number)})) for number in range(600)])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, hard))
    try:
        with pytest.raises(StorageFullError):
            workspace.take(file, EVENTS.format(format="csv"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert workspace.query("SELECT count(*) FROM events") == [(0,)]
    assert workspace.take(file, EVENTS.format(format="csv")).events == 600


def snapshot_of(workspace: Workspace) -> list[list[tuple[object, ...]]]:
    """All rows of the tables that an import writes."""
    queries = ("events ORDER BY event_key", "event_lines ORDER BY ALL", "nodes ORDER BY ALL", "links ORDER BY a, b")
    return [workspace.query(f"SELECT COLUMNS(lambda c: right(c, 2) <> 'at') FROM {one}") for one in queries]
