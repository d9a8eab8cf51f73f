"""Every metric says what its meaning says in plain Python, and every condition opens the people that were counted."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

import pytest

from qianmian.app.metrics import Answered, Question
from qianmian.core.errors import InputError, PurposeError, UnknownNameError
from qianmian.measure.metrics.built_in import built_in_metrics
from qianmian.measure.metrics.declare import Grain, Unit
from qianmian.measure.metrics.sources import OF_GOODS
from qianmian.measure.metrics.values import dimensions_for
from tests.app.traces import Scene, trace
from tests.measure.conftest import Told
from tests.measure.plain import ANY, PLAIN, Slice

NAMES = [metric.name for metric in built_in_metrics()]
WHO = "region = '上海' or orders_total >= 2"


def differences(told: Told, answered: Answered, who: frozenset[str] | None = None) -> list[Any]:
    """(metric, first date, word, told, expected) wherever they differ."""
    found = []
    by = answered.question.by
    for series in answered.series:
        assert not series.missing
        for point in series.points:
            asked = Slice(told.truth, point.period.first, point.period.last, by, point.by if by else ANY, who)
            expected = PLAIN[series.metric.name](asked)
            if not _same(point.value, expected):
                found.append((series.metric.name, str(point.period.first), point.by, point.value, expected))
    return found


def _same(told: Any, expected: Any) -> bool:
    if told is None or expected is None:
        return told is expected
    return math.isclose(float(told), float(expected), rel_tol=1e-9, abs_tol=0.00006)


def ask(told: Told, names: list[str], first: date, last: date, *rest: Any) -> Answered:
    return told.scene.shop.metrics(Question(names, first, last, *rest))


def test_every_metric_is_the_plain_one(told: Told) -> None:
    """Over random ranges by every grain, with today, dates without any event, and dates to come."""
    assert list(PLAIN) == NAMES
    chance, today = random.Random(str(told.truth.zone)), told.truth.today
    ranges = [(today - timedelta(days=45), today + timedelta(days=2)), (today - timedelta(days=400), today)]
    ranges += [
        (today - timedelta(days=first), today - timedelta(days=first) + timedelta(days=chance.randrange(120)))
        for first in (chance.randrange(260) for _ in range(4))
    ]
    grains = [Grain.DAY, Grain.MONTH, Grain.TOTAL, Grain.WEEK, Grain.TOTAL, Grain.MONTH]
    for (first, last), grain in zip(ranges, grains, strict=True):
        assert differences(told, ask(told, NAMES, first, last, grain)) == []


@pytest.mark.parametrize("by", ["channel", "region", "device_type", "category", "lifecycle", "rfm"])
def test_every_metric_is_the_plain_one_by_each_dimension(told: Told, by: str) -> None:
    names = [metric.name for metric in built_in_metrics() if by in dimensions_for(metric)]
    first = told.truth.today - timedelta(days=100)
    answered = ask(told, names, first, told.truth.today, Grain.MONTH, by)
    assert differences(told, answered) == []
    assert {point.by for point in answered.series[names.index("events")].points} == {
        word
        for one in told.truth.rows
        for word in Slice(told.truth, first, first, by).words(one.row, one.person)
        if one.on >= first
    }


def test_of_an_audience_its_people_alone_count(told: Told) -> None:
    people = told.scene.shop.audience(WHO)._members
    first = told.truth.today - timedelta(days=80)
    answered = ask(told, NAMES, first, told.truth.today, Grain.TOTAL, None, WHO)
    assert differences(told, answered, frozenset(told.names[one] for one in people)) == []


@pytest.mark.parametrize("by", [None, "channel", "category", "lifecycle"])
def test_a_condition_opens_the_people_that_were_counted(told: Told, by: str | None) -> None:
    of_people = [metric for metric in built_in_metrics() if metric.unit is Unit.PEOPLE]
    names = [metric.name for metric in of_people if by is None or by in dimensions_for(metric)]
    first = told.truth.today - timedelta(days=40)
    opened = set()
    for who in (None, WHO) if by is None else (WHO,):
        for series in ask(told, names, first, told.truth.today, Grain.TOTAL, by, who).series:
            for point in series.points:
                if point.condition:
                    opened.add(series.metric.name)
                    assert told.scene.shop.audience(point.condition).size() == point.value, point
    if by is None:  # what the language of conditions cannot say
        assert set(names) - opened == {"resurrected_people", "active_people"}


def test_a_period_that_is_not_over_is_marked(told: Told) -> None:
    today = told.truth.today
    days = ask(told, ["orders"], today - timedelta(days=2), today).periods
    assert [period.is_partial for period in days] == [False, False, True]
    monday = today - timedelta(days=today.weekday() + 14)
    weeks = ask(told, ["orders"], monday + timedelta(days=1), monday + timedelta(days=13), Grain.WEEK).periods
    assert [(period.first, period.is_partial) for period in weeks] == [
        (monday + timedelta(days=1), True),
        (monday + timedelta(days=7), False),
    ]


def test_a_metric_without_its_events_says_what_to_collect(tmp_path: Any) -> None:
    scene = Scene(tmp_path / "shop")
    scene.take([trace("Order Completed", "2026-05-20", user="u1", order="o1", total="10")])
    scene.shop.build()
    asked = scene.shop.metrics(Question(["refund_rate_amount", "net_revenue", "k_factor"]))
    rate, net, k_factor = asked.series
    assert (rate.missing, rate.points) == (("Order Refunded",), ())
    assert (k_factor.missing, k_factor.points) == (("Invite Accepted", "Invite Sent"), ())
    assert net.missing == ()
    assert sum(point.value for point in net.points) == 10
    scene.shop.close()


def test_what_cannot_be_asked_is_refused_with_what_can(told: Told) -> None:
    today = told.truth.today
    with pytest.raises(UnknownNameError, match="did you mean 'orders'"):
        ask(told, ["order"], today, today)
    for by in OF_GOODS:
        with pytest.raises(InputError, match="cannot be broken down by"):
            ask(told, ["refund_amount"], today, today, Grain.DAY, by)
    with pytest.raises(InputError, match="at most 400 periods"):
        ask(told, ["orders"], today - timedelta(days=500), today)
    with pytest.raises(InputError, match="1 to 3660 dates"):
        ask(told, ["orders"], today, today - timedelta(days=1))
    with pytest.raises(PurposeError):
        told.scene.shop.metrics(Question(["orders"]), purpose="sell")
