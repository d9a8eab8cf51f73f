"""How a tag lies over all people: who has it, which values, how many of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.core.errors import UnknownNameError
from qianmian.core.tables import Type
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.declare import Tag

MOST_VALUES = 30
_RANGES = 10


@dataclass(frozen=True)
class Share:
    """People with one value, or with a value in one range.

    Attributes:
        label: the value; of a number or date, the lowest of its range.
        upto: the highest of its range; None for a single value.
        people: how many.
    """

    label: Any
    upto: Any
    people: int


@dataclass(frozen=True)
class TagSummary:
    """A tag over all people.

    Attributes:
        tag: the definition.
        people: people with a profile.
        covered: people for whom the tag has a value.
        shares: its commonest values, or about ten ranges of about as many people; equal values share a range.
    """

    tag: Tag
    people: int
    covered: int
    shares: list[Share]


def summary(reading: Reading, name: str) -> TagSummary:
    """Coverage and distribution of a tag.

    Raises:
        UnknownNameError: there is no such tag.
    """
    tag = next((tag for tag in TAGS if tag.name == name), None)
    if tag is None:
        raise UnknownNameError(f"there is no tag {name!r}.", hint="see them: qianmian tag list")
    people, covered, values = reading.connection.execute(
        f"SELECT count(*), count({tag.name}), count(DISTINCT {tag.name}) FROM profiles"
    ).fetchall()[0]
    ranged = tag.type is not Type.TEXT and values > MOST_VALUES
    query = _RANGED if ranged else _VALUES
    rows = fetch(reading.connection, query.format(tag=tag.name)).to_pylist()
    return TagSummary(tag, people, covered, [Share(row["label"], row.get("upto"), row["people"]) for row in rows])


_VALUES = f"""
SELECT {{tag}} AS label, count(*) AS people FROM profiles WHERE {{tag}} IS NOT NULL
GROUP BY 1 ORDER BY people DESC, label LIMIT {MOST_VALUES}
"""
_RANGED = f"""
SELECT min({{tag}}) AS label, max({{tag}}) AS upto, count(*) AS people FROM (
    SELECT {{tag}}, floor({_RANGES} * (rank() OVER (ORDER BY {{tag}}) - 1) / count(*) OVER ()) AS part
    FROM profiles WHERE {{tag}} IS NOT NULL)
GROUP BY part ORDER BY part
"""
