"""Everything that the workspace holds about one person, from every declared table, for that person to keep."""

from __future__ import annotations

from typing import Any

from qianmian.app.people import identifiers_of
from qianmian.app.workspace import Workspace
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.privacy.details import Interval
from qianmian.profile.reading import Reading
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.resolve import vertex_id

TABLES = (
    "events",
    "event_lines",
    "links",
    "nodes",
    "persons",
    "moved",
    "orders",
    "refunds",
    "ties",
    "statements",
    "traits",
    "assignments",
    "tag_stays",
    "journey_stages",
)

#: The person's vertices; hashed vertex ids stand for intervals and carry no rows of their own.
_MINE = """
CREATE TEMP TABLE mine AS
SELECT node_id, coalesce(since, '-infinity'::TIMESTAMPTZ) AS since, coalesce(until, 'infinity'::TIMESTAMPTZ) AS until
FROM persons WHERE person_id = $person
"""
_INTERVALS = "SELECT node_id, since, until FROM persons WHERE person_id = $person ORDER BY node_id, since NULLS FIRST"
_VERTICES = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since FROM persons WHERE person_id = $person
"""
_STAYS = """
SELECT * EXCLUDE (person_id) FROM memberships WHERE person_id IN (SELECT unnest($ids::BIGINT[]))
ORDER BY audience, entered_in
"""
_ASSIGNMENTS = (
    "SELECT campaign, arm FROM assignments WHERE person_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY campaign"
)
_QUERIES = {
    "events": """SELECT events.* EXCLUDE (node_id, event_key, batch, day) FROM events
                 JOIN mine ON events.node_id = mine.node_id AND occurred_at >= since AND occurred_at < until
                 ORDER BY occurred_at, source, event_id""",
    "event_lines": """SELECT event_lines.* EXCLUDE (event_key, batch, day) FROM event_lines
                      SEMI JOIN (SELECT event_key FROM events JOIN mine ON events.node_id = mine.node_id
                                 AND occurred_at >= since AND occurred_at < until) USING (event_key)
                      ORDER BY source, event_id, line""",
    "links": """SELECT DISTINCT kind, rule, source, event_id, "at" FROM links
                JOIN mine ON (a = node_id OR b = node_id) AND "at" >= since AND "at" < until ORDER BY ALL""",
    "orders": """SELECT * EXCLUDE (node_id, order_node, event_key, person_id, batch) FROM orders
                 WHERE person_id = $person ORDER BY occurred_at, order_id""",
    "refunds": """SELECT refunds.* EXCLUDE (node_id, event_key, batch) FROM refunds
                  WHERE (source, order_id) IN (SELECT (source, order_id) FROM orders WHERE person_id = $person)
                     OR NOT matched AND EXISTS (SELECT 1 FROM mine WHERE mine.node_id = refunds.node_id
                                                AND occurred_at >= since AND occurred_at < until)
                  ORDER BY occurred_at, refund_id""",
    "ties": """SELECT kind, direction, count, first_at, last_at FROM ties WHERE person_id = $person
               ORDER BY last_at, kind, direction, first_at""",
    "statements": """SELECT source, occurred_at, trait, value FROM statements
                     JOIN mine ON statements.node_id = mine.node_id AND occurred_at >= since AND occurred_at < until
                     ORDER BY occurred_at, source, trait, event_key""",
    "traits": "SELECT * EXCLUDE (person_id) FROM traits WHERE person_id = $person ORDER BY trait",
    "tag_stays": "SELECT tag, since, value FROM tag_stays WHERE person_id = $person ORDER BY tag, since",
    "journey_stages": """SELECT category, stage, began_at, ended_at, cause, event FROM journey_stages
                         WHERE person_id = $person ORDER BY category, began_at""",
    "history": """SELECT happened_on, occurred_at, amount / 10000 AS amount, hour FROM history
                  WHERE person_id = $person ORDER BY occurred_at""",
    "profiles": "SELECT * EXCLUDE (person_id) FROM profiles WHERE person_id = $person",
}


def export(workspace: Workspace, reading: Reading, person: int) -> dict[str, Any]:
    """All rows about a person, by table, with the identifiers as they are.

    Args:
        workspace: the shop; its vault gives the identifiers.
        reading: what the last build left, with views of `TABLES`.
        person: person_id.
    """
    reading.show_history()
    reading.connection.execute(_MINE, {"person": person})
    told: dict[str, Any] = {
        "person": id_text(person),
        "identifiers": identifiers_of(workspace, reading.connection, person, masked=False),
    }
    for table, query in _QUERIES.items():
        values = {"person": person} if "$person" in query else None
        told[table] = fetch(reading.connection, query, values).to_pylist()
    ids = {"ids": _vertex_ids(reading, person)}
    told["memberships"] = fetch(reading.connection, _STAYS, ids).to_pylist()
    told["assignments"] = fetch(reading.connection, _ASSIGNMENTS, ids).to_pylist()
    told["details"] = [
        {"stated_at": one.stated_at, **one.fields} for one in workspace.vault.details.of(_intervals(reading, person))
    ]
    return told


def _vertex_ids(reading: Reading, person: int) -> list[int]:
    """Every id under which the person may have entered an audience or a campaign."""
    rows = fetch(reading.connection, _VERTICES, {"person": person})
    found: list[int] = vertex_id(rows.column("node_id").to_numpy().copy(), rows.column("since").to_numpy()).tolist()
    return found


def _intervals(reading: Reading, person: int) -> list[Interval]:
    rows = fetch(reading.connection, _INTERVALS, {"person": person}).to_pylist()
    return [(row["node_id"], row["since"], row["until"]) for row in rows]
