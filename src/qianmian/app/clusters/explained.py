"""The groups of people with what makes them of use: numbers that stay, conditions, typical values, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import copysign, expm1

import numpy as np

from qianmian.app.clusters.learned import Model
from qianmian.app.clusters.runs import (
    Cluster,
    ClusterCentre,
    ClusterCount,
    ClusterMeasure,
    ClusterRun,
    Clusters,
    ClusterValue,
)
from qianmian.app.jobs import Job
from qianmian.app.questions.insight import Typical, insight
from qianmian.app.shop import Shop
from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.learning.clusters import cost, numbered
from qianmian.learning.rules import told
from qianmian.profile.tags.declare import Kind, Tag
from qianmian.query.parse import parse
from qianmian.query.tree import And, Tree
from qianmian.segment.clusters.conditions import conditions
from qianmian.segment.sentence import sentence

#: Values that are told of a cluster, and of how many of them its name is made.
_VALUES, _NAMED = 5, 2
#: Values that a name is chosen from.
_ASKED = 20
_LANGUAGES = {"zh": Language.ZH, "en": Language.EN}


def explained(shop: Shop, model: Model, before: ClusterRun | None, purpose: str, job: Job) -> Clusters:
    """The groups with numbers, conditions and what is typical of them."""
    numbers, highest = _numbers(model, before)
    known = {one.cluster for one in before.found.clusters} if before else set()
    rules = conditions(model.tree, model.tags, model.can_miss)
    typical: dict[int, list[Typical]] = {}
    for group, number in enumerate(numbers):
        job.check()
        rule = rules.get(group)
        typical[number] = insight(shop, str(rule), purpose=purpose, most=_ASKED).typical if rule else []
    names = _names(shop, typical)
    clusters = [
        Cluster(
            cluster=number,
            **names[number],
            people=int(model.counts[group].sum()),
            condition=str(rules[group]) if group in rules else None,
            told=int(model.counts[:, group].sum()),
            both=int(model.counts[group, group]),
            centre=_centre(model, group),
            values=[_told(one) for one in typical[number][:_VALUES]],
            is_new=number not in known,
        )
        for group, number in enumerate(numbers)
    ]
    clusters.sort(key=lambda one: (-one.people, one.cluster))
    return _found(model, clusters, highest)


def _found(model: Model, clusters: list[Cluster], highest: int) -> Clusters:
    scaling, taken = model.groups.scaling, len(model.groups.centres)
    points = scaling.points(model.sample)
    labels, said = model.groups.labels(model.sample), told(model.tree, model.sample)
    least = cost(points, labels)
    ranges = zip(model.tags, scaling.low, scaling.high, model.can_miss, strict=True)
    chosen = next(one for one in model.groups.tried if one.groups == taken)
    return Clusters(
        of_people=int(model.counts.sum()),
        sampled=len(model.sample),
        measures=[ClusterMeasure(tag.name, tag.zh, tag.en, float(low), float(high), m) for tag, low, high, m in ranges],
        left_out=model.left_out,
        tried=[ClusterCount(one.groups, one.silhouette, one.stability) for one in model.groups.tried],
        silhouette=chosen.silhouette,
        stability=chosen.stability,
        price=round(cost(points, said) / least, 4) if least else 1.0,
        agreement=round(float(np.trace(model.counts) / model.counts.sum()), 4),
        highest=highest,
        clusters=clusters,
    )


def _numbers(model: Model, before: ClusterRun | None) -> tuple[list[int], int]:
    """The numbers of the groups, and the highest ever; clusters of a run by other measures are not followed."""
    highest = before.found.highest if before else 0
    names = [tag.name for tag in model.tags]
    earlier = before.found.clusters if before and [one.tag for one in before.found.measures] == names else []
    logged = [[_logarithm(one.typical) for one in cluster.centre] for cluster in earlier]
    missing = [[one.missing for one in cluster.centre] for cluster in earlier]
    width = len(names)
    rows = np.column_stack([np.reshape(logged, (-1, width)), np.reshape(missing, (-1, width))]).astype(np.float64)
    points = model.groups.scaling.points_of(rows)
    found = numbered(model.groups.centres, points, [one.cluster for one in earlier], highest)
    return found, max(highest, *found)


def _centre(model: Model, group: int) -> list[ClusterCentre]:
    logged = model.groups.scaling.measures(model.groups.centres[group : group + 1])[0]
    width = len(model.tags)
    medians = np.nanmedian(model.sample, axis=0)
    rows: Iterable[tuple[Tag, float, float, float]] = zip(
        model.tags, logged[:width], medians, logged[width:], strict=True
    )
    return [
        ClusterCentre(tag.name, _rounded(_value(float(at))), _rounded(float(median)), _rounded(float(share)))
        for tag, at, median, share in rows
    ]


def _names(shop: Shop, typical: Mapping[int, list[Typical]]) -> dict[int, dict[str, str]]:
    """What clusters are called: by what sets them apart most, also from each other.

    It is told by classes of what people do, never by what they say of themselves.
    """
    named = {
        number: [parse(one.condition) for one in some if _is_of_deeds(one.tag)] for number, some in typical.items()
    }
    often = Counter(str(value) for values in named.values() for value in values)
    tags = shop.tags()
    found = {}
    for number, values in named.items():
        first = sorted(values, key=lambda value: often[str(value)] > 1)[:_NAMED]
        found[number] = {key: _name(number, first, tags, language) for key, language in _LANGUAGES.items()}
    return found


def _is_of_deeds(tag: Tag) -> bool:
    return bool(tag.values) and tag.kind is not Kind.IMPORT


def _name(number: int, values: list[Tree], tags: tuple[Tag, ...], language: Language) -> str:
    plain = Message("cluster_unnamed", cluster=number)
    if not values:
        return plain.what(language)
    said = sentence(values[0] if len(values) == 1 else And(tuple(values)), tags, language)
    return Message("cluster_named", cluster=plain, values=said).what(language)


def _told(one: Typical) -> ClusterValue:
    said = {key: sentence(parse(one.condition), [one.tag], language) for key, language in _LANGUAGES.items()}
    return ClusterValue(said["zh"], said["en"], one.here, one.everywhere, one.tgi, one.tgi_low, one.condition_here)


def _value(logged: float) -> float:
    """The inverse of the logarithm that measures are taken by.

    >>> _value(_logarithm(-3.0))
    -3.0
    """
    return copysign(expm1(abs(logged)), logged)


def _rounded(value: float) -> float:
    """To four digits; nothing is nothing, whatever its sign.

    >>> _rounded(-0.00001)
    0.0
    """
    return round(value, 4) + 0.0


def _logarithm(value: float) -> float:
    return float(np.sign(value) * np.log1p(abs(value)))
