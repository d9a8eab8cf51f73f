"""People with suspiciously many identifiers: a graph that collapses shows here first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.people import ORDER, id_text
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.masking import mask_value

#: A hashed id of an interval is a row of `persons` and no node; an order number joins nobody.
_HELD = f"""
CREATE OR REPLACE TEMP TABLE held AS
SELECT DISTINCT person_id, node_id, namespace FROM persons JOIN nodes USING (node_id)
WHERE NOT starts_with(namespace, '{ORDER}:')
"""
_LARGE = """
CREATE OR REPLACE TEMP TABLE large AS
SELECT person_id, count(*) AS identifiers FROM held GROUP BY person_id HAVING identifiers > $limit
"""
_PEOPLE = """
SELECT person_id, identifiers FROM large ORDER BY identifiers DESC, person_id LIMIT $most
"""
_NAMESPACES = """
SELECT person_id, namespace, count(*) AS identifiers FROM held SEMI JOIN large USING (person_id)
GROUP BY ALL ORDER BY identifiers DESC, namespace
"""
#: The identifier with which most others of the same person were seen.
_HUBS = """
WITH mine AS (FROM held SEMI JOIN large USING (person_id)),
pairs AS (
    SELECT one.person_id, one.node_id, other.node_id AS beside
    FROM links JOIN mine AS one ON a = one.node_id
    JOIN mine AS other ON b = other.node_id AND one.person_id = other.person_id),
either AS (FROM pairs UNION SELECT person_id, beside, node_id FROM pairs),
counted AS (SELECT person_id, node_id, count(*) AS beside FROM either GROUP BY ALL)
SELECT person_id, node_id, beside FROM counted
QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY beside DESC, node_id) = 1
"""


@dataclass(frozen=True)
class Hub:
    """The identifier that holds most of a person together.

    Attributes:
        namespace: its kind.
        value: masked; None = it was erased.
        beside: how many of the person's other identifiers were seen with it.
    """

    namespace: str
    value: str | None
    beside: int


@dataclass(frozen=True)
class LargePerson:
    """Somebody with many identifiers.

    Attributes:
        person: id of the person.
        identifiers: how many; order numbers are not counted.
        namespaces: how many of each kind, the commonest first.
        hub: the one that most others were seen with; None = the evidence was taken back since.
    """

    person: str
    identifiers: int
    namespaces: dict[str, int]
    hub: Hub | None


@dataclass(frozen=True)
class LargePeople:
    """People with more identifiers than a limit.

    Attributes:
        limit: most identifiers that raise no alarm: the setting `most_identifiers`.
        total: how many people have more.
        people: those with most, the largest first.
        computed: from which build.
    """

    limit: int
    total: int
    people: list[LargePerson]
    computed: Computed


def large_people(shop: Shop, *, purpose: str = ANALYSE, limit: int | None = None, most: int = 50) -> LargePeople:
    """The people with more identifiers than a limit.

    Args:
        shop: the shop.
        purpose: what they are looked up for.
        limit: most identifiers that raise no alarm; the setting if not given.
        most: list at most so many people.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    limit = shop.workspace.settings.most_identifiers if limit is None else limit
    with shop.asking(purpose, "persons", "nodes", "links") as (found, computed):
        connection = found.connection
        connection.execute(_HELD)
        connection.execute(_LARGE, {"limit": limit})
        total = int(connection.execute("SELECT count(*) FROM large").fetchall()[0][0])
        if not total:
            return LargePeople(limit, 0, [], computed)
        rows = fetch(connection, _PEOPLE, {"most": most}).to_pylist()
        kinds, hubs = _kinds(connection), _hubs(shop, connection)
    people = [
        LargePerson(id_text(row["person_id"]), row["identifiers"], kinds[row["person_id"]], hubs.get(row["person_id"]))
        for row in rows
    ]
    return LargePeople(limit, total, people, computed)


def _kinds(connection: Connection) -> dict[int, dict[str, int]]:
    kinds: dict[int, dict[str, int]] = {}
    for row in fetch(connection, _NAMESPACES).to_pylist():
        kinds.setdefault(row["person_id"], {})[row["namespace"]] = row["identifiers"]
    return kinds


def _hubs(shop: Shop, connection: Connection) -> dict[int, Hub]:
    rows: list[dict[str, Any]] = fetch(connection, _HUBS).to_pylist()
    known = shop.workspace.vault.reveal([row["node_id"] for row in rows])
    namespaces = dict(
        connection.execute("SELECT DISTINCT node_id, namespace FROM held SEMI JOIN large USING (person_id)").fetchall()
    )
    return {
        row["person_id"]: Hub(
            namespaces[row["node_id"]],
            mask_value(known[row["node_id"]].value) if row["node_id"] in known else None,
            row["beside"],
        )
        for row in rows
    }
