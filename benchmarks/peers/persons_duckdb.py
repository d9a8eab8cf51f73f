"""The tuned script's first part: who is who, by window functions for the intervals and SciPy for the components."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Connection = duckdb.DuckDBPyConnection
Ints = NDArray[np.int64]

BEGINNING = np.iinfo(np.int64).min
_NAMESPACES = (
    *("user_id", "wechat_unionid", "phone", "email", "weibo_uid", "douyin_openid", "xiaohongshu_uid"),
    *("kuaishou_openid", "taobao_nick", "jd_pin", "anonymous_id", "device"),
)
_ORDER_RANK = len(_NAMESPACES)
_RANK = f"coalesce(list_position({list(_NAMESPACES)}, namespace) - 1, {_ORDER_RANK})::TINYINT"

#: A change of user opens an interval; the first sign-in reaches back; of several at one instant the last stands.
_VERTICES = f"""
CREATE TEMP TABLE vertices AS
WITH signed AS (
    SELECT CASE kind WHEN 'sign_in' THEN b ELSE a END AS node_id, epoch_us("at") AS us,
           CASE kind WHEN 'sign_in' THEN a ELSE 0 END AS owner, source, event_id
    FROM links WHERE kind IN ('sign_in', 'sign_out')),
changes AS (
    SELECT *, owner IS DISTINCT FROM lag(owner) OVER same AS changed, row_number() OVER same AS place
    FROM signed WINDOW same AS (PARTITION BY node_id ORDER BY us, source, event_id)),
dated AS (
    SELECT node_id, CASE WHEN place = 1 AND owner > 0 THEN {BEGINNING} ELSE us END AS since, owner, place
    FROM changes WHERE changed),
found AS (
    SELECT node_id, since, arg_max(owner, place) AS owner FROM dated GROUP BY ALL
    UNION ALL SELECT node_id, {BEGINNING}, 0 FROM dated WHERE place = 1 AND owner = 0),
known AS (SELECT node_id, {_RANK} AS rank FROM nodes WHERE node_id <> 0)
SELECT (row_number() OVER (ORDER BY node_id, since) - 1)::INTEGER AS vertex, * FROM (
    SELECT known.node_id, coalesce(since, {BEGINNING}) AS since, coalesce(owner, 0) AS owner, rank,
           found.node_id IS NOT NULL AS signed
    FROM known LEFT JOIN found USING (node_id) WHERE rank < {_ORDER_RANK})
"""
_OWNED = """
SELECT mine.vertex AS a, owner.vertex AS b FROM vertices AS mine
JOIN (SELECT node_id, arg_max(vertex, since) AS vertex FROM vertices WHERE since <= 0 GROUP BY ALL) AS owner
ON mine.owner = owner.node_id WHERE mine.owner <> 0
"""
#: Pairs of quiet nodes are the same at every instant, so each is looked at once.
_PAIRS = f"""
CREATE TEMP TABLE pairs AS
WITH busy AS (SELECT DISTINCT node_id FROM vertices WHERE signed)
SELECT a, b, CASE WHEN a IN (FROM busy) OR b IN (FROM busy) THEN epoch_us("at") ELSE {BEGINNING} END AS us
FROM links WHERE kind = 'together' AND rule <> 'order_number' GROUP BY ALL
"""
_SEEN = """
SELECT one.vertex AS a, other.vertex AS b FROM pairs
ASOF JOIN vertices AS one ON pairs.a = one.node_id AND pairs.us >= one.since
ASOF JOIN vertices AS other ON pairs.b = other.node_id AND pairs.us >= other.since
WHERE one.owner = 0 OR other.owner = 0 OR one.owner = other.owner
"""
_ORDERED = """
WITH paid AS (
    SELECT b AS node_id, arg_min(a, ("at", source, event_id)) AS payer, epoch_us(min("at")) AS us
    FROM links WHERE rule = 'order_number' GROUP BY b),
nodes_of_orders AS (SELECT node_id FROM nodes WHERE namespace LIKE 'order:%')
SELECT nodes_of_orders.node_id, coalesce(whose.person_id, nodes_of_orders.node_id) AS person_id
FROM nodes_of_orders LEFT JOIN paid USING (node_id)
ASOF LEFT JOIN whose ON paid.payer = whose.node_id AND paid.us >= whose.since
"""


def find_persons(connection: Connection) -> None:
    """Make the table ``whose`` (node_id, since in µs, until, person_id); the connection has `links` and `nodes`."""
    connection.execute(_VERTICES)
    connection.execute(_PAIRS)
    vertices = _numpy(connection, "SELECT node_id, since, rank FROM vertices ORDER BY vertex")
    edges = [_numpy(connection, query) for query in (_OWNED, _SEEN)]
    a, b = (np.concatenate([edge[side] for edge in edges]) for side in ("a", "b"))
    count = len(vertices["node_id"])
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    person = _named(component, vertices)
    connection.register(
        "resolved", pa.table({"node_id": vertices["node_id"], "since": vertices["since"], "person_id": person})
    )
    connection.execute("CREATE TEMP TABLE whose AS SELECT * FROM resolved ORDER BY node_id, since")
    orders = connection.sql(_ORDERED).to_arrow_table()
    connection.register("orders_whose", orders)
    connection.execute(f"INSERT INTO whose SELECT node_id, {BEGINNING}, person_id FROM orders_whose")


def _named(component: Ints, vertices: dict[str, Ints]) -> Ints:
    """The id of each component's first vertex by (rank, node, since)."""
    node, since = vertices["node_id"], vertices["since"]
    order = np.lexsort((np.arange(len(node)), vertices["rank"], component))
    first = np.r_[True, component[order[1:]] != component[order[:-1]]]
    heads = order[first]
    names = np.empty(len(heads), np.int64)
    names[component[heads]] = _vertex_id(node[heads], since[heads])
    return names[component]


def _vertex_id(node: Ints, since: Ints) -> Ints:
    """The node itself, or SplitMix64 over (node, since) if the interval has a beginning."""
    mixed = _mix(node.view(np.uint64) + _mix(since.view(np.uint64))) >> np.uint64(1)
    return np.where(since == BEGINNING, node, mixed.view(np.int64))


def _mix(number: Any) -> Any:
    number = number + np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def _numpy(connection: Connection, query: str) -> dict[str, Ints]:
    table = connection.sql(query).to_arrow_table()
    return {name: table.column(name).to_numpy() for name in table.column_names}
