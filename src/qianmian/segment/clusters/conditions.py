"""The rules of a decision tree as conditions: each person meets exactly one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf

from qianmian.core.tables import Type
from qianmian.learning.rules import Branch, Leaf
from qianmian.profile.tags.declare import Tag
from qianmian.query.tree import And, Between, Compare, IsNull, Not, Operator, Or, Tree


@dataclass(frozen=True)
class _Range:
    """Values of a measure on a way down the tree: above `low`, at most `high`, and whether it may be missing."""

    low: float = -inf
    high: float = inf
    may_miss: bool = True


_ANY = _Range()


def conditions(tree: Branch, tags: Sequence[Tag], can_miss: Sequence[bool]) -> dict[int, Tree]:
    """The condition of each group that the tree names.

    Args:
        tree: its measures are the tags.
        tags: in the order of the measures.
        can_miss: of each, whether anybody is without it; of the others no condition asks whether it is empty.
    """
    found: dict[int, list[Tree]] = {}
    for group, ranges in _ways(tree, [_ANY] * len(tags)):
        terms = [
            term
            for tag, range_, missing in zip(tags, ranges, can_miss, strict=True)
            if (term := _term(tag, range_, can_miss=missing)) is not None
        ]
        if terms:
            found.setdefault(group, []).append(terms[0] if len(terms) == 1 else And(tuple(terms)))
    return {group: ways[0] if len(ways) == 1 else Or(tuple(ways)) for group, ways in found.items()}


def _ways(branch: Branch, ranges: list[_Range]) -> list[tuple[int, list[_Range]]]:
    """Every way down, with the group at its end."""
    if isinstance(branch, Leaf):
        return [(branch.group, ranges)]
    here = ranges[branch.measure]
    below = replace(here, high=min(here.high, branch.at), may_miss=here.may_miss and branch.missing_below)
    above = replace(here, low=max(here.low, branch.at), may_miss=here.may_miss and not branch.missing_below)
    found = []
    for follows, range_ in ((branch.below, below), (branch.above, above)):
        found += _ways(follows, [*ranges[: branch.measure], range_, *ranges[branch.measure + 1 :]])
    return found


def _term(tag: Tag, values: _Range, *, can_miss: bool) -> Tree | None:
    """What a range asks of a person; None = nothing."""
    if values == _ANY:
        return None
    if values.low == inf:
        return IsNull(tag.name)
    compared = _compared(tag, values)
    if compared is None:
        return Not(IsNull(tag.name)) if can_miss and not values.may_miss else None
    return Or((compared, IsNull(tag.name))) if can_miss and values.may_miss else compared


def _compared(tag: Tag, values: _Range) -> Tree | None:
    whole = tag.type in (Type.INTEGER, Type.SMALL)
    low = Decimal(str(values.low)) if values.low > -inf else None
    high = Decimal(str(values.high)) if values.high < inf else None
    if whole and low is not None and high is not None and high - low == 1:
        return Compare(tag.name, Operator.EQUAL, _plain(high))
    if whole and low is not None and high is not None:
        return Between(tag.name, _plain(low + 1), _plain(high))
    above = None if low is None else _above(tag.name, low, whole=whole)
    below = None if high is None else Compare(tag.name, Operator.AT_MOST, _plain(high))
    return And((above, below)) if above and below else above or below


def _above(name: str, low: Decimal, *, whole: bool) -> Compare:
    return Compare(name, Operator.AT_LEAST, _plain(low + 1)) if whole else Compare(name, Operator.MORE, _plain(low))


def _plain(value: Decimal) -> Decimal:
    """Without zeros behind the point: 2, not 2.0."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
