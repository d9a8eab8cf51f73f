"""Ties by one SQL script in DuckDB over the same events, in DuckDB's own file; and neighbours from scipy's arrays.

The script knows the shape of this shop's properties and that nobody was merged. It keeps no interactions: it cannot go
on from its result, or tie people anew who merge.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
from scipy.sparse import csr_array

from benchmarks.peers.social import MEMORY_MIB, TEXT, THREADS, some_people, timed

_TIES = """
CREATE TABLE events AS
SELECT node_id, occurred_at, event_key, name, properties->>'target_user_id' AS target,
       coalesce(properties->>'post_id', properties->>'invite_code', properties->>'group_id', properties->>'chat_id')
           AS named
FROM read_parquet($files, hive_partitioning = true);
CREATE TABLE people AS SELECT node_id, person_id, {text} AS text FROM read_parquet($persons);
CREATE TABLE kinds AS FROM (VALUES
    ('User Followed', 'follow', '', 365), ('Post Liked', 'like', 'Post Created', 90),
    ('Post Commented', 'comment', 'Post Created', 90), ('Post Shared', 'share', 'Post Created', 90),
    ('Invite Accepted', 'invite', 'Invite Sent', 365), ('Group Buy Opened', 'group_buy', NULL, 180),
    ('Group Buy Joined', 'group_buy', NULL, 180), ('Chat Joined', 'chat', NULL, 180)
) AS k(name, kind, owner, half_life);
CREATE TABLE acts AS
SELECT person_id, kind, owner, half_life, occurred_at, event_key, target, named
FROM events JOIN kinds USING (name) JOIN people USING (node_id);
CREATE TABLE owners AS
SELECT name AS owner, named, arg_min(person_id, (occurred_at, event_key)) AS other_id
FROM events JOIN people USING (node_id) WHERE name IN ('Post Created', 'Invite Sent') GROUP BY ALL;
CREATE TABLE members AS
SELECT kind, named, half_life, person_id, min(occurred_at) AS occurred_at, arg_min(event_key, occurred_at) AS event_key
FROM acts WHERE owner IS NULL GROUP BY ALL;
CREATE TABLE small AS
SELECT kind, named FROM members GROUP BY ALL HAVING count(*) <= CASE kind WHEN 'chat' THEN 50 ELSE 20 END;
CREATE TABLE contacts AS
SELECT acts.person_id, people.person_id AS other_id, kind, half_life, occurred_at, event_key
FROM acts JOIN people ON target = text WHERE kind = 'follow'
UNION ALL
SELECT person_id, other_id, kind, half_life, occurred_at, event_key FROM acts JOIN owners USING (owner, named);
CREATE TABLE ties AS
SELECT person_id, other_id, kind, direction,
       sum(pow(2, (epoch(occurred_at) - epoch(reference)) / 86400 / half_life)) AS weight,
       count(*) AS count, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
       arg_min(event_key, occurred_at) AS first_event, arg_max(event_key, occurred_at) AS last_event
FROM (
    SELECT *, 'out' AS direction FROM contacts
    UNION ALL
    SELECT other_id, person_id, kind, half_life, occurred_at, event_key, 'in' FROM contacts
    UNION ALL
    SELECT one.person_id, other.person_id, kind, one.half_life, greatest(one.occurred_at, other.occurred_at),
           CASE WHEN one.occurred_at > other.occurred_at THEN one.event_key ELSE other.event_key END, 'both'
    FROM members AS one JOIN members AS other USING (kind, named) SEMI JOIN small USING (kind, named))
