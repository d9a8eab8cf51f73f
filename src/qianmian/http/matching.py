"""Matching over HTTP: how records without a shared identifier are compared, and who may be one person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from qianmian.app import matching
from qianmian.app.contracts.matching import MatchedTold, MatchingTold, MatchPlanTold
from qianmian.app.contracts.versions import VersionTold
from qianmian.app.matching import Matchings
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.unify.identity.match.declaration import MOST_BYTES

router = APIRouter(prefix="/api/identity/matching", tags=["unify"])


class MatchingAsked(BaseModel):
    """A declaration of matching to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/matching.md; empty = compare nothing")


@router.get("", responses=told(403))
def show_matching(shop: OpenShop, _purpose: Purpose) -> MatchingTold:
    """Show how records without a shared identifier are compared, if at all."""
    return MatchingTold.of(shop.workspace)


@router.put("", responses=told(422))
def apply_matching(shop: OpenShop, caller: Asking, asked: MatchingAsked) -> VersionTold:
    """Let a declaration hold, or with an empty text none."""
    kept = Matchings(shop.workspace.catalogue, shop.workspace.clock)
    if asked.text.strip():
        version = kept.apply(asked.text, Message("matching"), by=caller.account)
    else:
        version = kept.switch_off(by=caller.account)
    return VersionTold.model_validate(version)


@router.post("/plan", responses=told(400, 403, 404))
def plan_matching(shop: OpenShop, _purpose: Purpose) -> MatchPlanTold:
    """Count what would be compared, and who is left out; nobody is compared."""
    return MatchPlanTold.planned(matching.plan(shop))


@router.post("/run", responses=told(400, 403, 404, 409, 422))
def run_matching(
    shop: OpenShop,
    _purpose: Purpose,
    most: Annotated[int, Query(ge=0, le=1000, description="proposals that are told, the likeliest first")] = 20,
) -> MatchedTold:
    """Compare, and propose people who may be one; nobody is merged."""
    return MatchedTold.of(matching.run(shop), most)
