"""What the last check filled of missing values: how much, how well, and the newest with whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianmian.app.quality import last_check
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.privacy.masking import mask_text
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.tables import FILLS

MOST_FILLED = 20
_NEWEST = """
CREATE TEMP TABLE newest AS
FROM fills WHERE field = $field ORDER BY occurred_at DESC, event_key, place LIMIT $most
"""
_OWNED = """
SELECT newest.event_id, name AS event, occurred_at, method, value, known, doubt,
       coalesce(owner.person_id, 0) AS person_id
FROM newest LEFT JOIN (SELECT DISTINCT event_key, person_id FROM ({placed})) AS owner USING (event_key)
ORDER BY occurred_at DESC, event_key, place
"""


@dataclass(frozen=True)
class FillReport:
    """What one declared fill did at the last check.

    Attributes:
        field: what was filled.
        events: of which events.
        method: how.
        by: column by which it is grouped; empty = none.
        empty: events that lack it.
        filled: of them, those for which there is a value.
        tried: known values that were hidden and guessed.
        error: how far off they were: of numbers the mean distance, of words the share that is wrong; None = none tried.
        error_usual: the same of the median, or the commonest word, of all these events.
    """

    field: str
    events: list[str]
    method: str
    by: str
    empty: int
    filled: int
    tried: int
    error: float | None
    error_usual: float | None


@dataclass(frozen=True)
class Filled:
    """A value that may have been.

    Attributes:
        event_id: the source's own id of the event that lacks it.
        event: its name.
        occurred_at: when it happened.
        method: how it was filled.
        value: the value.
        known: known values behind it.
        doubt: of a word the chance that it is another; of a number the deviation; None = nobody knows.
        person: id of whose it is by the last build; None = nobody's, or not known yet.
    """

    event_id: str
    event: str
    occurred_at: datetime
    method: str
    value: str
    known: int
    doubt: float | None
    person: str | None


def fill_reports(shop: Shop, *, purpose: str = ANALYSE) -> list[FillReport]:
    """What each declared fill did at the last check, in the order of the rules.

    Raises:
        PurposeError: the purpose is not registered.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    checked = last_check(workspace, workspace.lake.snapshot(instant=workspace.clock.now()))
    return [_report(told) for _, told in sorted(checked.fills.items(), key=lambda one: int(one[0]))] if checked else []


def newest_fills(shop: Shop, field: str, *, purpose: str = ANALYSE) -> list[Filled]:
    """The newest events whose gap in a field was filled, by every fill of it.

    Raises:
        PurposeError: the purpose is not registered.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, FILLS.name, "persons") as connection:
        connection.execute(_NEWEST, {"field": field, "most": MOST_FILLED})
        show_owners(connection, "SELECT node_id FROM newest")
        rows = fetch(connection, _OWNED.format(placed=placed(connection, "newest"))).to_pylist()
    return [_told(row) for row in rows]


def _report(told: dict[str, Any]) -> FillReport:
    kept = {name: told[name] for name in ("field", "events", "method", "by", "empty", "filled", "tried")}
    off, usual = (float(told[name]) / told["tried"] if told["tried"] else None for name in ("off", "off_usual"))
    return FillReport(**kept, error=off, error_usual=usual)


def _told(row: dict[str, Any]) -> Filled:
    person = row.pop("person_id")
    return Filled(**{**row, "event_id": mask_text(row["event_id"])}, person=id_text(person) if person else None)
