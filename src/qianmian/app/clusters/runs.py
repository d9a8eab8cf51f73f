"""Runs of grouping people, kept in the catalogue: numbers and conditions, nobody's data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from qianmian.app.clusters.tables import CLUSTER_RUNS
from qianmian.app.runs import Run, Runs
from qianmian.core.clock import Clock
from qianmian.core.errors import UnknownNameError


@dataclass(frozen=True)
class ClusterMeasure:
    """A tag by which people were grouped.

    Attributes:
        tag: its name.
        zh: title in Chinese.
        en: title in English.
        low: logarithm of the value that the scale begins with, one added.
        high: logarithm of the value that it ends with.
        can_miss: whether anybody is without it.
    """

    tag: str
    zh: str
    en: str
    low: float
    high: float
    can_miss: bool


@dataclass(frozen=True)
class ClusterCount:
    """A number of clusters that was tried.

    Attributes:
        clusters: how many.
        silhouette: how much nearer people lie to their own cluster than to the next, from -1 to 1.
        stability: how alike the clusters of resampled people are: adjusted Rand index, 1 = the same each time.
    """

    clusters: int
    silhouette: float
    stability: float


@dataclass(frozen=True)
class ClusterCentre:
    """Where a cluster lies on a measure.

    Attributes:
        tag: name of the measure.
        typical: the geometric mean of its people, values beyond the scale cut off.
        everywhere: the median of everybody who has a value.
        missing: share of its people without a value.
    """

    tag: str
    typical: float
    everywhere: float
    missing: float


@dataclass(frozen=True)
class ClusterValue:
    """A tag value that the people of a cluster have more often than everybody.

    Attributes:
        zh: what it says in Chinese.
        en: what it says in English.
        here: people who meet the cluster's condition and have it.
        everywhere: people who have it.
        tgi: share here over share everywhere, times 100; None = fewer than 30 people.
        tgi_low: its lower bound.
        condition: text of the condition that lists those of the cluster.
    """

    zh: str
    en: str
    here: int
    everywhere: int
    tgi: float | None
    tgi_low: float | None
    condition: str


@dataclass(frozen=True)
class Cluster:
    """People who do alike.

    Attributes:
        cluster: its number, the same from run to run.
        zh: what it is called in Chinese.
        en: what it is called in English.
        people: who lie nearest to its centre.
        condition: the rules that say who belongs to it; None = the tree does not tell it from the others.
        told: people who meet the condition.
        both: those of them who lie nearest to its centre.
        centre: where it lies.
        values: what sets apart the people who meet the condition; only tags that the condition does not name.
        is_new: whether it goes on from no cluster of the run before.
    """

    cluster: int
    zh: str
    en: str
    people: int
    condition: str | None
    told: int
    both: int
    centre: list[ClusterCentre]
    values: list[ClusterValue]
    is_new: bool

    @property
    def purity(self) -> float | None:
        """Share of the people who meet the condition that lie nearest to its centre; None = nobody does."""
        return self.both / self.told if self.told else None

    @property
    def coverage(self) -> float | None:
        """Share of the people nearest to its centre who meet the condition."""
        return self.both / self.people if self.people else None


@dataclass(frozen=True)
class Clusters:
    """What a run found.

    Attributes:
        of_people: people with a profile.
        sampled: of how many the model was made.
        measures: what people were grouped by.
        left_out: names of measures that tell nobody apart.
        tried: the numbers of clusters that were tried.
        silhouette: of the number that was taken.
        stability: of the number that was taken.
        price: how much further people lie from the mean of who meets their condition than of their cluster: 1 = the
            rules give up nothing.
        agreement: share of people whose condition is that of their cluster.
        highest: highest number that a cluster ever had.
        clusters: the largest first.
    """

    of_people: int
    sampled: int
    measures: list[ClusterMeasure]
    left_out: list[str]
    tried: list[ClusterCount]
    silhouette: float
    stability: float
    price: float
    agreement: float
    highest: int
    clusters: list[Cluster]

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Clusters:
        """What was kept."""
        told = json.loads(text)
        parts = {"measures": ClusterMeasure, "tried": ClusterCount}
        told |= {name: [kind(**one) for one in told[name]] for name, kind in parts.items()}
        return cls(**{**told, "clusters": [_cluster(one) for one in told["clusters"]]})

    def cluster(self, number: int) -> Cluster:
        """The cluster of a number.

        Raises:
            UnknownNameError: there is none of that number.
        """
        for one in self.clusters:
            if one.cluster == number:
                return one
        raise UnknownNameError("no_cluster", cluster=number)


ClusterRun: TypeAlias = Run[Clusters]


def cluster_runs(catalogue: sa.Engine, clock: Clock) -> Runs[Clusters]:
    """The times that people were grouped."""
    return Runs((catalogue, clock), CLUSTER_RUNS, "clusters", Clusters.from_json)


def _cluster(told: dict[str, Any]) -> Cluster:
    parts = {"centre": ClusterCentre, "values": ClusterValue}
    return Cluster(**{**told, **{name: [kind(**one) for one in told[name]] for name, kind in parts.items()}})