JOIN (SELECT half_life, TIMESTAMPTZ '1970-01-01 00:00:00+00'
        + to_days((epoch($now)::BIGINT // 86400 // (16 * half_life) * 16 * half_life)::INTEGER) AS reference
      FROM (SELECT DISTINCT half_life FROM kinds)) AS fading USING (half_life)
WHERE person_id <> other_id GROUP BY ALL ORDER BY person_id, other_id;
"""
_SHARE = """sum(CASE kind WHEN 'follow' THEN 0.5 WHEN 'like' THEN 0.1 WHEN 'comment' THEN 0.2 WHEN 'share' THEN 0.3
    WHEN 'invite' THEN 1 WHEN 'group_buy' THEN 0.5 ELSE 0.05 END * weight)"""
NEIGHBOURS = f"""
SELECT other_id, {_SHARE} AS strength FROM ties WHERE person_id = $person
GROUP BY other_id ORDER BY strength DESC, other_id LIMIT 20
"""


def build(folder: str, batch: int, now: str) -> list[Any]:
    """The ties of all events up to a batch; ties, events and weights by kind."""
    store = Path(folder) / "peer.duckdb"
    store.unlink(missing_ok=True)
    with _opened(store) as connection:
        for statement in filter(str.strip, _TIES.format(text=TEXT.format("node_id")).split(";")):
            values = {"files": _files(folder, "events", batch), "persons": _files(folder, "persons"), "now": now}
            query = statement.replace("$now", "$now::TIMESTAMPTZ")
            connection.execute(query, {name: value for name, value in values.items() if f"${name}" in query})
        for table in ("events", "people", "acts", "owners", "members", "small", "contacts"):
            connection.execute(f"DROP TABLE {table}")
        rows = connection.execute(
            "SELECT kind, count(*), sum(count)::BIGINT, sum(weight) FROM ties GROUP BY kind ORDER BY kind"
        ).fetchall()
    return [list(row) for row in rows]


def neighbours(folder: str, people: int, questions: int) -> dict[str, float]:
    """The same question as ours, of DuckDB's own file."""
    with _opened(Path(folder) / "peer.duckdb", read_only=True) as connection:
        return timed(connection, NEIGHBOURS, some_people(people, questions))


def arrays(folder: str, people: int, questions: int) -> dict[str, float]:
    """The same question of compressed sparse rows in memory: seconds to load them, milliseconds of a question."""
    begun = perf_counter()
    with _opened(Path(folder) / "peer.duckdb", read_only=True) as connection:
        told = connection.execute(
            f"SELECT person_id, other_id, {_SHARE} AS strength FROM ties GROUP BY ALL ORDER BY ALL"
        ).fetchnumpy()
    ids, ends = np.unique(np.concatenate([told["person_id"], told["other_id"]]), return_inverse=True)
    person, other = np.split(ends, 2)
    graph = csr_array((told["strength"], (person, other)), shape=(len(ids), len(ids)))
    loaded, took = perf_counter() - begun, []
    for one in some_people(people, questions):
        asked = perf_counter()
        row = int(np.searchsorted(ids, one))
        span = slice(graph.indptr[row], graph.indptr[row + 1])
        top = np.argsort(-graph.data[span], kind="stable")[:20]
        _ = ids[graph.indices[span][top]].tolist(), graph.data[span][top].tolist()
        took.append(1000 * (perf_counter() - asked))
    return {"loaded": loaded, "median": float(np.median(took)), "p99": float(np.percentile(took, 99))}


def _files(folder: str, table: str, batch: int = 0) -> list[str]:
    """The Parquet files of a table of the lake; of events those of the batches up to one, which lie apart."""
    files = sorted((Path(folder) / "lake" / table).rglob("*.parquet"))
    if not batch:
        return [str(file) for file in files]
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT file_name FROM parquet_metadata($files) WHERE path_in_schema = 'batch' GROUP BY 1 "
            "HAVING max(stats_max_value::BIGINT) <= $batch ORDER BY 1",
            {"files": [str(file) for file in files], "batch": batch},
        ).fetchall()
    return [name for (name,) in found]


def _opened(store: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    limits: dict[str, str | bool | int | float | list[str]] = {
        "threads": THREADS,
        "memory_limit": f"{MEMORY_MIB}MiB",
        "temp_directory": str(store.parent / "spill"),
        "preserve_insertion_order": False,
    }
    connection = duckdb.connect(str(store), read_only=read_only, config=limits)
    connection.execute("SET TimeZone = 'UTC'")
    return connection
