"""Metrics asked of a reading: all that they need is counted together, then each formula is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from qianmian.core.errors import InputError
from qianmian.measure.metrics.condition import condition_of
from qianmian.measure.metrics.declare import Formula, Measure, Metric, Unit
from qianmian.measure.metrics.periods import Period
from qianmian.measure.metrics.scan import Asked, Numbers, count
from qianmian.measure.metrics.sources import SOURCES, dimensions_of
from qianmian.profile.reading import Reading

Number: TypeAlias = Decimal | float | int
_CENT = Decimal("0.0001")
#: Values of a dimension that an answer tells, those that have most; the rest is left out, and counted.
MOST_VALUES = 50


@dataclass(frozen=True)
class Point:
    """A metric in one period, of one value of the dimension.

    Attributes:
        period: which.
        value: the number; None = it has none there, as nothing was to be divided by.
        by: value of the dimension; None = over all, or of what has no value.
        condition: text of the condition that lists the people; None = the language cannot say it, or it is no people.
    """

    period: Period
    value: Number | None
    by: str | None
    condition: str | None


@dataclass(frozen=True)
class Series:
    """A metric over all periods.

    Attributes:
        metric: its definition.
        missing: events of which the shop has none, so that nothing can be told; then there are no points.
        points: by value of the dimension, then by period, oldest first.
        left_out: values of the dimension beyond the first `MOST_VALUES`.
    """

    metric: Metric
    missing: tuple[str, ...]
    points: tuple[Point, ...]
    left_out: int


def tables_of(metrics: Iterable[Metric]) -> tuple[str, ...]:
    """Tables of the lake that metrics read beside the build."""
    sources = {measure.source for metric in metrics for measure in metric.measures}
    return tuple(sorted({table for name in sources for table in SOURCES[name].tables}))


def dimensions_for(metric: Metric) -> tuple[str, ...]:
    """What a metric can be broken down by."""
    return dimensions_of(frozenset(measure.source for measure in metric.measures))


def missing_of(found: Reading, metric: Metric) -> tuple[str, ...]:
    """Events that a metric rests on and the shop has none of; empty = it can be told."""
    known = found.dimensions.event_codes
    missing: list[str] = []
    for group in needs_of(metric):
        if not any(name in known for name in group):
            missing += group
    return tuple(dict.fromkeys(missing))


def needs_of(metric: Metric) -> list[tuple[str, ...]]:
    """Groups of events, of each of which at least one must be collected."""
    groups: list[tuple[str, ...]] = [(event,) for event in metric.events]
    for measure in metric.measures:
        source = SOURCES[measure.source]
        named = {measure.column, *(where.column for where in measure.where)}
        groups += [(event,) for event in (source.needs, *map(source.needed_by.get, sorted(named))) if event]
        groups += [tuple(map(str, where.values)) for where in measure.where if where.column == "event"]
    return list(dict.fromkeys(groups))


def values(found: Reading, metrics: Sequence[Metric], asked: Asked, audience: str | None = None) -> list[Series]:
    """Some metrics over periods.

    Args:
        found: shows `tables_of` the metrics.
        metrics: each once.
        asked: of all of them.
        audience: text of the condition of the people of the relation ``among``, if only they count.

    Raises:
        InputError: a metric cannot be broken down so.
    """
    for metric in metrics:
        if asked.by is not None and asked.by not in dimensions_for(metric):
            raise InputError("metric_by", metric=metric.name, by=asked.by, names=list(dimensions_for(metric)))
    missing = {metric: missing_of(found, metric) for metric in metrics}
    told = [metric for metric in metrics if not missing[metric]]
    counted = count(found, list(dict.fromkeys(one for metric in told for one in metric.measures)), asked)
    answer = _Answer(found, counted, asked, audience)
    return [answer.series(one) if one in told else Series(one, missing[one], (), 0) for one in metrics]


@dataclass(frozen=True)
class _Answer:
    found: Reading
    counted: Mapping[Measure, Numbers]
    asked: Asked
    audience: str | None

    def series(self, metric: Metric) -> Series:
        kept, left_out = self.words(metric)
        points = tuple(
            self.point(metric, number, period, by) for by in kept for number, period in enumerate(self.asked.periods)
        )
        return Series(metric, (), points, left_out)

    def words(self, metric: Metric) -> tuple[list[str | None], int]:
        """Values of the dimension, those of which there is most first."""
        if self.asked.by is None:
            return [None], 0
        counted = [self.counted[one] for one in metric.measures if one.source != "calendar"]
        most: dict[str | None, Any] = dict.fromkeys((by for one in counted for _, by in one), 0)
        for (_, by), value in counted[-1].items():  # the last is what the others are told for each of
            most[by] += value
        ordered = sorted(most, key=lambda by: (-most[by], by is None, by or ""))
        return ordered[:MOST_VALUES], max(len(ordered) - MOST_VALUES, 0)

    def point(self, metric: Metric, number: int, period: Period, by: str | None) -> Point:
        value = self.worked_out(metric.formula, number, by)
        condition = None
        if metric.unit is Unit.PEOPLE:
            word = None if self.asked.by is None else (self.asked.by, by)
            condition = condition_of(self.found, metric, period, word, self.audience)
        return Point(period, _rounded(value, metric.unit), by, condition)

    def worked_out(self, formula: Formula, number: int, by: str | None) -> Number | None:
        if isinstance(formula, Measure):
            place = (number, None if formula.source == "calendar" else by)
            told: Number = self.counted[formula].get(place, 0)
            return told
        left, right = (self.worked_out(side, number, by) for side in (formula.left, formula.right))
        if left is None or right is None:
            return None
        return _joined(formula.sign, left, right)


def _joined(sign: str, left: Any, right: Any) -> Number | None:
    """Two numbers, joined; money stays exact unless the other is measured. Nothing over zero has no value."""
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    joined: Number
    if sign == "over":
        if right == 0:
            return None
        joined = left / right
    else:
        joined = left - right if sign == "minus" else left + right
    return joined


def _rounded(value: Any, unit: Unit) -> Number | None:
    """A number as it is told: money to 1/10,000, people whole, all else as it is."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return Decimal(value if isinstance(value, int | Decimal) else repr(value)).quantize(_CENT)
    return float(value) if isinstance(value, Decimal) else value
