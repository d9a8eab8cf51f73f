"""Clusters: people who do alike are grouped, the groups are explained, and any of them is saved as an audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qianmian.app.audiences import SavedAudience, SavedAudiences
from qianmian.app.clusters.explained import explained
from qianmian.app.clusters.learned import learned
from qianmian.app.clusters.runs import ClusterRun, cluster_runs
from qianmian.app.jobs import Watcher
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.language import Language
from qianmian.learning.clusters import LEAST, MOST
from qianmian.segment.clusters.measures import MEASURES, measures


def run(
    shop: Shop,
    names: Sequence[str] = MEASURES,
    *,
    numbers: tuple[int, int] = (LEAST, MOST),
    by: str = "",
    purpose: str = ANALYSE,
    watch: Watcher | None = None,
) -> ClusterRun:
    """Group the people of the last build by what they do, and keep what was found.

    The model is made of at most 20,000 people whom a hash chooses; everybody is then told which group is nearest, and
    which the rules say.

    Args:
        shop: the shop.
        names: tags whose values are numbers.
        numbers: how many clusters to try at least and at most.
        by: account that asked for it.
        purpose: what the answer is used for.
        watch: told how far it is.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag, or nothing was built yet.
        InputError: a tag has no numbers, or nothing tells people apart.
        LeaseHeldError: something else writes.
    """
    with shop.asking(purpose) as (found, _):
        measures(found, names)  # what cannot be used is no job
    runs = cluster_runs(shop.workspace.catalogue, shop.workspace.clock)
    with shop.job("cluster", "grouping of people", watch) as job:
        job.at("group", 0, 3)
        model = learned(shop, names, numbers, purpose)
        job.at("group", 1, 3)
        said = explained(shop, model, runs.last(), purpose, job)
        kept = runs.add(said, model.build, by=by)
        job.at("group", 3, 3)
        job.result |= {"run": kept.run, "clusters": len(said.clusters), "people": said.of_people}
    return kept


def last_run(shop: Shop, *, purpose: str = ANALYSE) -> ClusterRun | None:
    """What the last run found; None = people were not grouped yet.

    Raises:
        PurposeError: the purpose is not registered.
    """
    shop.workspace.purposes.check(purpose)
    return cluster_runs(shop.workspace.catalogue, shop.workspace.clock).last()


@dataclass(frozen=True)
class Named:
    """How a cluster is saved.

    Attributes:
        name: what to call the audience; empty = as the cluster is called.
        language: of that name.
        by: account that saves it.
    """

    name: str = ""
    language: Language = Language.ZH
    by: str = ""


def save(shop: Shop, cluster: int, named: Named, *, purpose: str = ANALYSE) -> SavedAudience:
    """Save the people who meet the condition of a cluster of the last run as a dynamic audience.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: people were not grouped yet, or there is no such cluster.
        InputError: no condition lists it, or an audience has the name.
    """
    last = last_run(shop, purpose=purpose)
    if last is None:
        raise UnknownNameError("no_clusters")
    found = last.found.cluster(cluster)
    if found.condition is None:
        raise InputError("cluster_without_condition", cluster=cluster)
    name = named.name or (found.zh if named.language is Language.ZH else found.en)
    counted = shop.audience(found.condition, purpose=purpose, limit=0)
    return SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).add(name, counted, by=named.by)
