"""Our side of an import: everything that `qianmian import` does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.ours.shops import DEMO, opened


def land(shop: str, file: str) -> dict[str, Any]:
    """Import a file of the demonstration shop, Parquet or CSV."""
    mapping = DEMO / "events.yaml"
    if file.endswith(".csv"):
        text = mapping.read_text(encoding="utf-8")
        mapping = Path(f"{file}.yaml")
        mapping.write_text(re.sub(r"(?m)^format: parquet$", "format: csv", text), encoding="utf-8")
    phases: list[str] = []
    with opened(shop) as found:
        report = found.import_file(file, mapping, watch=lambda phase, done, total: phases.append(phase))
    return {"read": report.read, "accepted": report.accepted, "identifiers": report.new_identifiers}


def as_csv(file: str) -> str:
    """The same rows as CSV."""
    path = str(Path(file).with_suffix(".csv"))
    if not Path(path).exists():
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"COPY (FROM '{file}') TO '{path}' (FORMAT csv, HEADER)")
    return path


def identifiers(file: str) -> int:
    """Distinct identifiers that a file shows, order numbers included."""
    columns = ("user_id", "anonymous_id", "device_id", "phone", "email", "wechat_unionid", "order_id")
    with duckdb.connect() as connection:
        counts = " + ".join(f"count(DISTINCT {column})" for column in columns)
        return int(connection.execute(f"SELECT {counts} FROM '{file}'").fetchall()[0][0])
