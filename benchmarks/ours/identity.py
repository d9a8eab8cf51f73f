"""Our side of who is who: a made-up lake of links, resolved with and without rules."""

from __future__ import annotations

from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np

from benchmarks.peers.components import LINKS
from qianmian.lake.connection import Connection
from qianmian.unify.identity.declaration import built_in_rules
from qianmian.unify.identity.evidence import Scope, read_evidence, read_in_order, show_scope
from qianmian.unify.identity.publish import decided
from qianmian.unify.identity.rules import NO_RULES, Limit, Rules

#: The product's rules, and a limit in time that many people come up to.
_TIGHT = Limit("anonymous_id", 1, 365)


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
    connection.execute("CREATE TABLE persons (node_id BIGINT, since TIMESTAMPTZ, person_id BIGINT)")
    return connection
