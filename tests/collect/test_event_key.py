"""Python and DuckDB agree on every event_key."""

from __future__ import annotations

from pathlib import Path

from qianmian.collect.event_key import event_key, event_key_sql
from qianmian.lake.connection import bare_connection


def test_sql_and_python_give_the_same_key(tmp_path: Path) -> None:
    pairs = [("shop", "e-1"), ("shop", ""), ("店", "订单\x1f1"), ("s", "x" * 5000)]
    with bare_connection((), threads=1, memory_mib=256, spill=tmp_path) as connection:
        for pair in pairs:
            ((key,),) = connection.execute(f"SELECT {event_key_sql('$1', '$2')}", list(pair)).fetchall()
            assert key == event_key(*pair) >= 0
