"""The check that a shop writes by hand in pandas: missing values by day, impossible totals, twins and a pace.

It reads the columns that it needs, of one zone and one source, and looks for no drift. Where ours flags the same, it
must find as many.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow.parquet as pq

COLUMNS = [
    "source", "name", "occurred_at", "received_at", "node_id", "event_key", "item_id", "order_id", "refund_id",
    "total", "currency", "channel", "device_type", "region", "consent", "properties",
]  # fmt: skip
CONTENT = ["node_id", "name", "item_id", "order_id", "refund_id", "total", "properties", "goods"]
WITHIN, PACE, PACE_SECONDS = pd.Timedelta(seconds=5), 30, 120


def clean(inputs: dict[str, list[str]]) -> dict[str, Any]:
    """Check the events of some Parquet files; returns how many events each rule found."""
    events = _read(inputs["events"], COLUMNS)
    events["total"] = events["total"].astype(float)
    days = events["occurred_at"].dt.tz_convert("Asia/Shanghai").dt.date
    filled = events.notna().groupby([events["source"], events["name"], days]).sum()
    late = (events["received_at"] - events["occurred_at"] > pd.Timedelta(hours=24)).sum()
    outside = (events["total"] <= 0) | (events["total"] > 1_000_000)
    impossible = events[(events["name"] == "Order Completed") & outside]
    lines = _read(inputs["event_lines"], ["event_key", "line", "item_id", "quantity", "unit_price", "amount"])
    words = lines.sort_values(["event_key", "line"])[["item_id", "quantity", "unit_price", "amount"]].astype(str)
    goods = words.agg(":".join, axis=1).groupby(lines["event_key"].loc[words.index]).agg(",".join)
    somebody = events[events["node_id"] != 0].sort_values(["occurred_at", "event_key"])
    somebody = somebody.assign(goods=somebody["event_key"].map(goods))
    before = somebody.groupby(CONTENT, dropna=False, sort=False)["occurred_at"].shift()
    twins = int((somebody["occurred_at"] - before <= WITHIN).sum())
    return {
        "events": len(events), "groups": len(filled), "late": int(late), "impossible": len(impossible),
        "twin": twins, "pace": _paced(somebody),
    }  # fmt: skip


def _paced(events: pd.DataFrame) -> int:
    """Events in any span of two minutes that holds thirty of one identifier."""
    ordered = events.sort_values(["node_id", "occurred_at"])
    ends = ordered.groupby("node_id")["occurred_at"].shift(1 - PACE)
    begins = ordered[ends - ordered["occurred_at"] <= pd.Timedelta(seconds=PACE_SECONDS)]
    found: set[int] = set()
    for node, at in zip(begins["node_id"], begins["occurred_at"], strict=True):
        theirs = ordered[ordered["node_id"] == node]
        inside = theirs["occurred_at"].between(at, at + pd.Timedelta(seconds=PACE_SECONDS))
        found.update(theirs.loc[inside, "event_key"])
    return len(found)


def _read(files: list[str], columns: list[str]) -> pd.DataFrame:
    parts = [pq.read_table(file, columns=columns, partitioning=None).to_pandas() for file in files]
    return pd.concat(parts, ignore_index=True)
