"""A shop whose events name what others did, and its ties as a test can read them."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.app.traces import Scene

MAPPING = """
source: shop
grain: event
format: jsonl
event: {event_id: id, name: event, occurred_at: at, user_agent: agent}
identifiers: {user_id: user, phone: phone, device: device}
properties:
  with: [post_id, share_id, invite_code, group_id, chat_id, target_user_id, recipient_user_id]
  mentions: {target_user_id: user_id, recipient_user_id: user_id}
"""
NAMES = (
    "id event at agent user phone device post_id share_id invite_code group_id chat_id target_user_id recipient_user_id"
).split()
_numbers = count(1)


def act(event: str, at: str, **fields: Any) -> dict[str, Any]:
    """One event; ``at`` is a day, or an instant of Shanghai."""
    when = f"{at if 'T' in at else f'{at}T12:00:00'}+08:00"
    known = {"id": f"a{next(_numbers)}", "event": event, "at": when} | fields
    assert set(known) <= set(NAMES), set(known) - set(NAMES)
    return {name: known.get(name) for name in NAMES}


def ties(scene: Scene, **names: str) -> set[tuple[str, str, str, str, int]]:
    """The ties between named people, each as (person, other, kind, direction, count)."""
    people = {scene.person(name): short for short, name in names.items()}
    return {
        (
            people.get(row["person_id"], "?"),
            people.get(row["other_id"], "?"),
            row["kind"],
            row["direction"],
            row["count"],
        )
        for row in scene.rows("ties")
    }


def all_ties(scene: Scene) -> list[dict[str, Any]]:
    """Every row of the table, in order."""
    return scene.query("SELECT * FROM ties ORDER BY ALL").to_pylist()
