"""All values of an enumerated tag, with how many people have each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.tables import Type
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.profile.summary import written
from qianmian.profile.tags.declare import Kind, Tag
from qianmian.query.tree import Compare, Operator

MOST_VALUES = 2_000
#: Kinds of tag whose whole numbers are classes: an hour, a fifth.
_CLASSES = (Kind.PREFERENCE, Kind.FIRST_LAST, Kind.RFM, Kind.RANKING)


@dataclass(frozen=True)
class ValueCount:
    """People with one value of a tag.

    Attributes:
        value: the value.
        people: how many; 0 for a declared value that nobody has.
        condition: text of the condition that lists them.
    """

    value: Any
    people: int
    condition: str


@dataclass(frozen=True)
class TagValues:
    """The values of a tag, the commonest first.

    Attributes:
        tag: the definition.
        values: at most `MOST_VALUES` of them.
        others: how many further values there are.
        computed: from which build.
    """

    tag: Tag
    values: list[ValueCount]
    others: int
    computed: Computed


def values(shop: Shop, name: str, *, purpose: str) -> TagValues:
    """Every value of a tag.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag.
        InputError: its values are numbers or dates, which are compared, not chosen.
    """
    with shop.asking(purpose) as (found, computed):
        tag = found.tag(name)
        if not is_enumerated(tag):
            raise InputError("values_not_listed", tag=name)
        told: list[ValueCount] = found.once(("values", name), lambda: _counted(found, tag))
    return TagValues(tag, told[:MOST_VALUES], max(0, len(told) - MOST_VALUES), computed)


def _counted(found: Reading, tag: Tag) -> list[ValueCount]:
    rows = fetch(
        found.connection,
        f"SELECT {tag.name} AS value, count(*) AS people FROM ({found.select([tag.name])}) "
        f"WHERE {tag.name} IS NOT NULL "
        "GROUP BY ALL ORDER BY people DESC, value",
    ).to_pylist()
    known = {row["value"] for row in rows}
    rows += [{"value": value, "people": 0} for value in tag.values if value not in known]
    return [ValueCount(row["value"], row["people"], str(has(tag, row["value"]))) for row in rows]


def is_enumerated(tag: Tag) -> bool:
    """Whether a tag's values are words or classes to choose from, rather than measures to compare.

    >>> from qianmian.profile.tags.built_in import built_in_tags
    >>> tags = {tag.name: tag for tag in built_in_tags()}
    >>> [is_enumerated(tags[name]) for name in ("region", "r_score", "active_hour", "net_revenue")]
    [True, True, True, False]
    """
    return tag.type is Type.TEXT or (tag.type is Type.INTEGER and tag.kind in _CLASSES)


def has(tag: Tag, value: Any) -> Compare:
    """The condition that everybody with a value of a tag meets."""
    return Compare(tag.name, Operator.EQUAL, written(tag, value))
