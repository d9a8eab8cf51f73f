"""Values of tags: formulas over a person's partials and the shop's totals, worked out when somebody asks.

A formula may name today or the buyers' totals, so that most values change every day while the partials stay: stored
values would have to be written for everybody at every build.
"""

from __future__ import annotations

from dataclasses import asdict

from qianmian.core.tables import Type
from qianmian.lake.connection import Connection
from qianmian.profile.tables import PARTIALS
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Fold
from qianmian.profile.tags.union import union


def show_profiles(connection: Connection, totals: Totals) -> None:
    """Make the view ``profiles``: each tag and its confidence, then the partials that they come from.

    Args:
        connection: has a view of `partials`.
        totals: of the build that left them.
    """
    set_totals(connection, totals)
    connection.execute(f"CREATE VIEW profiles AS {_sql()}")


def set_totals(connection: Connection, totals: Totals) -> None:
    """Tell a connection the totals that the formulas in its view ``profiles`` name; each cursor has its own."""
    for name, value in asdict(totals).items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})


def _sql() -> str:
    """One SELECT from partials to profiles: instants get local dates, tags get values."""
    dates = ", ".join(
        f"({partial.name} AT TIME ZONE getvariable('zone'))::DATE AS {partial.name.removesuffix('_at')}_on"
        for partial in union(TAGS).partials
        if partial.fold in (Fold.FIRST_AT, Fold.LAST_AT)
    )
    taken = {"person_id", *(tag.name for tag in TAGS)}
    values = [
        "person_id",
        *map(_value, TAGS),
        *(column.name for column in PARTIALS.columns if column.name not in taken),
    ]
    return f"SELECT {', '.join(values)} FROM (SELECT *, {dates} FROM partials)"


def _value(tag: Tag) -> str:
    value = f"({tag.formula.sql})::{tag.type.sql} AS {tag.name}"
    if not tag.confidence:
        return value
    told = f"CASE WHEN ({tag.formula.sql}) IS NOT NULL THEN {tag.confidence} END"
    return f"{value}, ({told})::{Type.NUMBER.sql} AS {tag.name}_confidence"
