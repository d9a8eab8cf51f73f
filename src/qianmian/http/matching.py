"""Matching over HTTP: how records without a shared identifier are compared, and who may be one person."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qianmian.app import matching
from qianmian.app.contracts.matching import MatchingTold, MatchPlanTold
from qianmian.app.contracts.system import StartedTold
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.matching import Matchings
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.unify.identity.match.declaration import MOST_BYTES, read_matching

router = APIRouter(prefix="/api/identity/matching", tags=["unify"])


class MatchingAsked(BaseModel):
    """A declaration of matching to check or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/matching.md; empty = compare nothing")


@router.get("", responses=told(403))
def show_matching(shop: OpenShop, _purpose: Purpose) -> MatchingTold:
    """Show how records without a shared identifier are compared, if at all."""
    return MatchingTold.of(shop.workspace)


@router.post("/check", responses=told(403, 422))
def check_matching(shop: OpenShop, _purpose: Purpose, asked: MatchingAsked) -> DifferenceTold:
    """Tell whether a declaration can be applied, and in what it differs from what holds, if anything does."""
    kept = Matchings(shop.workspace.catalogue, shop.workspace.clock)
    holding = kept.matching() if kept.current() else None
    return DifferenceTold.between(read_matching(asked.text, Message("matching")), holding)


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


@router.post("/run", status_code=202, responses=told(400, 403, 409))
def run_matching(shop: OpenShop, _purpose: Purpose, jobs: Jobs) -> StartedTold:
    """Compare, as a job that goes on by itself; what it proposes waits in the review queue. Nobody is merged."""
    return StartedTold(job=jobs.start(lambda watch: matching.run(shop, watch=watch)))
