"""Identity over HTTP: merges and splits by hand, seen before they hold."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qianmian.app.contracts.identity_decisions import (
    DecisionPreviewTold,
    DecisionTold,
    decisions_told,
    every_decision_told,
)
from qianmian.app.identity_decisions import LONGEST_REASON, DecisionKind, IdentityDecisions, Wish
from qianmian.app.identity_preview import merge_wish, preview, split_wish, undo_wish
from qianmian.app.shop import Shop
from qianmian.core.clock import in_zone
from qianmian.core.errors import InputError
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/identity/decisions", tags=["unify"])

_NAME = "namespace:value, a bare user_id, person:<id>, or id:<id> of an answer"


class WishAsked(BaseModel):
    """What is about to be decided."""

    kind: DecisionKind = Field(description="merge, split or undo")
    one: str = Field(default="", max_length=500, description=f"of a split, what stays; {_NAME}")
    others: list[str] = Field(default=[], max_length=100, description="the other one; of a split, those that go")
    accounts_too: bool = Field(default=False, description="merge also two people who have accounts")
    since: datetime | None = Field(
        default=None, description="from when on what goes is somebody else's; without an offset in the shop's time zone"
    )
    undoes: int | None = Field(default=None, description="of an undo, the number of the decision")


class DecisionAsked(WishAsked):
    """What is decided, and why."""

    reason: str = Field(max_length=LONGEST_REASON, description="why; personal data in it are masked")


@router.get("", responses=told(403))
def list_decisions(shop: OpenShop, _purpose: Purpose) -> list[DecisionTold]:
    """List what was decided by hand about who is who, the newest first."""
    return every_decision_told(shop.workspace)


@router.post("/preview", responses=told(400, 403, 404))
def preview_decision(shop: OpenShop, purpose: Purpose, asked: WishAsked) -> DecisionPreviewTold:
    """Tell what a decision would change, on what the last build read; nothing is written."""
    return DecisionPreviewTold.of(preview(shop, _wish(shop, purpose, asked), purpose=purpose))


@router.post("", responses=told(400, 403, 404))
def decide(shop: OpenShop, caller: Asking, purpose: Purpose, asked: DecisionAsked) -> DecisionTold:
    """Decide; it holds from the next build on, and is undone by another decision."""
    log = IdentityDecisions(shop.workspace.catalogue, shop.workspace.clock)
    made = log.add(_wish(shop, purpose, asked), asked.reason, by=caller.account)
    return decisions_told(shop.workspace, [made])[0]


def _wish(shop: Shop, purpose: str, asked: WishAsked) -> Wish:
    match asked.kind:
        case DecisionKind.MERGE:
            if len(asked.others) != 1:
                raise InputError("decision_two")
            return merge_wish(shop, asked.one, asked.others[0], accounts_too=asked.accounts_too, purpose=purpose)
        case DecisionKind.SPLIT:
            since = asked.since and in_zone(asked.since, shop.workspace.settings.zone)
            return split_wish(shop, asked.one, asked.others, since=since, purpose=purpose)
        case DecisionKind.UNDO:
            return undo_wish(shop, asked.undoes or 0)
