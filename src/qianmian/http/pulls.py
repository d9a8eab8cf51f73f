"""Pulls from other databases over HTTP: declared, run, listed; addresses stay in the server's environment."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.contracts.pulls import PullTold
from qianmian.app.contracts.system import StartedTold
from qianmian.app.intake.pulling import pull
from qianmian.app.intake.pulls import LONGEST_RELATION, Pulls
from qianmian.app.jobs import Watcher
from qianmian.app.shop import Shop
from qianmian.collect.imports.database import Relation
from qianmian.collect.imports.declaration import MOST_BYTES
from qianmian.core.errors import InputError
from qianmian.http.asked import Jobs, OpenShop, SignedIn
from qianmian.http.errors import told

router = APIRouter(prefix="/api/pulls", tags=["collect"])

Name = Annotated[str, Path(max_length=60, description="name of the pull")]


class PullAsked(BaseModel):
    """A pull that is to be declared."""

    name: str = Field(max_length=60, description="what to call it")
    url_variable: str = Field(max_length=100, description="environment variable that holds the database's address")
    relation: str = Field(max_length=LONGEST_RELATION, description="a table, schema.table, or a SELECT")
    cursor_col: str = Field("", max_length=200, description="a column that grows; empty = all rows every time")
    mapping: str = Field(max_length=MOST_BYTES, description="the mapping of its rows, as YAML")


@router.get("", responses=told())
def list_pulls(shop: OpenShop) -> list[PullTold]:
    """List the pulls, without addresses."""
    return [PullTold.of(one) for one in _pulls(shop).all()]


@router.post("", responses=told(400, 403))
def add_pull(shop: OpenShop, _caller: SignedIn, asked: PullAsked) -> PullTold:
    """Declare a pull; the variable with the address is set where the server runs."""
    relation = Relation(asked.relation, asked.cursor_col)
    return PullTold.of(_pulls(shop).add(asked.name, asked.url_variable, relation, asked.mapping))


@router.post("/{name}/run", status_code=202, responses=told(400, 404, 409))
def run_pull(shop: OpenShop, jobs: Jobs, name: Name) -> StartedTold:
    """Bring in what is new, as a job that goes on by itself; refused at once if nothing is."""

    def work(watch: Watcher) -> None:
        if not pull(shop, name, os.environ, watch=watch):
            raise InputError("pull_nothing_new", pull=name)

    return StartedTold(job=jobs.start(work))


@router.delete("/{name}", responses=told(403, 404))
def remove_pull(shop: OpenShop, _caller: SignedIn, name: Name) -> list[PullTold]:
    """Forget a pull, not what it brought in; answers those that are left."""
    _pulls(shop).remove(name)
    return list_pulls(shop)


def _pulls(shop: Shop) -> Pulls:
    return Pulls(shop.workspace.catalogue, shop.workspace.clock)
