"""Evidence of who belongs together: what an event's identifiers say, with runs of the same statement folded.

An event is keyed by its strongest node; each weaker node of the event leaves one link to it: *sign_in* where a
user_id is present, else *together*. A sign-out leaves one link a weaker node, with b = 0. Of consecutive equal
statements about a node, in time order, the batch keeps the first: resolution takes the runs, not the repeats. A run
is cut every 90 days, for evidence may hold for a time only (decision 0031).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qianmian.collect.imports.identify import Who
from qianmian.collect.imports.stage import PAYMENT
from qianmian.lake.connection import Connection

SIGN_OUT = ("Signed Out", "reset", "$UnbindID")  # the last is what 神策 says when an identifier is taken away
SIGN_IN = "Signed In"
_IS_OUT = f"name IN ({', '.join(repr(name) for name in SIGN_OUT)})"
#: Of a run that goes on, one statement is kept in each such span; counted from 1970, whatever else is imported.
_CUT_DAYS = 90
_COLUMNS = 'a, b, kind, rule, event_id, "at", event_key'


@dataclass(frozen=True)
class Links:
    """Collects the links of an import, a stretch of days at a time so that each sort is small."""

    connection: Connection
    named: tuple[Who, ...]

    def open(self) -> None:
        """Make the empty tables ``day_runs`` and ``link_runs``."""
        columns = (
            "(a BIGINT, b BIGINT, kind VARCHAR, rule VARCHAR, event_id VARCHAR, "
            '"at" TIMESTAMPTZ, event_key BIGINT, subject BIGINT)'
        )
        self.connection.execute(f"CREATE TABLE day_runs {columns}")
        self.connection.execute(f"CREATE TABLE link_runs {columns}")

    def add_days(self, connection: Connection) -> None:
        """Take what the rows of a connection's ``stretch`` say."""
        if statements := _statements([who for who in self.named if who.node != "n_order"]):
            connection.execute(f"INSERT INTO day_runs {_folded(f'({statements})')}")
        if self.named and self.named[-1].node == "n_order":
            connection.execute(
                f"""INSERT INTO link_runs
                SELECT node_id, n_order, 'together', 'order_number', event_id, occurred_at, event_key, n_order
                FROM stretch WHERE is_head AND name = '{PAYMENT}' AND n_order <> node_id"""
            )

    def fold(self) -> None:
        """Fold the runs across days into ``link_runs``."""
        self.connection.execute(f"INSERT INTO link_runs {_folded('day_runs')}")
        self.connection.execute("DROP TABLE day_runs")


def _statements(people: Sequence[Who]) -> str:
    """One SELECT a kind of statement, over the rows of ``stretch``."""
    weaker = people[1:]
    has_user = bool(people) and people[0].namespace == "user_id"
    signed = f"{people[0].node} IS NOT NULL" if has_user else "false"
    by_name = f"{signed} AND (name = '{SIGN_IN}' OR kind IN ('identify', 'alias'))"
    rule = f"CASE WHEN {by_name} THEN 'sign_in' ELSE 'same_event' END"
    source = "FROM stretch WHERE is_head"
    tail = 'event_id, occurred_at AS "at", event_key'
    selects = [
        f"SELECT node_id AS a, {who.node} AS b, CASE WHEN {signed} THEN 'sign_in' ELSE 'together' END AS kind, "
        f"{rule} AS rule, {tail}, {who.node} AS subject {source} AND {who.node} <> node_id AND NOT {_IS_OUT}"
        for who in weaker
    ]
    left = weaker if has_user else people
    selects += [_sign_out(who.node, f"{who.node} IS NOT NULL", source, tail) for who in left]
    if has_user:
        alone = " AND ".join([signed, *(f"{who.node} IS NULL" for who in weaker)])
        selects.append(_sign_out(people[0].node, alone, source, tail))
    return " UNION ALL ".join(selects)


def _sign_out(node: str, where: str, source: str, tail: str) -> str:
    columns = f"{node} AS a, 0::BIGINT AS b, 'sign_out' AS kind, 'sign_out' AS rule, {tail}, {node} AS subject"
    return f"SELECT {columns} {source} AND {_IS_OUT} AND {where}"


def _folded(statements: str) -> str:
    run = f'(a, kind, epoch_us("at") // {_CUT_DAYS * 86_400_000_000})'
    return (
        f"SELECT {_COLUMNS}, subject FROM {statements} "
        f'QUALIFY {run} IS DISTINCT FROM lag({run}) OVER (PARTITION BY subject ORDER BY "at", event_key)'
    )
