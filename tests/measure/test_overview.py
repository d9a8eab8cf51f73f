"""The overview tells what the dictionary tells, which is what the events say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from qianmian.app.metrics import Question
from qianmian.app.questions.overview import METRICS, overview
from qianmian.app.shop import ANALYSE
from qianmian.measure.metrics.declare import Grain
from tests.measure.conftest import Told
from tests.measure.plain import PLAIN, Slice


def test_the_overview_is_what_the_events_say(told: Told) -> None:
    shop, truth = told.scene.shop, told.truth
    first = truth.today - timedelta(days=9)
    seen = overview(shop, purpose=ANALYSE, first=first, last=truth.today)
    for day in seen.days:
        plain = {name: PLAIN[name](Slice(truth, day.on, day.on)) for name in METRICS}
        assert (day.events, day.orders, day.buyers) == tuple(plain[name] for name in ("events", "orders", "buyers"))
        assert day.net == plain["net_revenue"]
    whole = Slice(truth, first, truth.today)
    assert (seen.events, seen.orders) == (PLAIN["events"](whole), PLAIN["orders"](whole))
    assert (seen.net_revenue, seen.buyers.people) == (PLAIN["net_revenue"](whole), PLAIN["buyers"](whole))
    ever = Slice(truth, truth.today - timedelta(days=999), truth.today)
    for shown in seen.metrics:
        assert shown.all_time is not None
        assert round(Decimal(shown.all_time), 4) == round(Decimal(PLAIN[shown.metric.name](ever)), 4)


def test_the_overview_and_the_dictionary_are_one(told: Told) -> None:
    shop = told.scene.shop
    seen = overview(shop, purpose=ANALYSE)
    asked = shop.metrics(Question(METRICS, seen.from_on, seen.to_on, Grain.TOTAL))
    assert [shown.metric for shown in seen.metrics] == [one.metric for one in asked.series]
    assert [shown.value for shown in seen.metrics] == [one.points[0].value for one in asked.series]
    assert seen.people == asked.series[0].points[0].value
