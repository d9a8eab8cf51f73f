"""Two audiences side by side, or one beside everybody: how a few tags lie over each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.profile.reading import Reading
from qianmian.profile.summary import Share, summary
from qianmian.profile.tags.declare import Tag
from qianmian.query.parse import parse
from qianmian.query.tree import And
from qianmian.segment.audiences import audience, everybody

#: What is compared unless somebody chooses.
COMPARED = ("lifecycle", "rfm", "preferred_category", "channel", "region", "net_90d")
MOST_TAGS = 12


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        condition: canonical text of what its people meet; None = everybody.
        people: how many they are.
    """

    condition: str | None
    people: int


@dataclass(frozen=True)
class ComparedPeople:
    """People of one side with a value, or with one in a range.

    Attributes:
        people: how many.
        condition: text of the condition that lists them.
    """

    people: int
    condition: str


@dataclass(frozen=True)
class ComparedValue:
    """A value, or a range of values, on both sides.

    Attributes:
        label: the value; of a range, its lowest; None = all values that are not listed.
        upto: the highest of a range; None for a single value.
        first: those of the first side.
        second: those of the second side.
    """

    label: Any
    upto: Any
    first: ComparedPeople
    second: ComparedPeople


@dataclass(frozen=True)
class ComparedTag:
    """A tag over both sides.

    Attributes:
        tag: the definition.
        values: its commonest values over everybody, or ranges that hold about as many of everybody each.
    """

    tag: Tag
    values: list[ComparedValue]


@dataclass(frozen=True)
class Comparison:
    """Two audiences side by side.

    Attributes:
        first: one.
        second: the other.
        both: people who belong to both.
        tags: what was compared.
        computed: from which build.
    """

    first: Side
    second: Side
    both: int
    tags: list[ComparedTag]
    computed: Computed


def compare(
    shop: Shop, first: str | None, second: str | None, *, purpose: str, tags: tuple[str, ...] = COMPARED
) -> Comparison:
    """How tags lie over two audiences; None stands for everybody.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: a condition does not parse, or names something unknown.
        UnknownNameError: there is no such tag.
        InputError: more than `MOST_TAGS` tags.
    """
    if len(tags) > MOST_TAGS:
        raise InputError("too_many_tags", most=MOST_TAGS, given=len(tags))
    with shop.asking(purpose) as (found, computed):
        chosen = [found.tag(name) for name in dict.fromkeys(tags)]
        conditions = [_show_side(shop, found, f"side_{at}", text, purpose) for at, text in enumerate((first, second))]
        one, other, both = _show_sides(found, chosen, conditions)
        compared = [_compared(found, tag, conditions) for tag in chosen]
    return Comparison(Side(conditions[0], one), Side(conditions[1], other), both, compared, computed)


def _show_side(shop: Shop, found: Reading, name: str, condition: str | None, purpose: str) -> str | None:
    """Make the table of a side's people, unless they are all; returns its canonical condition."""
    if condition is None or not condition.strip():
        return None
    who = audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check)
    who.show(found, name)
    return who.condition


def _show_sides(found: Reading, tags: list[Tag], conditions: list[str | None]) -> tuple[int, int, int]:
    """Make the table ``sides`` of everybody who meets a condition: their tags, and to which side they belong.

    Returns:
        How many people the first side has, the second, and both together.
    """
    some = [at for at, condition in enumerate(conditions) if condition is not None]
    people = " UNION ".join(f"SELECT person_id FROM side_{at}" for at in some) or "SELECT person_id FROM partials"
    marks = [f"person_id IN (FROM side_{at})" if at in some else "true" for at in range(2)]
    columns = ", ".join([*(tag.name for tag in tags), *(f"{mark} AS is_{at}" for at, mark in enumerate(marks))])
    profiles = found.select(tag.name for tag in tags)
    found.connection.execute(
        f"CREATE TEMP TABLE sides AS SELECT {columns} FROM ({profiles}) SEMI JOIN ({people}) USING (person_id)"
    )
    numbers = "count(*) FILTER (is_0), count(*) FILTER (is_1), count(*) FILTER (is_0 AND is_1)"
    counted = found.connection.execute(f"SELECT {numbers} FROM sides").fetchall()[0]
    one, other = (counted[at] if at in some else everybody(found) for at in range(2))
    return one, other, counted[2]


def _compared(found: Reading, tag: Tag, conditions: list[str | None]) -> ComparedTag:
    """The tag's values over everybody, counted on each side; of everybody they are known."""
    told = summary(found, tag.name)
    counted = _counted(found, tag, told.shares)
    numbers = [counted.get(_key(share, at), (0, 0)) for at, share in enumerate(told.shares)]
    pairs = [
        [share.people if condition is None else n for n, condition in zip(pair, conditions, strict=True)]
        for share, pair in zip(told.shares, numbers, strict=True)
    ]
    values = [
        ComparedValue(share.label, share.upto, *_people(pair, conditions, share.condition))
        for share, pair in zip(told.shares, pairs, strict=True)
    ]
    if told.rest:
        covered = [
            told.covered if c is None else sum(n[at] for n in counted.values()) for at, c in enumerate(conditions)
        ]
        rests = [all_ - sum(pair[at] for pair in pairs) for at, all_ in enumerate(covered)]
        values.append(ComparedValue(None, None, *_people(rests, conditions, told.rest.condition)))
    return ComparedTag(tag, values)


def _counted(found: Reading, tag: Tag, shares: list[Share]) -> dict[Any, tuple[int, int]]:
    """Value, or number of its range, → people of each side."""
    ends, key = [], tag.name
    if any(share.upto is not None for share in shares):
        ends = [_highest(share) for share in shares[:-1]]
        key = " + ".join(["0", *(f"({tag.name} > ${at})::INTEGER" for at in range(1, len(ends) + 1))])
    query = f"""
    SELECT {key} AS key, count(*) FILTER (is_0), count(*) FILTER (is_1) FROM sides
    WHERE {tag.name} IS NOT NULL GROUP BY 1
    """
    return {value: (one, other) for value, one, other in found.connection.execute(query, ends or None).fetchall()}


def _key(share: Share, at: int) -> Any:
    return share.label if share.upto is None else at


def _people(pair: list[int], conditions: list[str | None], condition: str) -> list[ComparedPeople]:
    return [ComparedPeople(n, _within(side, condition)) for n, side in zip(pair, conditions, strict=True)]


def _highest(share: Share) -> Any:
    return share.label if share.upto is None else share.upto


def _within(side: str | None, condition: str) -> str:
    """The people of a side who meet a further condition."""
    return condition if side is None else str(And((parse(side), parse(condition))))
