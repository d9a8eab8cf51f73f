"""Identity over HTTP: pairs that wait for somebody to say whether they are one person's."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.identity_decisions import DecisionPreviewTold, DecisionTold, decisions_told
from qianmian.app.contracts.identity_review import PairsFoundTold, ReviewQueueTold, reviews_told
from qianmian.app.identity_decisions import LONGEST_REASON, Wish
from qianmian.app.identity_preview import preview
from qianmian.app.identity_proposals import accepted_wish, find_pairs, refused_wish
from qianmian.app.identity_review import IdentityReview, ReviewState
from qianmian.app.shop import Shop
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/identity/review", tags=["unify"])

Number = Annotated[int, Path(ge=1, lt=1 << 63, description="number of the pair")]


class VerdictAsked(BaseModel):
    """What a pair would become."""

    verdict: Literal["accept", "refuse"] = Field(description="accept = one person; refuse = not one")
    accounts_too: bool = Field(default=False, description="accept also two people who have accounts")


class ReviewAsked(VerdictAsked):
    """What a pair is, and why."""

    reason: str = Field(max_length=LONGEST_REASON, description="why; personal data in it are masked")


@router.get("", responses=told(403, 404))
def list_pairs(
    shop: OpenShop,
    purpose: Purpose,
    state: Annotated[ReviewState, Query(description="open, accepted, refused or expired")] = ReviewState.OPEN,
    limit: Annotated[int, Query(ge=1, le=500, description="tell at most so many")] = 100,
) -> ReviewQueueTold:
    """List pairs that may be one person's, those with most that speaks for them first."""
    pairs = _review(shop).pairs(state)
    return ReviewQueueTold(total=len(pairs), pairs=reviews_told(shop, pairs[:limit], purpose=purpose))


@router.post("/find", responses=told(403, 404))
def find(shop: OpenShop, purpose: Purpose) -> PairsFoundTold:
    """Put into the queue what identity rules refused, and take out what needs nobody's eyes any more."""
    added = find_pairs(shop, purpose=purpose)
    return PairsFoundTold(added=added, open=len(_review(shop).pairs()))


@router.post("/{number}/preview", responses=told(400, 403, 404))
def preview_verdict(shop: OpenShop, purpose: Purpose, number: Number, asked: VerdictAsked) -> DecisionPreviewTold:
    """Tell what accepting or refusing a pair would change; nothing is written."""
    return DecisionPreviewTold.of(preview(shop, _wish(shop, purpose, number, asked), purpose=purpose))


@router.post("/{number}", responses=told(400, 403, 404))
def decide_pair(shop: OpenShop, caller: Asking, purpose: Purpose, number: Number, asked: ReviewAsked) -> DecisionTold:
    """Accept a pair as one person, or hold it apart; from the next build on."""
    wish, review = _wish(shop, purpose, number, asked), _review(shop)
    decide = review.accept if asked.verdict == "accept" else review.refuse
    return decisions_told(shop.workspace, [decide(number, wish, asked.reason, by=caller.account)])[0]


def _wish(shop: Shop, purpose: str, number: int, asked: VerdictAsked) -> Wish:
    pair = _review(shop).get(number).proposal
    if asked.verdict == "refuse":
        return refused_wish(shop, pair, purpose=purpose)
    return accepted_wish(shop, pair, accounts_too=asked.accounts_too, purpose=purpose)


def _review(shop: Shop) -> IdentityReview:
    return IdentityReview(shop.workspace.catalogue, shop.workspace.clock)
