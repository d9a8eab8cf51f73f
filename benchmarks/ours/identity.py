"""Our side of who is who: a made-up lake of links, resolved with and without rules."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.components import LINKS
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.write import ROW_GROUP_ROWS
from qianmian.unify.identity.declaration import built_in_rules
from qianmian.unify.identity.evidence import Scope, read_evidence, read_in_order, show_scope
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.identity.publish import believe, decided
from qianmian.unify.identity.rules import DAY, NO_RULES, Limit, Rules

#: The product's rules, and a limit in time that many people come up to.
_TIGHT = Limit("anonymous_id", 1, 365)
_NEWEST = pa.schema({"node_id": pa.int64(), "occurred_at": pa.timestamp("us", tz="UTC")})


def resolve(links: int, rules: str) -> dict[str, Any]:
    """Everybody from so many links: seconds of reading and of deciding, processor time of that, number of people."""
    connection, chosen = lake(links), _rules(rules)
    begun = perf_counter()
    show_scope(connection, Scope(anew=True))
    evidence = read_evidence(connection, chosen)
    read, cpu = perf_counter(), process_time()
    found = decided(evidence, chosen, lambda asked: read_in_order(connection, asked))
    ended, cpu = perf_counter(), process_time() - cpu
    return {"read": read - begun, "decide": ended - read, "cpu": cpu, "people": len(np.unique(found.person))}


def attribute(links: int, events: int, times: int) -> dict[str, Any]:
    """What it costs to say whose so many events are, of a shop with persons in one file: in milliseconds.

    The events are of identifiers drawn from all, at any instant of a year; each time they are others.
    """
    connection, chance = lake(links), np.random.default_rng(7)
    persons = believe(connection, Scope(anew=True), built_in_rules(), 1).persons
    known = persons.column("node_id").to_numpy()
    connection.close()
    walls, used = [], []
    with TemporaryDirectory() as scratch:
        pq.write_table(persons, file := Path(scratch, "persons.parquet"), row_group_size=ROW_GROUP_ROWS,
                       use_dictionary=False, compression="zstd", compression_level=1)  # fmt: skip  # as the lake does
        for _ in range(times):
            fresh = {"node_id": chance.choice(known, events), "occurred_at": chance.integers(0, 365 * DAY, events)}
            with duckdb.connect(config={"threads": 2}) as asked:
                asked.execute("SET TimeZone = 'UTC'")
                wall, cpu = perf_counter(), process_time()
                asked.register("newest", pa.table(fresh).cast(_NEWEST))
                asked.execute(f"CREATE VIEW persons AS FROM read_parquet('{file}')")
                show_owners(asked, "SELECT node_id FROM newest")
                told = fetch(asked, placed(asked, "newest"))
                walls.append(perf_counter() - wall)
                used.append(process_time() - cpu)
            assert told.num_rows == events
    return {"nodes": len(np.unique(known)), "ms": 1000 * median(walls), "cpu_ms": 1000 * median(used)}


def _rules(name: str) -> Rules:
    built_in = built_in_rules()
    limited = Rules((*built_in.limits, _TIGHT), (), built_in.shared, built_in.holds_days)
    return {"none": NO_RULES, "built in": built_in, "limited": limited}[name]


def lake(links: int) -> Connection:
    """Links as an import leaves them, with the nodes that they name, in memory."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(LINKS, {"people": links // 4})
    connection.execute(
        "CREATE TABLE nodes AS SELECT DISTINCT node_id, namespace, 0::BIGINT AS batch FROM ("
        "SELECT a AS node_id, a_namespace AS namespace FROM links UNION ALL SELECT b, b_namespace FROM links)"
    )
    connection.execute("CREATE TABLE persons (node_id BIGINT, since TIMESTAMPTZ, person_id BIGINT, version BIGINT)")
    return connection
