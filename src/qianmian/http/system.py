"""Builds, jobs and health over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.base import ErrorTold
from qianmian.app.contracts.system import BuildPlanTold, JobTold, StartedTold
from qianmian.http.asked import Jobs, OpenShop, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api", tags=["system"])
health = APIRouter(tags=["health"])

Full = Annotated[bool, Query(description="compute everything again")]
AsOf = Annotated[datetime | None, Query(description='an instant with its offset as the build\'s "now"')]
Number = Annotated[int, Path(ge=1, le=2**53, description="number of the job")]


class Health(BaseModel):
    """Whether the service is there."""

    status: Literal["ok"] = Field(default="ok", description="always ok")


@health.get("/healthz")
def healthz() -> Health:
    """Tell that the process is alive."""
    return Health()


@health.get("/readyz", responses={500: {"model": ErrorTold, "description": "the stored data is not as it must be"}})
def readyz(shop: OpenShop) -> Health:
    """Tell that the workspace can answer: its catalogue opens and every file of its tables is there."""
    shop.workspace.jobs.latest(1)
    shop.workspace.lake.check()
    return Health()


@router.get("/builds/plan", responses=told())
def plan(shop: OpenShop, full: Full = False, as_of: AsOf = None) -> BuildPlanTold:
    """Tell what a build would do, and why."""
    return BuildPlanTold.of(shop.plan_build(full=full, instant=as_of))


@router.post("/builds", status_code=202, responses=told(409))
def build(shop: OpenShop, jobs: Jobs, full: Full = False, as_of: AsOf = None) -> StartedTold:
    """Start a build as a job that goes on by itself."""
    return StartedTold(job=jobs.start(lambda watch: shop.build(full=full, instant=as_of, watch=watch)))


@router.get("/jobs", responses=told())
def list_jobs(
    shop: OpenShop, language: Spoken, limit: Annotated[int, Query(ge=1, le=1000, description="how many")] = 50
) -> list[JobTold]:
    """List the newest jobs, newest first."""
    return [JobTold.of(row, language) for row in shop.workspace.jobs.latest(limit)]


@router.get("/jobs/{job}", responses=told(404))
def one_job(shop: OpenShop, language: Spoken, job: Number) -> JobTold:
    """Tell how far a job is."""
    return JobTold.of(shop.workspace.jobs.get(job), language)


@router.post("/jobs/{job}/cancel", responses=told(404))
def cancel(shop: OpenShop, language: Spoken, job: Number) -> JobTold:
    """Ask a running job to stop at its next step."""
    shop.workspace.jobs.cancel(job)
    return JobTold.of(shop.workspace.jobs.get(job), language)
