"""One task in a fresh process: the order comes in as JSON, the output goes out as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qianmian.app.tables import ALL_TABLES
from qianmian.engines.base import Buckets, Reading, Task
from qianmian.engines.local import LocalEngine
from qianmian.lake.store import Lake


def main() -> None:
    """Read an order, run its task, tell its output."""
    order = json.load(sys.stdin)
    lake = Lake(Path(order["lake"]), ALL_TABLES)
    engine = LocalEngine(lake, Path(order["exchange"]), order["threads"], order["memory_mib"])
    task, reading = Task.from_json(order["task"]), Reading.from_json(order["reading"])
    for output in engine.run(task, reading, [Buckets(*order["buckets"])]):
        print(output.to_json())


if __name__ == "__main__":
    main()
