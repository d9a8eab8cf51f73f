"""The dictionary that every shop has."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from qianmian.core.errors import UnknownNameError
from qianmian.measure.metrics.declare import Metric
from qianmian.measure.metrics.reader import read_metrics
from qianmian.query.problems import nearest


@cache
def built_in_metrics() -> tuple[Metric, ...]:
    """All metrics, in the order in which the dictionary tells them."""
    text = files("qianmian.measure.metrics").joinpath("built_in.yaml").read_text("utf-8")
    return read_metrics(text, "built_in.yaml")


def metric(name: str) -> Metric:
    """The metric of a name.

    Raises:
        UnknownNameError: there is no such metric.
    """
    known = {one.name: one for one in built_in_metrics()}
    if name not in known:
        raise UnknownNameError("no_metric", metric=name, nearest=nearest(name, known))
    return known[name]
