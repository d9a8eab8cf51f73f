"""An import ends in one release, keeps every row's account, and hides every identifier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.collect.imports.parts import EVENTS, Workspace, row

ROWS = [
    row("e1", user="u1", anon="a1", region="上海"),
    row("e2", event="Order Completed", user="u1", phone="13800138000", order="o-1", total="99.90",
        products='[{"sku": "s1", "n": 2, "price": 30}, {"sku": "s2", "n": 1, "price": "39.90"}]',
        props='{"note": "call 13900139000", "n": 1.50}'),
    row("e3", event="Product Viewed", device="d1"),
    row("e4", event="Product Viewed"),
]  # fmt: skip


@pytest.mark.parametrize("format", ["csv", "parquet", "jsonl"])
def test_every_format_gives_the_same_rows(workspace: Workspace, request: pytest.FixtureRequest, format: str) -> None:
    file = request.getfixturevalue(f"write_{format}")(ROWS)
    report = workspace.take(file, EVENTS.format(format=format))
    assert (report.read, report.events, report.lines, report.refused) == (4, 4, 2, ())
    found = workspace.query(
        "SELECT event_id, name, occurred_at::VARCHAR, total::VARCHAR, region, node_id > 0, properties FROM events ORDER BY 1"
    )
    assert found == [
        ("e1", "Product Viewed", "2026-05-01 02:00:00+00", None, "上海", True, None),
        ("e2", "Order Completed", "2026-05-01 02:00:00+00", "99.9000", None, True, '{"note": "call [phone]", "n": 1.50}'),
        ("e3", "Product Viewed", "2026-05-01 02:00:00+00", None, None, True, None),
        ("e4", "Product Viewed", "2026-05-01 02:00:00+00", None, None, False, None),
    ]
    lines = workspace.query("SELECT line, item_id, quantity, unit_price::VARCHAR FROM event_lines ORDER BY 1")
    assert lines == [(0, "s1", 2.0, "30.0000"), (1, "s2", 1.0, "39.9000")]
    assert [(m.column, m.kind, m.count) for m in report.masked] == [("properties", "phone", 1)]
    assert report.new_identifiers == 5 == len(workspace.vault)
