"""The condition that lists the people behind a number, where the language of conditions can say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from qianmian.core.events import ORDER_COMPLETED
from qianmian.measure.metrics.declare import Measure, Metric
from qianmian.measure.metrics.periods import Period
from qianmian.measure.metrics.sources import OF_PEOPLE
from qianmian.profile.reading import Reading
from qianmian.profile.summary import written
from qianmian.query.parse import parse
from qianmian.query.tree import And, Compare, Did, IsNull, Operator, Or, Tree
from qianmian.query.window import Dates

#: A dimension and one of its values; None = what has no value.
Word = tuple[str, str | None]


def condition_of(found: Reading, metric: Metric, period: Period, word: Word | None, audience: str | None) -> str | None:
    """The text of the condition, or None.

    Args:
        found: names the tags.
        metric: a number of people.
        period: when.
        word: of what value.
        audience: condition of the people who count alone.
    """
    if period.first > found.today:
        return None  # nobody has done anything then
    until = replace(period, last=min(period.last, found.today))
    terms = _terms(found, metric, until, word)
    if terms is None:
        return None
    if audience is not None:
        terms.insert(0, parse(audience))
    return str(And(tuple(terms)) if len(terms) > 1 else terms[0])


def _terms(found: Reading, metric: Metric, period: Period, word: Word | None) -> list[Tree] | None:
    of_people = word is not None and word[0] in OF_PEOPLE
    who: list[Tree] = []
    if word is not None and of_people:
        tag = found.tag(word[0])
        who = [IsNull(tag.name) if word[1] is None else Compare(tag.name, Operator.EQUAL, written(tag, word[1]))]
    template = _template(metric, is_today=period.last == found.today)
    if template:
        return None if word is not None and not of_people else [parse(_filled(template, period)), *who]
    inside = None if of_people else word
    if not isinstance(metric.formula, Measure) or (inside is not None and inside[1] is None):
        return None  # ``did`` finds no row whose field is empty
    done = _did(metric.formula, period, inside)
    return None if done is None else [done, *who]


def _template(metric: Metric, *, is_today: bool) -> str:
    told: list[Metric | Measure] = [metric]
    if isinstance(metric.formula, Measure):
        told.append(metric.formula)
    texts = (one.opens or (one.opens_today if is_today else "") for one in told)
    return next(filter(None, texts), "")


def _filled(template: str, period: Period) -> str:
    """A template with the dates of a period; ``{last-30}`` is 30 days before its last."""
    words = {"first": period.first, "last": period.last}
    for days in (6, 29, 30, 89, 90):
        words[f"last-{days}"] = period.last - timedelta(days=days)
    for name, on in words.items():
        template = template.replace(f"{{{name}}}", on.isoformat())
    return template


def _did(measure: Measure, period: Period, word: Word | None) -> Tree | None:
    """Who has enough of one of the measure's events in the period, or its window."""
    if measure.source == "orders" and measure.on == "ordered_on" and not measure.where:
        events: tuple[str, ...] = (ORDER_COMPLETED,)
    elif measure.source == "events" and measure.on == "happened_on" and len(measure.where) == 1:
        events = tuple(map(str, measure.where[0].values)) if measure.where[0].column == "event" else ()
    else:
        return None
    if not events or (len(events) > 1 and measure.at_least > 1):
        return None
    first = period.last - timedelta(days=measure.window_days - 1) if measure.window_days else period.first
    filters = () if word is None else (Compare(word[0], Operator.EQUAL, str(word[1])),)
    done = tuple(
        Did(event, filters, Dates(first, period.last), Operator.AT_LEAST, measure.at_least) for event in events
    )
    return Or(done) if len(done) > 1 else done[0]
