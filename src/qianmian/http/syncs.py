"""Syncs over HTTP: made, approved, run, paused and ended; what their receivers were told."""

from __future__ import annotations

import os
from time import sleep
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.act.deliver.database import LONGEST_RELATION
from qianmian.app.audiences import LONGEST_NAME
from qianmian.app.contracts.syncs import SyncChoicesTold, SyncPageTold, SyncTold, UseTold
from qianmian.app.contracts.system import StartedTold
from qianmian.app.shop import Shop
from qianmian.app.syncs.held import Held
from qianmian.app.syncs.make import make, sync_choices
from qianmian.app.syncs.run import Syncing
from qianmian.app.syncs.syncs import MOST_TAGS, SyncDraft, Syncs, Way
from qianmian.app.uses import uses_of_audience, uses_of_tag
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose, SignedIn, Spoken
from qianmian.http.errors import told
from qianmian.segment.members.causes import Cause

router = APIRouter(prefix="/api/syncs", tags=["act"])

Number = Annotated[int, Path(ge=1, lt=1 << 63, description="number of the sync")]


class SyncAsked(BaseModel):
    """A sync that is to be made."""

    name: str = Field(max_length=LONGEST_NAME, description="what to call it; one line")
    audience: int | None = Field(
        None, ge=1, lt=1 << 63, description="audience whose people are told; empty = whoever the tags say something of"
    )
    tags: tuple[str, ...] = Field((), max_length=MOST_TAGS, description="names of tags whose values go along")
    way: Way = Field(Way.WEBHOOK, description="how the receiver is told")
    sink: str = Field(max_length=60, description="name of the receiver or of the database")
    relation: str = Field("", max_length=LONGEST_RELATION, description="table of the database; empty for a webhook")
    namespace: str = Field("user_id", max_length=60, description="kind of identifier under which people are told")
    purpose: str = Field("marketing", max_length=60, description="what for; must be registered")
    causes: tuple[Cause, ...] = Field((), max_length=10, description="causes of entry that count; none = all")
    daily_at: int | None = Field(
        None, ge=0, le=23, description="local hour from which it runs once a day; empty = after each build"
    )


class SyncChanged(BaseModel):
    """What is to be different about a sync."""

    is_paused: bool = Field(description="whether it does not run by itself")


class Decision(BaseModel):
    """Whether a sync may hand over identifiers."""

    is_approved: bool = Field(description="approve it, or refuse it")


@router.get("", responses=told(403))
def list_syncs(shop: OpenShop, _purpose: Purpose, language: Spoken) -> list[SyncTold]:
    """List the syncs, the newest first, how far each is and what is wrong."""
    return [SyncTold.of(shop.workspace, one, language) for one in _syncs(shop).all()]


@router.post("", responses=told(400, 403, 404))
def add_sync(shop: OpenShop, _purpose: Purpose, caller: Asking, language: Spoken, asked: SyncAsked) -> SyncTold:
    """Make a sync; it runs after the next build, once it is approved where that is asked for."""
    return SyncTold.of(shop.workspace, make(shop, SyncDraft(**asked.model_dump()), by=caller.account), language)


@router.get("/choices", responses=told(400, 403, 404))
def show_sync_choices(shop: OpenShop, purpose: Purpose) -> SyncChoicesTold:
    """Show what a sync may be made of here: receivers, databases, purposes, kinds of identifiers."""
    return sync_choices(shop, os.environ, purpose=purpose)


@router.get("/uses", responses=told(403))
def list_uses(
    shop: OpenShop,
    _purpose: Purpose,
    audience: Annotated[int | None, Query(ge=1, lt=1 << 63, description="number of an audience")] = None,
    tag: Annotated[str, Query(max_length=100, description="name of a tag")] = "",
) -> list[UseTold]:
    """List what uses an audience: audiences, syncs, campaigns; or a tag: syncs."""
    uses = uses_of_audience(shop.workspace, audience) if audience else []
    return [UseTold.model_validate(one) for one in (*uses, *(uses_of_tag(shop.workspace, tag) if tag else ()))]


@router.get("/{sync}", responses=told(403, 404))
def show_sync(shop: OpenShop, _purpose: Purpose, language: Spoken, sync: Number) -> SyncPageTold:
    """Show a sync, what its receiver was told, and when identifiers left."""
    return SyncPageTold.of(shop.workspace, _syncs(shop).get(sync), language)


@router.patch("/{sync}", responses=told(404))
def change_sync(shop: OpenShop, language: Spoken, sync: Number, asked: SyncChanged) -> SyncTold:
    """Pause a sync, or let it go on, also one that had stopped."""
    return SyncTold.of(shop.workspace, _syncs(shop).pause(sync, paused=asked.is_paused), language)


@router.post("/{sync}/decision", responses=told(400, 403, 404))
def decide_sync(shop: OpenShop, caller: SignedIn, language: Spoken, sync: Number, asked: Decision) -> SyncTold:
    """Approve or refuse a sync that another account made."""
    decided = _syncs(shop).decide(sync, approve=asked.is_approved, by=caller.account)
    return SyncTold.of(shop.workspace, decided, language)


@router.post("/{sync}/run", status_code=202, responses=told(400, 403, 404, 409))
def run_sync(shop: OpenShop, jobs: Jobs, caller: Asking, sync: Number) -> StartedTold:
    """Tell the receiver what changed since it was told last, as a job; one that failed goes on where it was."""
    return StartedTold(job=jobs.start(Syncing(shop, sync, os.environ, sleep, caller.account).run))


@router.delete("/{sync}", responses=told(404))
def delete_sync(shop: OpenShop, language: Spoken, sync: Number) -> list[SyncTold]:
    """End a sync: its next run takes its people back; forget one that was ended or holds nobody."""
    held = Held(shop.workspace.catalogue, shop.workspace.clock, sync).size()
    _syncs(shop).delete(sync, held=held)
    return [SyncTold.of(shop.workspace, one, language) for one in _syncs(shop).all()]


def _syncs(shop: Shop) -> Syncs:
    return Syncs(shop.workspace.catalogue, shop.workspace.clock)
