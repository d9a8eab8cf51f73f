"""A plain union-find over all links: scipy's connected components, of the same made-up links."""

from __future__ import annotations

from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

#: About four links a person: a phone, two browsers and a device. Three of four people have an account; every fiftieth
#: device is another person's too, and of a thousand one stands in a shop. Ids are hashes, as in life.
LINKS = """
CREATE TABLE links AS
WITH person AS (
    SELECT p, CASE WHEN hash(p, 1) % 4 < 3 THEN 'user_id' ELSE 'phone' END AS key_namespace
    FROM range($people) AS person(p)),
drawn AS (
    SELECT p, key_namespace, n, hash(p, n, 2) AS chance FROM person, range(4) AS link(n)),
named AS (
    SELECT *, CASE n WHEN 0 THEN 'phone' WHEN 3 THEN 'device' ELSE 'anonymous_id' END AS weak,
           CASE WHEN n = 3 AND chance % 1000 = 0 THEN -1 - (chance // 1000 % 50)::BIGINT  -- a shop's
                WHEN n = 3 AND chance % 50 = 0 THEN (p + 1) * 8  -- another person's
                WHEN n = 0 THEN p ELSE p * 8 + (chance // 7 % 6)::BIGINT END AS number
    FROM drawn)
SELECT (hash(key_namespace, p) >> 1)::BIGINT AS a, (hash(weak, number) >> 1)::BIGINT AS b,
       CASE key_namespace WHEN 'user_id' THEN 'sign_in' ELSE 'together' END AS kind, 'same_event' AS rule,
       'shop' AS source, 'e' || p || '-' || n AS event_id, key_namespace AS a_namespace, weak AS b_namespace,
       make_timestamptz(1700000000000000 + (chance % 86400000)::BIGINT * 1000000) AS "at", 0::BIGINT AS batch
FROM named WHERE key_namespace <> weak
"""


def components(links: int) -> dict[str, Any]:
    """Whoever ever shared an identifier is one person: seconds of reading and of deciding."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(LINKS, {"people": links // 4})
    begun = perf_counter()
    pairs = connection.execute("SELECT a, b FROM links").fetchnumpy()
    read, cpu = perf_counter(), process_time()
    nodes, ends = np.unique(np.concatenate([pairs["a"], pairs["b"]]), return_inverse=True)
    left, right = np.split(ends, 2)
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(nodes), len(nodes)))
    people, _ = connected_components(graph, directed=False)
    ended, cpu = perf_counter(), process_time() - cpu
    return {"read": read - begun, "decide": ended - read, "cpu": cpu, "people": int(people), "links": len(left)}
