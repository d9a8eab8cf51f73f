"""A shop in which several sources state traits, and its traits as a test can read them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from tests.app.traces import Scene

_MAPPING = """
source: {source}
grain: event
format: jsonl
event: {{event_id: id, name: event, occurred_at: at, kind: kind}}
identifiers: {{user_id: user, phone: phone, device: device}}
properties: {{with: [{properties}]}}
"""
PROPERTIES = ("gender", "sex", "birthday", "age", "city", "occupation", "height")
_NAMES = ("id", "event", "kind", "at", "user", "phone", "device", *PROPERTIES)
_numbers = count(1)


def says(at: str, *, event: str = "Profile Updated", kind: str = "identify", **fields: Any) -> dict[str, Any]:
    """One event that states something; ``at`` is a day, or an instant of Shanghai."""
    when = f"{at if 'T' in at else f'{at}T12:00:00'}+08:00"
    known = {"id": f"s{next(_numbers)}", "event": event, "kind": kind, "at": when} | fields
    assert set(known) <= set(_NAMES), set(known) - set(_NAMES)
    return {name: known.get(name) for name in _NAMES}


def take(scene: Scene, source: str, rows: Iterable[dict[str, Any]]) -> None:
    """Import what a source says."""
    scene.take(rows, _MAPPING.format(source=source, properties=", ".join(PROPERTIES)))


def traits(scene: Scene, name: str) -> dict[str, dict[str, Any]]:
    """The traits of somebody by name of the trait."""
    return {row["trait"]: row for row in scene.rows("traits", f"WHERE person_id = {scene.person(name)}")}


def all_traits(scene: Scene) -> list[dict[str, Any]]:
    """Every row of the table, in order."""
    return scene.query("SELECT * FROM traits ORDER BY ALL").to_pylist()
