"""What metrics say of a range of dates, of everybody or of an audience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from qianmian.app.answers import Computed
from qianmian.measure.metrics.built_in import metric
from qianmian.measure.metrics.declare import Grain, Metric
from qianmian.measure.metrics.periods import Period, periods
from qianmian.measure.metrics.scan import Asked
from qianmian.measure.metrics.values import Series, tables_of, values
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience


@dataclass(frozen=True)
class Question:
    """What is asked of metrics.

    Attributes:
        names: of metrics.
        first, last: the range, both belong; None = 30 dates to the build's.
        grain: how long a period is.
        by: dimension; None = over all.
        condition: text of the condition of the people who count alone; None = everybody, and what is nobody's.
    """

    names: Sequence[str]
    first: date | None = None
    last: date | None = None
    grain: Grain = Grain.DAY
    by: str | None = None
    condition: str | None = None

    def metrics(self) -> list[Metric]:
        """The definitions, each once.

        Raises:
            UnknownNameError: there is no such metric.
        """
        return [metric(name) for name in dict.fromkeys(self.names)]

    def tables(self) -> tuple[str, ...]:
        """What is read of the lake beside the build."""
        return tables_of(self.metrics())


@dataclass(frozen=True)
class Answered:
    """What metrics say.

    Attributes:
        question: as it was asked, with the dates filled in and the condition in canonical text.
        periods: oldest first.
        series: in the order of the names.
        computed: from which build.
    """

    question: Question
    periods: tuple[Period, ...]
    series: list[Series]
    computed: Computed


@dataclass(frozen=True)
class Asking:
    """Who asks, and where.

    Attributes:
        purpose: what it is looked at for.
        check: raises if that is not allowed.
        zone: of local dates.
    """

    purpose: str
    check: Callable[[str], None]
    zone: str


def answer(found: Reading, computed: Computed, question: Question, asking: Asking) -> Answered:
    """What metrics say of a range, all told by one scan of each source.

    Args:
        found: shows the question's tables.
        computed: of the reading.
        question: what is asked.
        asking: for what.

    Raises:
        UnknownNameError: there is no such metric.
        InputError: the range ends before it begins or is too long, or a metric cannot be broken down so.
        ConditionError: the condition does not parse, or names something unknown.
    """
    metrics, condition = question.metrics(), None
    if question.condition is not None:
        among = audience(found, question.condition, purpose=asking.purpose, check=asking.check)
        among.show(found, "among")
        condition = among.condition
    last = question.last or computed.today
    first = question.first or date.fromordinal(max(last.toordinal() - 29, 1))
    cut = periods(first, last, question.grain, computed.today)
    told = values(found, metrics, Asked(cut, question.by, asking.zone, is_among=condition is not None), condition)
    answered = Question([one.name for one in metrics], first, last, question.grain, question.by, condition)
    return Answered(answered, cut, told, computed)
