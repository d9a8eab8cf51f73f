"""Our side of metrics, through the Python door."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.measuring.asking import timed
from benchmarks.ours import audience
from benchmarks.ours.shops import opened, results
from qianmian.app.metrics import Question
from qianmian.app.shop import Shop
from qianmian.measure.metrics.built_in import built_in_metrics
from qianmian.measure.metrics.declare import Grain


def answers(shop: str, questions: dict[str, Any], everything: str) -> dict[str, Any]:
    """What each question answers, all its numbers added up in ten-thousandths, and how long it took."""
    with opened(shop) as found:
        asked = {name: Question(names, grain=Grain(grain), by=by) for name, (names, grain, by) in questions.items()}
        asked[everything] = Question([one.name for one in built_in_metrics()], grain=Grain.WEEK)
        return {name: timed(partial(_sum, found, question)) for name, question in asked.items()}


def _sum(shop: Shop, question: Question) -> int:
    told = shop.metrics(question).series
    return round(1e4 * float(sum(float(point.value or 0) for one in told for point in one.points)))


def prepare(shop: str, out: str) -> dict[str, Any]:
    """For the peer: history with words, orders and profiles as Parquet files."""
    made = audience.prepare(shop, out)
    return {**made, "orders": results(shop, ["orders"], out)["orders"]}
