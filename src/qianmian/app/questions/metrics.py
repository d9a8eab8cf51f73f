"""The dictionary of metrics, with what of it the shop's data can tell."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.questions.overview import METRICS
from qianmian.app.shop import Shop
from qianmian.measure.metrics.built_in import built_in_metrics, metric
from qianmian.measure.metrics.declare import Metric
from qianmian.measure.metrics.sources import OF_PEOPLE, SOURCES
from qianmian.measure.metrics.values import dimensions_for, missing_of, needs_of
from qianmian.profile.reading import Reading


@dataclass(frozen=True)
class Defined:
    """A metric as the dictionary tells it.

    Attributes:
        metric: the definition.
        by: what it can be broken down by.
        tables: tables and columns that it rests on, as ``orders.paid``.
        needs: groups of events; of each at least one must be collected.
        missing: those of which the shop has none; empty = it can be told.
        used_in: screens that show it.
    """

    metric: Metric
    by: tuple[str, ...]
    tables: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    used_in: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """All metrics, and the build that says which of them can be told."""

    metrics: tuple[Defined, ...]
    computed: Computed


def dictionary(shop: Shop, *, purpose: str) -> Dictionary:
    """All metrics with whether the shop's data can tell them.

    Raises:
        PurposeError: the purpose is not registered.
    """
    with shop.asking(purpose) as (found, computed):
        return Dictionary(tuple(_defined(found, one) for one in built_in_metrics()), computed)


def defined(shop: Shop, name: str, *, purpose: str) -> tuple[Defined, Computed]:
    """One metric; see `dictionary`.

    Raises:
        UnknownNameError: there is no such metric.
    """
    with shop.asking(purpose) as (found, computed):
        return _defined(found, metric(name)), computed


def _defined(found: Reading, one: Metric) -> Defined:
    told = {tag.name for tag in found.tags}
    return Defined(
        one,
        tuple(by for by in dimensions_for(one) if by not in OF_PEOPLE or by in told),
        _rests_on(one),
        tuple(needs_of(one)),
        missing_of(found, one),
        ("overview",) if one.name in METRICS else (),
    )


def _rests_on(one: Metric) -> tuple[str, ...]:
    """Tables and columns, each once."""
    told: list[str] = []
    for measure in one.measures:
        table = SOURCES[measure.source].rests_on
        columns = (measure.on, measure.column, *(where.column for where in measure.where))
        told += [f"{table}.{column}" for column in columns if column and table]
    return tuple(dict.fromkeys(told))
