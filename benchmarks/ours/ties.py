"""Our side of ties: a made-up lake of social events, tied whole, after one event in a hundred more, and asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.peers.social import MEMORY_MIB, THREADS, make_events, some_people, timed
from qianmian.app.plan import LEADER, ROWS_A_PERSON, parts_for
from qianmian.app.tables import ALL_TABLES
from qianmian.app.workspace import chosen
from qianmian.engines.base import ID_BITS, Reading, Task, split
from qianmian.engines.local import opened
from qianmian.lake.connection import bare_connection, by_key, connect, fetch
from qianmian.lake.files import Change, DataFile
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows
from qianmian.unify.fresh import NOTHING_FOLDED, Folded
from qianmian.unify.ties.declaration import built_in_kinds
from qianmian.unify.ties.interact import interact
from qianmian.unify.ties.meet import meet
from qianmian.unify.ties.strength import STRENGTH, show_shares
from qianmian.unify.ties.tie import tie

END = datetime(2026, 11, 1, tzinfo=UTC)
_NEIGHBOURS = f"""
SELECT other_id, {STRENGTH} AS strength FROM tie_shares WHERE person_id = $person
GROUP BY other_id ORDER BY strength DESC, other_id LIMIT 20
"""


def prepare(folder: str, *, first: int, last: int, people: int, batch: int) -> None:
    """Write events of some numbers into the lake as a batch, and with the first all people."""
    lake, spill = _lake(folder), Path(folder) / "spill"
    with bare_connection((lake.root,), threads=THREADS, memory_mib=MEMORY_MIB, spill=spill) as connection:
        make_events(connection, first=first, last=last, people=people, batch=batch)
        changes = [Change("events", write_rows(lake, connection, "events", "events"))]
        if batch == 1:
            changes.append(Change("nodes", write_rows(lake, connection, "nodes", "nodes")))
            persons = write_rows(lake, connection, "persons", "persons", layer=1)
            lake.release(LEADER, [Change("persons", persons)])
        lake.release("events", changes)


def build(folder: str, *, number: int) -> dict[str, Any]:
    """Tie people by the events of all batches up to a number, or, after the first build, of that one alone."""
    lake, anew = _lake(folder), number == 1
    snapshot = lake.snapshot(instant=END)
    events = [file.rows for file in lake.files(snapshot, "events")]
    rows = sum(events) if anew else ROWS_A_PERSON * (sum(events) // 100)
    parts = parts_for(rows, chosen(name="ties", threads=THREADS, memory_mib=MEMORY_MIB))
    folded = NOTHING_FOLDED if anew else Folded(number - 1, END)
    params = {"build": number, "version": number, "kinds": built_in_kinds().to_json(), "ties_anew": anew}
    params |= {"parts": parts, "shift": ID_BITS - (parts - 1).bit_length(), **folded.to_params()}
    exchange = lake.root / "exchange" / str(number)
    pending: dict[str, Change] = {}
    attempts: list[str] = []
    seconds = {}
    with opened(lake, exchange, THREADS, MEMORY_MIB) as engine:
        for function, buckets in ((interact, split(1)), (meet, split(parts)), (tie, split(parts))):
            begun = perf_counter()
            reading = Reading(snapshot, tuple(pending.values()), tuple(attempts))
            for output in engine.run(Task(function, params), reading, buckets):
                attempts.append(output.attempt)
                for table, files in output.files.items():
                    pending[table] = Change(table, (*pending.get(table, Change(table)).add, *files))
            seconds[function.__name__] = round(perf_counter() - begun, 2)
    lake.release(LEADER, list(pending.values()))
    lake.storage.drop(exchange)
    return {"seconds": seconds, "parts": parts, **_sizes(lake)}


def neighbours(folder: str, people: int, questions: int) -> dict[str, float]:
    """The twenty closest of random people, one after the other: milliseconds, median and 99th of a hundred."""
    lake = _lake(folder)
    snapshot = lake.snapshot(instant=END)
    spill = Path(folder) / "spill"
    with connect(
        lake, snapshot, threads=THREADS, memory_mib=MEMORY_MIB, spill=spill, tables=["ties", by_key("ties")]
    ) as connection:
        show_shares(connection, built_in_kinds(), END, END)
        return timed(connection, _NEIGHBOURS, some_people(people, questions))


def totals(folder: str) -> list[Any]:
    """Ties, events and weights by kind, to be compared with a peer's."""
    lake = _lake(folder)
    spill = Path(folder) / "spill"
    query = "SELECT kind, count(*), sum(count)::BIGINT, sum(weight) FROM ties GROUP BY kind ORDER BY kind"
    snapshot = lake.snapshot(instant=END)
    with connect(
        lake, snapshot, threads=THREADS, memory_mib=MEMORY_MIB, spill=spill, tables=["ties", by_key("ties")]
    ) as connection:
        return [list(row.values()) for row in fetch(connection, query).to_pylist()]


def _lake(folder: str) -> Lake:
    return Lake(Path(folder) / "lake", ALL_TABLES)


def _sizes(lake: Lake) -> dict[str, int]:
    snapshot = lake.snapshot(instant=END)
    files: dict[str, list[DataFile]] = {name: lake.files(snapshot, name) for name in ("interactions", "ties")}
    told = {f"{name}_mib": sum(file.size for file in some) >> 20 for name, some in files.items()}
    return told | {name: sum(file.rows for file in some) for name, some in files.items()}
