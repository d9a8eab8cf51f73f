"""What the doors tell of clusters: people who do alike."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.clusters.runs import ClusterRun
from qianmian.app.contracts.base import Contract
from qianmian.learning.clusters import STABLE, STRUCTURED


class ClusterMeasureTold(Contract):
    """A tag by which people were grouped."""

    tag: str = Field(description="its name")
    zh: str = Field(description="title in Chinese")
    en: str = Field(description="title in English")
    low: float = Field(description="logarithm of the value that the scale begins with, one added")
    high: float = Field(description="logarithm of the value that it ends with")
    can_miss: bool = Field(description="whether anybody is without it")


class ClusterCountTold(Contract):
    """A number of clusters that was tried."""

    clusters: int = Field(description="how many")
    silhouette: float = Field(description="how much nearer people lie to their own cluster than to the next, -1 to 1")
    stability: float = Field(description="adjusted Rand index of the clusters of resampled people; 1 = the same")


class ClusterCentreTold(Contract):
    """Where a cluster lies on a measure."""

    tag: str = Field(description="name of the measure")
    typical: float = Field(description="geometric mean of its people, values beyond the scale cut off")
    everywhere: float = Field(description="median of everybody who has a value")
    missing: float = Field(description="share of its people without a value")


class ClusterValueTold(Contract):
    """A tag value that the people of a cluster have more often than everybody."""

    zh: str = Field(description="what it says in Chinese")
    en: str = Field(description="what it says in English")
    here: int = Field(description="people who meet the cluster's condition and have it")
    everywhere: int = Field(description="people who have it")
    tgi: float | None = Field(description="share here over share everywhere, times 100; empty = fewer than 30 people")
    tgi_low: float | None = Field(description="its lower bound: Wilson's interval, corrected for the values compared")
    condition: str = Field(description="condition that lists those of the cluster")


class PeopleClusterTold(Contract):
    """People who do alike."""

    cluster: int = Field(description="its number, the same from run to run")
    zh: str = Field(description="what it is called in Chinese")
    en: str = Field(description="what it is called in English")
    people: int = Field(description="who lie nearest to its centre")
    condition: str | None = Field(description="rules that say who belongs to it; empty = they do not tell it apart")
    told: int = Field(description="people who meet the condition")
    both: int = Field(description="those of them who lie nearest to its centre")
    purity: float | None = Field(description="share of them in all who meet the condition; empty = nobody does")
    coverage: float | None = Field(description="share of them in all who lie nearest to its centre")
    centre: list[ClusterCentreTold] = Field(description="where it lies, measure by measure")
    values: list[ClusterValueTold] = Field(description="what sets apart who meets the condition, beside what it names")
    is_new: bool = Field(description="whether it goes on from no cluster of the run before")


class ClusterRunTold(Contract):
    """One time that people were grouped."""

    run: int = Field(description="number of the run")
    build: int = Field(description="number of the build whose people were grouped")
    created_by: str = Field(description="account that ran it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it ended, UTC")
    of_people: int = Field(description="people with a profile")
    sampled: int = Field(description="of how many the model was made")
    measures: list[ClusterMeasureTold] = Field(description="what people were grouped by")
    left_out: list[str] = Field(description="names of tags that were asked for and tell nobody apart")
    tried: list[ClusterCountTold] = Field(description="the numbers of clusters that were tried")
    silhouette: float = Field(description="of the number that was taken")
    stability: float = Field(description="of the number that was taken")
    price: float = Field(description="what the rules give up: their squared distances over those of the clusters")
    agreement: float = Field(description="share of people whose condition is that of their cluster")
    is_weak: bool = Field(description="whether the clusters are borders drawn through a cloud, rather than islands")
    clusters: list[PeopleClusterTold] = Field(description="the largest first")

    @classmethod
    def of(cls, run: ClusterRun) -> ClusterRunTold:
        """The same, ready to be told."""
        found = run.found
        is_weak = found.silhouette < STRUCTURED or found.stability < STABLE
        return cls.model_validate({**vars(found), **vars(run), "is_weak": is_weak})
