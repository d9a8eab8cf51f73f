"""The lake laid out in other ways: groups of other sizes, commits of other sizes, history in more segments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.measuring.asking import spread
from benchmarks.ours.screens import ask, requests, served
from benchmarks.ours.shops import END, opened
from qianmian.app.shop import Shop
from qianmian.engines import base
from qianmian.engines.base import Buckets, Context, Reading
from qianmian.lake import write
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.connection import Connection, connect, fetch, quoted, select_files
from qianmian.lake.files import Change
from qianmian.profile.history import files
from qianmian.profile.history.segments import TABLES, entry, segments

ASKED = ("person", "time line", "orders", "audience")
_THREADS, _MEMORY_MIB = 2, 3072


@contextmanager
def row_groups(rows: int) -> Iterator[None]:
    """Everything that is written inside has row groups of so many rows; 0 leaves them as they are."""
    before = write.ROW_GROUP_ROWS
    write.ROW_GROUP_ROWS = base.ROW_GROUP_ROWS = rows or before
    try:
        yield
    finally:
        write.ROW_GROUP_ROWS = base.ROW_GROUP_ROWS = before


def regroup(shop: str, rows: int) -> int:
    """Write all tables of a shop that was not built with other row groups; returns the bytes of the lake's data."""
    with opened(shop) as found, row_groups(rows):
        lake = found.workspace.lake
        snapshot = lake.snapshot(instant=END)
        for name in ("event_lines", "links", "nodes", "events"):
            with _connected(found) as connection:
                new = []
                for file in lake.files(snapshot, name):
                    connection.execute(f"CREATE OR REPLACE VIEW {quoted('one')} AS {select_files(lake, name, [file])}")
                    new += write.write_rows(lake, connection, name, "one")
            lake.release("events", [Change(name, tuple(new), "all", rearranged=True)])
        return sum(file.size for name in lake.tables for file in lake.files(lake.snapshot(instant=END), name))


def build(shop: str, rows: int) -> dict[str, Any]:
    """Build, with row groups of so many rows."""
    with opened(shop) as found, row_groups(rows):
        result: dict[str, Any] = found.build(instant=END)
    return result


def questions(shop: str, conditions: dict[str, str]) -> dict[str, Any]:
    """What people are asked for, in milliseconds."""
    with opened(shop) as found, served(found) as client:
        asked = requests(found, conditions)
        return {name: spread([partial(ask, client, one) for one in asked[name]]) for name in ASKED}


def commit(shop: str, empty: str, rows: int, most: int, at_least: int) -> dict[str, Any]:
    """Commit a day of events in the order in which they came in, so many at a time.

    Args:
        shop: where the events come from; its busiest day is taken.
        empty: a shop without events, to commit to.
        rows: rows of a commit.
        most: commits at most.
        at_least: small files that are merged; after each commit it is seen whether there are so many. 0 = never.
    """
    with opened(shop) as theirs, opened(empty) as found:
        day = _busiest_day(theirs).slice(0, rows * most)
        lake = found.workspace.lake
        how = Compaction(1, _MEMORY_MIB, found.workspace.scratch / "compaction", at_least=at_least)
        took: list[float] = []
        began, cpu = time.monotonic(), time.process_time()
        merging = 0.0
        for first in range(0, day.num_rows, rows):
            started = time.monotonic()
            with _connected(found) as connection:
                connection.register("some", day.slice(first, rows))
                lake.release("events", [Change("events", write.write_rows(lake, connection, "events", "some"))])
            took.append(time.monotonic() - started)
            if at_least:
                compact(lake, "events", how)
                merging += time.monotonic() - started - took[-1]
        seconds, processor = time.monotonic() - began, time.process_time() - cpu
        live = len(lake.files(lake.snapshot(instant=END), "events"))
        return {
            "commits": len(took), "seconds": seconds, "cpu_us_a_row": 1e6 * processor / day.num_rows,
            "first_ms": 1e3 * float(np.median(took[:10])), "last_ms": 1e3 * float(np.median(took[-10:])),
            "merging_share": merging / seconds, "files": live, "scan_ms": 1e3 * _scan(found),
        }  # fmt: skip


def _busiest_day(shop: Shop) -> pa.Table:
    lake = shop.workspace.lake
    snapshot = lake.snapshot(instant=END)
    days: dict[Any, int] = {}
    for file in lake.files(snapshot, "events"):
        days[file.day] = days.get(file.day, 0) + file.rows
    with connect(
        lake, snapshot, threads=_THREADS, memory_mib=4 * _MEMORY_MIB, spill=shop.workspace.scratch, tables=["events"]
    ) as connection:
        busiest = max(days, key=lambda day: days[day])
        return fetch(connection, "FROM events WHERE day = $day ORDER BY received_at", {"day": busiest})


def _scan(shop: Shop) -> float:
    """Seconds of a plain aggregate over all events: the median of three."""
    took = []
    lake = shop.workspace.lake
    snapshot = lake.snapshot(instant=END)
    for _ in range(3):
        with connect(
            lake, snapshot, threads=1, memory_mib=_MEMORY_MIB, spill=shop.workspace.scratch, tables=["events"]
        ) as connection:
            started = time.monotonic()
            fetch(connection, "SELECT node_id, count(*), max(occurred_at) FROM events GROUP BY ALL")
            took.append(time.monotonic() - started)
    return float(np.median(took))


def segment(shop: str, days: int) -> int:
    """Take the last days out of history's base, a segment each; returns the files that history has then."""
    with opened(shop) as found:
        lake = found.workspace.lake
        snapshot = lake.snapshot(instant=END)
        spill = found.workspace.scratch
        context = Context(lake, Reading(snapshot), Buckets(), {}, spill, _THREADS, _MEMORY_MIB)
        with context.connect(*TABLES) as connection:
            parts = segments(connection, lake.storage, Buckets())
            rows = fetch(connection, "FROM segments ORDER BY first_id")
        last = max(pc.max(files.read(part, Buckets())["happened_on"]).as_py().toordinal() for part in parts)
        entries = []
        for part, first_id, last_id in zip(
            parts, rows["first_id"].to_pylist(), rows["last_id"].to_pylist(), strict=True
        ):
            held = files.read(part, Buckets())
            ages = last - 719_163 - files.column(held, "happened_on")  # ordinal of 1970-01-01
            for number, wanted in enumerate([ages >= days, *(ages == age for age in range(days))], start=1):
                some = held.filter(pa.array(wanted))
                path = files.write(lake.storage, some)
                entries.append(entry(number, Buckets(first_id, last_id), path, some.num_rows))
        new = context.write("segments", pa.concat_tables(entries))
        lake.release("partials", [Change("segments", (new,), "all")], notes=lake.notes(snapshot, "partials"))
        return len(entries)


@contextmanager
def _connected(shop: Shop) -> Iterator[Connection]:
    lake = shop.workspace.lake
    spill = shop.workspace.scratch / "layout"
    with connect(
        lake, lake.snapshot(instant=END), threads=_THREADS, memory_mib=_MEMORY_MIB, spill=spill, tables=[]
    ) as connection:
        yield connection
