"""A raw log of Segment brings the world's own events in again, with the clocks set right."""

from __future__ import annotations

from pathlib import Path

from qianmian.world.wire.write import PROTOCOLS, write_wire
from tests.collect.imports.parts import Workspace
from tests.collect.templates.conftest import Exported, take, template

_FIELDS = "event_id, name, order_id, refund_id, item_id, total, currency, channel, device_type, region, consent"
_LINES = "event_id, line, item_id, quantity, unit_price, amount, coupon_id"


def test_a_raw_log_brings_in_what_the_world_put_in(exported: Exported, tmp_path: Path) -> None:
    write_wire(exported.world, PROTOCOLS["segment"], tmp_path / "segment")
    workspace = Workspace(tmp_path / "shop")
    duplicates = 0
    for file in sorted((tmp_path / "segment").glob("*.jsonl")):
        report = take(workspace, file, template("segment/messages"))
        assert (report.refused_rows, report.skipped) == (0, 0)
        duplicates += report.duplicates
    raw = exported.raw
    assert duplicates == len(raw) - len(set(raw["message_id"].to_pylist()))

    events = (
        "SELECT {} FROM events WHERE NOT regexp_matches(event_id, '-(identify|page|group|alias)$') ORDER BY event_id"
    )
    assert workspace.query(events.format(_FIELDS)) == exported.own.query(events.format(_FIELDS))
    lines = f"SELECT {_LINES} FROM event_lines ORDER BY event_id, line"
    assert workspace.query(lines) == exported.own.query(lines)
    instants = events.format("event_id, epoch_ms(occurred_at)")
    # A request has one clock for all of its messages, so an instant may move by the time on the way.
    moved = [
        abs(theirs - ours)
        for (_, ours), (_, theirs) in zip(exported.own.query(instants), workspace.query(instants), strict=True)
    ]
    assert max(moved) < 1_000
    workspace.close()
