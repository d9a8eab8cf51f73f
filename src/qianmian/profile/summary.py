"""How a tag lies over all people: who has it, which values, how many of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qianmian.core.tables import Type
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.reading import Reading
from qianmian.profile.tags.declare import Tag
from qianmian.query.fields import NUMBERS
from qianmian.query.tree import And, Between, Compare, In, IsNull, Not, Operator, Value

MOST_VALUES = 30
_RANGES = 10


@dataclass(frozen=True)
class Share:
    """People with one value, or with a value in one range.

    Attributes:
        label: the value; of a number or date, the lowest of its range.
        upto: the highest of its range; None for a single value.
        people: how many.
        condition: text of the condition that lists them.
    """

    label: Any
    upto: Any
    people: int
    condition: str


@dataclass(frozen=True)
class Rest:
    """People with a value that is none of the commonest.

    Attributes:
        people: how many.
        condition: text of the condition that lists them.
    """

    people: int
    condition: str


@dataclass(frozen=True)
class TagSummary:
    """A tag over all people.

    Attributes:
        tag: the definition.
        people: people with a profile.
        covered: people for whom the tag has a value.
        covered_condition: text of the condition that lists them.
        shares: its commonest values, or about ten ranges of about as many people; equal values share a range.
        rest: people with other values; None if there are no others.
    """

    tag: Tag
    people: int
    covered: int
    covered_condition: str
    shares: list[Share]
    rest: Rest | None


def summary(reading: Reading, name: str) -> TagSummary:
    """Coverage and distribution of a tag.

    Raises:
        UnknownNameError: there is no such tag.
    """
    tag = reading.tag(name)
    summed: TagSummary = reading.once(("summary", name), lambda: _summed(reading, tag))
    return summed


def _summed(reading: Reading, tag: Tag) -> TagSummary:
    return summed(reading.connection, tag, reading.select([tag.name]))


def summed(connection: Connection, tag: Tag, profiles: str) -> TagSummary:
    """The tag's values are counted in one pass over some people; the rest is told from the counts.

    Args:
        connection: where they are.
        tag: the definition.
        profiles: SELECT of the people with the tag's values.
    """
    connection.execute(_COUNTED.format(tag=tag.name, profiles=profiles))
    people, covered, values = connection.execute(_SUMS).fetchall()[0]
    ranged = tag.type is not Type.TEXT and values > MOST_VALUES
    rows = fetch(connection, _RANGED if ranged else _VALUES).to_pylist()
    shares = [_share(tag, row["label"], row.get("upto"), row["people"]) for row in rows]
    others = covered - sum(share.people for share in shares)
    return TagSummary(tag, people, covered, has_value(tag), shares, _rest(tag, shares, others) if others else None)


def has_value(tag: Tag) -> str:
    """The condition for everybody for whom a tag has a value."""
    return str(Not(IsNull(tag.name)))


def _share(tag: Tag, label: Any, upto: Any, people: int) -> Share:
    if upto is None or upto == label:
        return Share(label, upto, people, str(Compare(tag.name, Operator.EQUAL, written(tag, label))))
    return Share(label, upto, people, str(Between(tag.name, written(tag, label), written(tag, upto))))


def _rest(tag: Tag, shares: list[Share], people: int) -> Rest:
    listed = In(tag.name, tuple(written(tag, share.label) for share in shares))
    return Rest(people, str(And((Not(IsNull(tag.name)), Not(listed)))))


def written(tag: Tag, value: Any) -> Value:
    """A tag's value as a condition has it: numbers are decimal there."""
    return Decimal(str(value)) if tag.type in NUMBERS else value


_COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS SELECT {tag} AS value, count(*) AS people FROM ({profiles}) GROUP BY 1
"""
_SUMS = """
SELECT coalesce(sum(people), 0)::BIGINT, coalesce(sum(people) FILTER (value IS NOT NULL), 0)::BIGINT, count(value)
FROM counted
"""
_VALUES = f"""
SELECT value AS label, people FROM counted WHERE value IS NOT NULL ORDER BY people DESC, label LIMIT {MOST_VALUES}
"""
#: A value's range is told by how many people lie below it.
_RANGED = f"""
SELECT min(value) AS label, max(value) AS upto, sum(people)::BIGINT AS people FROM (
    SELECT *, floor({_RANGES} * (sum(people) OVER (ORDER BY value) - people) / sum(people) OVER ()) AS part
    FROM counted WHERE value IS NOT NULL)
GROUP BY part ORDER BY part
"""
