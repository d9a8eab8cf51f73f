"""What the workspace found out, as tables that can be judged against a known truth."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.ties.kinds import TieKinds
from qianmian.unify.ties.strength import STRENGTH, show_shares

TABLES = ("events", "persons", "orders", "ties", "flags", "quality", "statements", "traits")


_TIES = f"""
WITH pairs AS (
    SELECT person_id, other_id, {STRENGTH} AS strength FROM tie_shares GROUP BY person_id, other_id)
SELECT person_id, other_id, kind, direction, strength, count FROM tie_shares JOIN pairs USING (person_id, other_id)
"""


def findings(connection: Connection, kinds: TieKinds, instant: datetime) -> dict[str, pa.Table]:
    """The person of every event, the net money of every order, every profile, tie, trait and statement.

    Args:
        connection: has views of `TABLES` and of ``profiles``.
        kinds: by which the last build tied people.
        instant: of the last build.

    Returns:
        ``event_persons(event_id, person_id)``, ``orders(order_id, net)``, ``profiles``,
        ``ties(person_id, other_id, kind, direction, strength, count)``, ``traits(person_id, trait, value)``,
        ``statements(person_id, trait, occurred_at, value)`` and, if the data were checked,
        ``flags(event_id, rule)``.
    """
    show_shares(connection, kinds, instant, instant, of_few=False)
    show_owners(connection)
    is_checked = connection.execute("SELECT count(*) > 0 FROM quality").fetchall()[0][0]
    flags = {"flags": fetch(connection, "SELECT event_id, rule FROM flags")} if is_checked else {}
    return {
        "event_persons": fetch(connection, f"SELECT event_id, person_id FROM ({placed(connection, 'events')})"),
        "orders": fetch(connection, "SELECT order_id, net FROM orders"),
        "profiles": fetch(connection, "SELECT * FROM profiles"),
        "ties": fetch(connection, _TIES),
        "traits": fetch(connection, "SELECT person_id, trait, value FROM traits"),
        "statements": fetch(
            connection, f"SELECT person_id, trait, occurred_at, value FROM ({placed(connection, 'statements')})"
        ),
        **flags,
    }
