"""Whom a campaign may write to: people who meet its condition, agreed to its purpose, and can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qianmian.act.assign import HOLDOUT, TREATMENT
from qianmian.app.campaigns.campaigns import Draft
from qianmian.app.workspace import Workspace
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.purposes import Basis
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience

#: What is read beside the build.
TABLES = ("persons", "nodes", "events", "assignments")
#: People whose last statement agrees to a purpose; who never said anything did not agree.
_AGREED = """
SELECT person_id FROM events JOIN persons ON persons.node_id = events.node_id
    AND (since IS NULL OR since <= occurred_at) AND (until IS NULL OR occurred_at < until)
WHERE consent IS NOT NULL AND person_id IN (SELECT person_id FROM {among})
GROUP BY person_id HAVING list_contains(string_split(arg_max(consent, (occurred_at, event_key)), ','), $purpose)
"""
#: The identifier of a kind that each person bears now: the one that came last.
_REACHED = """
SELECT person_id, arg_max(node_id, (coalesce(since, '-infinity'::TIMESTAMPTZ), node_id)) AS node_id
FROM persons JOIN nodes USING (node_id)
WHERE namespace = $namespace AND until IS NULL AND person_id IN (SELECT person_id FROM {among})
GROUP BY person_id
"""
#: Who somebody of a campaign is now: people who became one since are in the holdout if any of them was.
PEOPLE_NOW = f"""
SELECT now.person_id, count(DISTINCT arm) > 1 AS is_mixed, min(piece) AS piece,
       CASE WHEN bool_or(arm = '{HOLDOUT}') THEN '{HOLDOUT}' ELSE '{TREATMENT}' END AS arm
FROM assignments JOIN (
    SELECT node_id, arg_max(person_id, coalesce(since, '-infinity'::TIMESTAMPTZ)) AS person_id
    FROM persons GROUP BY node_id) AS now ON now.node_id = assignments.person_id
WHERE campaign = $campaign GROUP BY now.person_id
"""


@dataclass(frozen=True)
class Eligible:
    """Who could be written to.

    Attributes:
        people: who meet the condition.
        not_agreed: of them, who did not agree to the purpose.
        unreachable: of the others, who bear no identifier of the kind.
        ids: person_ids of the rest, ascending.
    """

    people: int
    not_agreed: int
    unreachable: int
    ids: NDArray[np.int64]


def eligible(workspace: Workspace, found: Reading, draft: Draft) -> Eligible:
    """Who could be written to, as of the last build and of every consent that is in the lake.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition names something unknown.
    """
    who = audience(found, draft.condition, purpose=draft.purpose, check=workspace.purposes.check)
    people = who.show(found, "wanted")
    agreed = _agreed(workspace, found, draft, "wanted")
    reached = f"SELECT person_id FROM ({_REACHED.format(among=agreed)}) ORDER BY person_id"
    ids = fetch(found.connection, reached, {"namespace": draft.namespace})["person_id"].to_numpy()
    willing = _count(found.connection, agreed)
    return Eligible(people, people - willing, willing - len(ids), ids)


def recipients(workspace: Workspace, found: Reading, campaign: int, draft: Draft) -> list[dict[str, Any]]:
    """Everybody of a campaign's treatment who may be written to now: ``piece``, ``person_id``, ``node_id``; in order.

    Who withdrew, was erased, became one with somebody of the holdout, or lost the identifier since is not among them.
    """
    connection = found.connection
    values = {"campaign": campaign}
    connection.execute(f"CREATE TEMP TABLE treated AS SELECT * FROM ({PEOPLE_NOW}) WHERE arm = '{TREATMENT}'", values)
    agreed = _agreed(workspace, found, draft, "treated")
    reached = _REACHED.format(among=agreed)
    rows = f"SELECT piece, person_id, node_id FROM treated JOIN ({reached}) USING (person_id) ORDER BY piece, person_id"
    told: list[dict[str, Any]] = fetch(connection, rows, {"namespace": draft.namespace}).to_pylist()
    return told


def _agreed(workspace: Workspace, found: Reading, draft: Draft, among: str) -> str:
    """The relation of those of another who agreed to a purpose, or need not."""
    basis = next(one.basis for one in workspace.purposes.registered() if one.name == draft.purpose)
    if basis is not Basis.CONSENT:
        return among
    found.connection.execute(f"CREATE TEMP TABLE agreed AS {_AGREED.format(among=among)}", {"purpose": draft.purpose})
    return "agreed"


def _count(connection: Connection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
