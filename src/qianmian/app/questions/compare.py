"""Two audiences side by side, or one beside everybody: how a few tags lie over each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.questions.values import tag_of
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.profile.reading import Reading
from qianmian.profile.summary import Share, summary
from qianmian.profile.tags.declare import Tag
from qianmian.query.parse import parse
from qianmian.query.tree import And
from qianmian.segment.audiences import audience

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
    chosen = [tag_of(name) for name in dict.fromkeys(tags)]
    with shop.asking(purpose) as (found, computed):
        conditions = [_show_side(shop, found, f"side_{at}", text, purpose) for at, text in enumerate((first, second))]
        columns = ", ".join([*(tag.name for tag in chosen), "in_0 IS NOT NULL AS is_0", "in_1 IS NOT NULL AS is_1"])
        joined = "profiles LEFT JOIN side_0 USING (person_id) LEFT JOIN side_1 USING (person_id)"
        found.connection.execute(f"CREATE TEMP TABLE sides AS SELECT {columns} FROM {joined}")
        numbers = "count(*) FILTER (is_0), count(*) FILTER (is_1), count(*) FILTER (is_0 AND is_1)"
        one, other, both = found.connection.execute(f"SELECT {numbers} FROM sides").fetchall()[0]
        compared = [_compared(found, tag, conditions) for tag in chosen]
    return Comparison(Side(conditions[0], one), Side(conditions[1], other), both, compared, computed)


def _show_side(shop: Shop, found: Reading, name: str, condition: str | None, purpose: str) -> str | None:
    """Make the table of a side's people; returns its canonical condition."""
    mark = f"in_{name[-1]}"
    if condition is None or not condition.strip():
        found.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT person_id, true AS {mark} FROM profiles")
        return None
    who = audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check)
    query = f"CREATE TEMP TABLE {name} AS SELECT person_id, true AS {mark} FROM ({who.query.sql})"
    found.connection.execute(query, list(who.query.values))
    return who.condition


def _compared(found: Reading, tag: Tag, conditions: list[str | None]) -> ComparedTag:
    """The tag's values over everybody, counted on each side."""
    told = summary(found, tag.name)
    ends = [value for share in told.shares for value in (share.label, _highest(share))]
    counts = ", ".join(
        f"count(*) FILTER ({side} AND {tag.name} BETWEEN ${2 * at + 1} AND ${2 * at + 2})"
        for side in ("is_0", "is_1")
        for at in range(len(told.shares))
    )
    covered = f"count({tag.name}) FILTER (is_0), count({tag.name}) FILTER (is_1)"
    query = f"SELECT {covered}{', ' if counts else ''}{counts} FROM sides"
    one, other, *numbers = found.connection.execute(query, ends).fetchall()[0]
    firsts, seconds = numbers[: len(told.shares)], numbers[len(told.shares) :]
    values = [
        ComparedValue(
            share.label,
            share.upto,
            *(ComparedPeople(n, _within(side, share.condition)) for n, side in zip(pair, conditions, strict=True)),
        )
        for share, *pair in zip(told.shares, firsts, seconds, strict=True)
    ]
    if told.rest:
        rests = (one - sum(firsts), other - sum(seconds))
        told_rests = (
            ComparedPeople(n, _within(side, told.rest.condition)) for n, side in zip(rests, conditions, strict=True)
        )
        values.append(ComparedValue(None, None, *told_rests))
    return ComparedTag(tag, values)


def _highest(share: Share) -> Any:
    return share.label if share.upto is None else share.upto


def _within(side: str | None, condition: str) -> str:
    """The people of a side who meet a further condition."""
    return condition if side is None else str(And((parse(side), parse(condition))))
