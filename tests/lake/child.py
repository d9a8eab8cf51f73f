"""A process of its own that writes to the lake and dies, or runs out of room, as it is told.

python -m tests.lake.child ROOT ACTION [--die NAME HIT] [--limit BYTES]
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
from pathlib import Path

from qianmian.core.errors import StorageFullError
from qianmian.core.failpoints import arm
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.expire import expire
from qianmian.lake.pins import Pins
from qianmian.lake.store import Lake
from tests.lake.shop import NOW, open_lake, sell, spill_of

OUT_OF_ROOM = 28


def sell_next(lake: Lake) -> None:
    """Commit the batch that follows the committed ones, as a flusher resumes its stream."""
    sell(lake, (lake.position("sales", "journal") or 0) + 1, days=20)


def merge(lake: Lake) -> None:
    how = Compaction(threads=1, memory_mib=256, spill=spill_of(lake), at_least=2)
    for table in lake.tables:
        compact(lake, table, how)


def forget(lake: Lake) -> None:
    expire(lake, Pins(lake.root, lake.storage), NOW)


ACTIONS = {"sell": sell_next, "merge": merge, "forget": forget}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("--die", nargs=2)
    parser.add_argument("--limit", type=int)
    told = parser.parse_args()
    lake = open_lake(told.root)
    lake.recover()
    if told.die:
        arm(told.die[0], int(told.die[1]))
    if told.limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (told.limit, told.limit))
    try:
        ACTIONS[told.action](lake)
    except StorageFullError as error:
        print(error)
        return OUT_OF_ROOM
    return 0


if __name__ == "__main__":
    sys.exit(main())
