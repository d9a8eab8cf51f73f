"""Clusters over HTTP: people who do alike, found as a job, told, and saved as audiences."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.audiences import LONGEST_NAME
from qianmian.app.clusters.clusters import Named, last_run, run, save
from qianmian.app.contracts.audiences import SavedAudienceTold
from qianmian.app.contracts.clusters import ClusterRunTold
from qianmian.app.contracts.system import StartedTold
from qianmian.app.jobs import Watcher
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose, Spoken
from qianmian.http.errors import told
from qianmian.learning.clusters import LEAST, MOST
from qianmian.segment.clusters.measures import MEASURES

router = APIRouter(prefix="/api/clusters", tags=["segment"])


class ClustersAsked(BaseModel):
    """By what people are to be grouped."""

    measures: list[str] | None = Field(
        default=None, max_length=40, description="names of tags whose values are numbers; empty = those of the product"
    )
    least: int = Field(default=LEAST, ge=2, le=12, description="try at least so many clusters")
    most: int = Field(default=MOST, ge=2, le=12, description="try at most so many clusters")


class ClusterSaveAsked(BaseModel):
    """How a cluster is to be saved."""

    name: str = Field(default="", max_length=LONGEST_NAME, description="name of the audience; empty = the cluster's")


@router.get("", responses=told(403))
def show_clusters(shop: OpenShop, purpose: Purpose) -> ClusterRunTold | None:
    """Show the clusters that the last run found, with their conditions and quality; empty = there was no run."""
    found = last_run(shop, purpose=purpose)
    return ClusterRunTold.of(found) if found else None


@router.post("", status_code=202, responses=told(400, 403, 404, 409))
def run_clusters(shop: OpenShop, purpose: Purpose, caller: Asking, jobs: Jobs, asked: ClustersAsked) -> StartedTold:
    """Group the people of the last build, as a job that goes on by itself."""

    def work(watch: Watcher) -> None:
        numbers = asked.least, asked.most
        run(shop, asked.measures or MEASURES, numbers=numbers, by=caller.account, purpose=purpose, watch=watch)

    return StartedTold(job=jobs.start(work))


@router.post("/{cluster}/save", responses=told(400, 403, 404))
def save_cluster(
    shop: OpenShop,
    purpose: Purpose,
    caller: Asking,
    language: Spoken,
    cluster: Annotated[int, Path(ge=1, lt=1 << 63, description="number of the cluster")],
    asked: ClusterSaveAsked,
) -> SavedAudienceTold:
    """Save the people who meet the condition of a cluster as a dynamic audience."""
    named = Named(asked.name, language, caller.account)
    return SavedAudienceTold.model_validate(save(shop, cluster, named, purpose=purpose))
