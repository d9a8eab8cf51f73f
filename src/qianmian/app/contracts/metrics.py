"""What the doors tell of metrics: their definitions, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from qianmian.app.answers import Computed
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.metrics import Answered
from qianmian.app.questions.metrics import Defined, Dictionary
from qianmian.core.language import Language
from qianmian.measure.metrics.declare import Better, Grain, Metric, Unit, in_words
from qianmian.measure.metrics.periods import Period
from qianmian.measure.metrics.values import Point, Series

#: Money is told as a decimal text, everything else as a number.
Number = Decimal | int | float


class MetricTold(Contract):
    """A metric as every screen shows it, in the reader's language."""

    name: str = Field(description="the same at every door")
    family: str = Field(description="sales, customers, refunds, visits, funnel, retention, social or marketing")
    title: str = Field(description="what people call it")
    meaning: str = Field(description="what it says, in a sentence")
    formula: str = Field(description="how it is worked out, in words")
    trap: str = Field(description="what is easily read wrongly; may be empty")
    unit: Unit = Field(description="what it counts: money, people, share (0.1 is a tenth), count or days")
    better: Better = Field(description="in which direction it is good news")

    @classmethod
    def of(cls, metric: Metric, language: Language) -> MetricTold:
        """The definition in a language."""
        return cls(**_worded(metric, language))


def _worded(metric: Metric, language: Language) -> dict[str, Any]:
    return {
        "name": metric.name,
        "family": metric.family,
        "title": metric.title.told(language),
        "meaning": metric.meaning.told(language),
        "formula": in_words(metric.formula, language),
        "trap": metric.trap.told(language),
        "unit": metric.unit,
        "better": metric.better,
    }


class DefinedMetricTold(MetricTold):
    """A metric as the dictionary tells it."""

    other_title: str = Field(description="the title in the other language, by which it can be found too")
    owner: str = Field(description="who answers for it")
    version: int = Field(description="counts up when the formula changes")
    rests_on: list[str] = Field(description="tables and columns that it is told from")
    by: list[str] = Field(description="what it can be broken down by")
    needs: list[list[str]] = Field(description="groups of events; of each at least one must be collected")
    missing: list[str] = Field(
        description="events that the shop has none of, so that nothing can be told; mostly empty"
    )
    used_in: list[str] = Field(description="screens that show it beside its own")

    @classmethod
    def told(cls, defined: Defined, language: Language) -> DefinedMetricTold:
        """The entry in a language."""
        metric = defined.metric
        other = Language.EN if language is Language.ZH else Language.ZH
        return cls(
            **_worded(metric, language),
            other_title=metric.title.told(other),
            owner=metric.owner,
            version=metric.version,
            rests_on=list(defined.tables),
            by=list(defined.by),
            needs=[list(group) for group in defined.needs],
            missing=list(defined.missing),
            used_in=list(defined.used_in),
        )


class MetricPageTold(Contract):
    """One metric of the dictionary."""

    metric: DefinedMetricTold = Field(description="its definition")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, defined: Defined, computed: Computed, language: Language) -> MetricPageTold:
        """The entry in a language."""
        return cls(metric=DefinedMetricTold.told(defined, language), computed=ComputedTold.of(computed))


class MetricsTold(Contract):
    """The dictionary of metrics."""

    metrics: list[DefinedMetricTold] = Field(description="all metrics, family by family")
    computed: ComputedTold = Field(description="the build that says which of them can be told")

    @classmethod
    def of(cls, told: Dictionary, language: Language) -> MetricsTold:
        """The dictionary in a language."""
        metrics = [DefinedMetricTold.told(one, language) for one in told.metrics]
        return cls(metrics=metrics, computed=ComputedTold.of(told.computed))


class PeriodTold(Contract):
    """Some local dates."""

    first: date = Field(description="first date")
    last: date = Field(description="last date; it belongs to the period")
    is_partial: bool = Field(description="it is not over at the build, or the range cuts it")


class MetricPointTold(Contract):
    """A metric in one period."""

    value: Number | None = Field(
        description="the number, of money as a decimal text; empty = it has none, as nothing was to be divided by"
    )
    condition: str | None = Field(
        description="condition that lists the people; empty = it is no people, or no condition can say it"
    )

    @classmethod
    def of(cls, point: Point) -> MetricPointTold:
        """The number with its people."""
        return cls(value=point.value, condition=point.condition)


class MetricSeriesTold(Contract):
    """A metric over all periods, of one value of the dimension."""

    by: str | None = Field(description="value of the dimension; empty = over all, or of what has no value")
    points: list[MetricPointTold] = Field(description="one a period, in their order")


class MetricValuesTold(Contract):
    """What one metric says."""

    metric: MetricTold = Field(description="its definition")
    missing: list[str] = Field(description="events to collect before it can be told; then there are no series")
    series: list[MetricSeriesTold] = Field(description="one without a dimension, else one a value, the largest first")
    left_out: int = Field(description="values of the dimension beyond the first 50")

    @classmethod
    def of(cls, told: Series, periods: Sequence[Period], language: Language) -> MetricValuesTold:
        """The numbers, cut by value."""
        size = len(periods)
        cut = [told.points[at : at + size] for at in range(0, len(told.points), size)]
        series = [MetricSeriesTold(by=part[0].by, points=[MetricPointTold.of(one) for one in part]) for part in cut]
        metric = MetricTold.of(told.metric, language)
        return cls(metric=metric, missing=list(told.missing), series=series, left_out=told.left_out)


class AnsweredMetricsTold(Contract):
    """What metrics say of a range of local dates."""

    grain: Grain = Field(description="how long a period is: day, week (from Monday), month or total")
    by: str | None = Field(description="dimension; empty = over all")
    condition: str | None = Field(description="canonical text of whom alone counts; empty = everybody")
    periods: list[PeriodTold] = Field(description="oldest first, without gaps")
    metrics: list[MetricValuesTold] = Field(description="in the order in which they were named")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, told: Answered, language: Language) -> AnsweredMetricsTold:
        """The answer in a language."""
        return cls(
            grain=told.question.grain,
            by=told.question.by,
            condition=told.question.condition,
            periods=[PeriodTold.model_validate(one) for one in told.periods],
            metrics=[MetricValuesTold.of(one, told.periods, language) for one in told.series],
            computed=ComputedTold.of(told.computed),
        )
