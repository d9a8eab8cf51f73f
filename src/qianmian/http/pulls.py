"""Pulls from other databases over HTTP: declared, run, listed; addresses stay in the server's environment."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.pulls import PullRunTold, PullTold, runs_told
from qianmian.app.contracts.system import StartedTold
from qianmian.app.intake.pulling import pull
from qianmian.app.intake.pulls import LONGEST_RELATION, MOST_MINUTES, Pulls
from qianmian.app.jobs import Watcher
from qianmian.app.shop import Shop
from qianmian.collect.imports.database import Relation
from qianmian.collect.imports.declaration import MOST_BYTES
from qianmian.core.errors import InputError
from qianmian.http.asked import Jobs, OpenShop, SignedIn, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api/pulls", tags=["collect"])

Name = Annotated[str, Path(max_length=60, description="name of the pull")]


class PullAsked(BaseModel):
    """A pull that is to be declared."""

    name: str = Field(max_length=60, description="what to call it")
    url_variable: str = Field(max_length=100, description="environment variable that holds the database's address")
    relation: str = Field(max_length=LONGEST_RELATION, description="a table, schema.table, or a SELECT")
    cursor_col: str = Field("", max_length=200, description="a column that grows; empty = all rows every time")
    overlap: int = Field(0, ge=0, le=2**31, description="how far before the mark to read again: minutes, or numbers")
    every_minutes: int = Field(0, ge=0, le=MOST_MINUTES, description="minutes between two runs; 0 = only when asked")
    mapping: str = Field(max_length=MOST_BYTES, description="the mapping of its rows, as YAML")


class PullChanged(BaseModel):
    """What is to be different about a pull; what is not named stays."""

    is_paused: bool | None = Field(None, description="whether it does not run by itself")
    every_minutes: int | None = Field(None, ge=0, le=MOST_MINUTES, description="minutes between two runs; 0 = none")


@router.get("", responses=told())
def list_pulls(shop: OpenShop, language: Spoken) -> list[PullTold]:
    """List the pulls, how far each has come and what is wrong; without addresses."""
    return [PullTold.of(shop, one, language) for one in _pulls(shop).all()]


@router.post("", responses=told(400, 403))
def add_pull(shop: OpenShop, language: Spoken, _caller: SignedIn, asked: PullAsked) -> PullTold:
    """Declare a pull; the variable with the address is set where the server runs."""
    relation = Relation(asked.relation, asked.cursor_col, asked.overlap)
    added = _pulls(shop).add(asked.name, asked.url_variable, relation, asked.mapping, every_minutes=asked.every_minutes)
    return PullTold.of(shop, added, language)


@router.get("/{name}/runs", responses=told(404))
def list_runs(shop: OpenShop, language: Spoken, name: Name) -> list[PullRunTold]:
    """List the runs of a pull that found something new or failed, newest first."""
    _pulls(shop).get(name)
    return runs_told(shop, name, language)


@router.patch("/{name}", responses=told(400, 403, 404))
def change_pull(shop: OpenShop, language: Spoken, _caller: SignedIn, name: Name, asked: PullChanged) -> PullTold:
    """Pause a pull or let it go on; change how often it runs."""
    changed = _pulls(shop).change(name, paused=asked.is_paused, every_minutes=asked.every_minutes)
    return PullTold.of(shop, changed, language)


@router.post("/{name}/run", status_code=202, responses=told(400, 404, 409))
def run_pull(
    shop: OpenShop,
    jobs: Jobs,
    name: Name,
    backfill: Annotated[bool, Query(description="it brings the past: its events trigger nothing")] = False,
) -> StartedTold:
    """Bring in what is new, as a job that goes on by itself; refused at once if nothing is."""

    def work(watch: Watcher) -> None:
        if not pull(shop, name, os.environ, is_backfill=backfill, watch=watch):
            raise InputError("pull_nothing_new", pull=name)

    return StartedTold(job=jobs.start(work))


@router.delete("/{name}", responses=told(403, 404))
def remove_pull(shop: OpenShop, language: Spoken, _caller: SignedIn, name: Name) -> list[PullTold]:
    """Forget a pull, not what it brought in; answers those that are left."""
    _pulls(shop).remove(name)
    return list_pulls(shop, language)


def _pulls(shop: Shop) -> Pulls:
    return Pulls(shop.workspace.catalogue, shop.workspace.clock)
