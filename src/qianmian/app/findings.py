"""What the workspace found out, as tables that can be judged against a known truth."""

from __future__ import annotations

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.place import placed, show_owners

TABLES = ("events", "persons", "orders", "flags", "quality")


def findings(connection: Connection) -> dict[str, pa.Table]:
    """The person of every event, the net money of every order, and every profile.

    Args:
        connection: has views of `TABLES` and of ``profiles``.

    Returns:
        ``event_persons(event_id, person_id)``, ``orders(order_id, net)``, ``profiles`` and, if the data were checked,
        ``flags(event_id, rule)``.
    """
    show_owners(connection)
    is_checked = connection.execute("SELECT count(*) > 0 FROM quality").fetchall()[0][0]
    flags = {"flags": fetch(connection, "SELECT event_id, rule FROM flags")} if is_checked else {}
    return {
        "event_persons": fetch(connection, f"SELECT event_id, person_id FROM ({placed(connection, 'events')})"),
        "orders": fetch(connection, "SELECT order_id, net FROM orders"),
        "profiles": fetch(connection, "SELECT * FROM profiles"),
        **flags,
    }
