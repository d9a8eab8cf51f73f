"""What a person agreed to when they last said, and how often events of a source say what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qianmian.app.answers import Computed
from qianmian.app.people import find_person
from qianmian.app.shop import Shop
from qianmian.app.treatment import treatment_of
from qianmian.app.workspace import Workspace
from qianmian.collect.consent import NOTHING
from qianmian.lake.connection import fetch

_LAST = """
SELECT consent, events.source, event_id, name, occurred_at FROM events JOIN persons
    ON persons.node_id = events.node_id AND (since IS NULL OR since <= occurred_at)
    AND (until IS NULL OR occurred_at < until)
WHERE person_id = $person AND consent IS NOT NULL ORDER BY occurred_at DESC, event_key DESC LIMIT 1
"""
_STATED = """
SELECT purpose, count(*) AS events FROM (
    SELECT unnest(string_split(consent, ',')) AS purpose FROM events WHERE source = $source AND consent IS NOT NULL)
GROUP BY purpose ORDER BY events DESC, purpose
"""


@dataclass(frozen=True)
class ConsentState:
    """What a person agreed to, as of the last build.

    Attributes:
        purposes: agreed to in the last statement; empty = to nothing, or nothing was ever stated.
        stated_at: when that was; None = never.
        source: data source of the event that says so; empty = never.
        event_id: its id.
        event: its name.
        computed: the last build.
    """

    purposes: tuple[str, ...]
    stated_at: datetime | None
    source: str
    event_id: str
    event: str
    computed: Computed


@dataclass(frozen=True)
class StatedPurpose:
    """Events of a source that agree to a purpose.

    Attributes:
        purpose: its name; ``none`` = they agree to nothing.
        events: how many.
        is_known: whether any category means it; else it is a category under its own name.
    """

    purpose: str
    events: int
    is_known: bool


def consent_state(shop: Shop, name: str, *, purpose: str) -> ConsentState:
    """What a person agreed to when they last said.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, or ``person:<id>``.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by that name, or nothing was built yet.
    """
    with shop.asking(purpose, "events", "persons") as (found, computed):
        person = find_person(shop.workspace, found.connection, name)
        rows = fetch(found.connection, _LAST, {"person": person}).to_pylist()
    if not rows:
        return ConsentState((), None, "", "", "", computed)
    [row] = rows
    purposes = tuple(one for one in row["consent"].split(",") if one != NOTHING)
    return ConsentState(purposes, row["occurred_at"], row["source"], row["event_id"], row["name"], computed)


def stated_purposes(workspace: Workspace, source: str) -> list[StatedPurpose]:
    """What the events of a source in the lake agree to, the commonest first."""
    known = {*treatment_of(workspace, source).consent.purposes.values(), NOTHING}
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, "events") as connection:
        rows = fetch(connection, _STATED, {"source": source}).to_pylist()
    return [StatedPurpose(row["purpose"], row["events"], row["purpose"] in known) for row in rows]
