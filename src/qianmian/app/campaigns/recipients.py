"""Whom a campaign may write to: people who meet its condition, agreed to its purpose, and can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.act.assign import HOLDOUT, TREATMENT
from qianmian.app.campaigns.campaigns import Draft
from qianmian.app.workspace import Workspace
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.purposes import Basis
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience
from qianmian.unify.identity.today import people_today

#: What is read beside the build.
TABLES = ("persons", "nodes", "events", "assignments")
#: People whose last statement agrees to a purpose; who never said anything did not agree.
_AGREED = """
SELECT person_id FROM events JOIN persons ON persons.node_id = events.node_id
    AND (since IS NULL OR since <= occurred_at) AND (until IS NULL OR occurred_at < until)
WHERE consent IS NOT NULL AND person_id IN (SELECT person_id FROM {among})
GROUP BY person_id HAVING list_contains(string_split(arg_max(consent, (occurred_at, event_key)), ','), $purpose)
"""
#: Of some people, the identifier of a kind that each bears now: the one that came last.
REACHED = """
SELECT person_id, arg_max(node_id, (coalesce(since, '-infinity'::TIMESTAMPTZ), node_id)) AS node_id
FROM persons JOIN nodes USING (node_id)
WHERE namespace = $namespace AND until IS NULL AND person_id IN (SELECT person_id FROM {among})
GROUP BY person_id
"""
_ASSIGNED = "SELECT person_id, arm, piece FROM assignments WHERE campaign = $campaign"
#: People who became one since are in the holdout if any of them was.
_UNITS = f"""
CREATE TEMP TABLE units AS
SELECT person_id, count(DISTINCT arm) > 1 AS is_mixed, min(piece) AS piece,
       CASE WHEN bool_or(arm = '{HOLDOUT}') THEN '{HOLDOUT}' ELSE '{TREATMENT}' END AS arm
FROM assigned WHERE person_id <> 0 GROUP BY person_id
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
    agreed = show_agreed(workspace, found, draft.purpose, "wanted")
    reached = f"SELECT person_id FROM ({REACHED.format(among=agreed)}) ORDER BY person_id"
    ids = fetch(found.connection, reached, {"namespace": draft.namespace})["person_id"].to_numpy()
    willing = _count(found.connection, agreed)
    return Eligible(people, people - willing, willing - len(ids), ids)


def recipients(workspace: Workspace, found: Reading, campaign: int, draft: Draft) -> list[dict[str, Any]]:
    """Everybody of a campaign's treatment who may be written to now: ``piece``, ``person_id``, ``node_id``; in order.

    Who withdrew, was erased, became one with somebody of the holdout, or lost the identifier since is not among them.
    """
    connection = found.connection
    show_units(connection, campaign)
    connection.execute(f"CREATE TEMP TABLE treated AS SELECT * FROM units WHERE arm = '{TREATMENT}'")
    agreed = show_agreed(workspace, found, draft.purpose, "treated")
    reached = REACHED.format(among=agreed)
    rows = f"SELECT piece, person_id, node_id FROM treated JOIN ({reached}) USING (person_id) ORDER BY piece, person_id"
    told: list[dict[str, Any]] = fetch(connection, rows, {"namespace": draft.namespace}).to_pylist()
    return told


def show_units(connection: Connection, campaign: int) -> None:
    """Make the relation ``units(person_id, arm, piece, is_mixed)``: the people of a campaign as who they are today.

    Args:
        connection: sees `assignments` and `persons`.
        campaign: number of the campaign.
    """
    assigned = fetch(connection, _ASSIGNED, {"campaign": campaign})
    today = people_today(connection, assigned["person_id"].to_numpy())
    connection.register("assigned", assigned.set_column(0, "person_id", pa.array(today)))
    connection.execute(_UNITS)


def show_agreed(workspace: Workspace, found: Reading, purpose: str, among: str) -> str:
    """The relation of those of another who agreed to a purpose, or need not.

    Args:
        workspace: knows the purpose's legal basis.
        found: sees `persons` and `events`.
        purpose: a registered one.
        among: relation with the ``person_id`` of the people.
    """
    basis = next(one.basis for one in workspace.purposes.registered() if one.name == purpose)
    if basis is not Basis.CONSENT:
        return among
    found.connection.execute(f"CREATE TEMP TABLE agreed AS {_AGREED.format(among=among)}", {"purpose": purpose})
    return "agreed"


def _count(connection: Connection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
