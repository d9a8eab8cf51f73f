"""Campaigns over HTTP: made, planned, sent but for a holdout, and what came of them."""

from __future__ import annotations

import os
from decimal import Decimal
from time import sleep
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from qianmian.app.audiences import LONGEST_NAME
from qianmian.app.campaigns import plan as planning
from qianmian.app.campaigns import report as reporting
from qianmian.app.campaigns.campaigns import MOST_DAYS, MOST_HELD_OUT, Campaigns, Draft
from qianmian.app.campaigns.choices import choices
from qianmian.app.campaigns.recipients_file import recipients_file
from qianmian.app.campaigns.send import Sending
from qianmian.app.contracts.campaigns import (
    CampaignChoicesTold,
    CampaignPageTold,
    CampaignPlanTold,
    CampaignTold,
    ReportTold,
)
from qianmian.app.contracts.system import StartedTold
from qianmian.app.shop import Shop
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/campaigns", tags=["act"])

Number = Annotated[int, Path(ge=1, lt=1 << 63, description="number of the campaign")]


class CampaignAsked(BaseModel):
    """A campaign that is to be made."""

    name: str = Field(max_length=LONGEST_NAME, description="what to call it; one line")
    condition: str = Field(
        max_length=20_000, description="whom it is for, in the condition language, see docs/guides/conditions.md"
    )
    purpose: str = Field("marketing", max_length=60, description="what people are written to for; must be registered")
    namespace: str = Field("user_id", max_length=60, description="kind of identifier under which they are written to")
    sink: str = Field("file", max_length=60, description="file, or the name of a receiver")
    holdout_share: float = Field(0.1, ge=0, le=MOST_HELD_OUT, description="share of people to hold out by chance")
    window_days: int = Field(14, ge=1, le=MOST_DAYS, description="days after the assignment in which an order counts")
    spend: Decimal | None = Field(None, ge=0, description="what it costs in all; empty = not told")


class SpendAsked(BaseModel):
    """What a campaign cost."""

    spend: Decimal | None = Field(ge=0, description="in all, in the shop's currency; empty = not told")


@router.get("", responses=told(403))
def list_campaigns(shop: OpenShop, _purpose: Purpose) -> list[CampaignTold]:
    """List the campaigns, the newest first."""
    return [CampaignTold.of(one) for one in _campaigns(shop).all()]


@router.post("", responses=told(400, 403, 404))
def add_campaign(shop: OpenShop, _purpose: Purpose, caller: Asking, asked: CampaignAsked) -> CampaignTold:
    """Make a draft; nobody is written to."""
    meant = shop.audience(asked.condition, purpose=asked.purpose, limit=0)
    draft = Draft(**asked.model_dump() | {"condition": meant.condition})
    return CampaignTold.of(_campaigns(shop).add(draft, shop.workspace.entropy, by=caller.account))


@router.get("/choices", responses=told(400, 403, 404))
def show_choices(shop: OpenShop, purpose: Purpose) -> CampaignChoicesTold:
    """Show what a campaign may be made of here: receivers, purposes, kinds of identifiers."""
    return choices(shop, os.environ, purpose=purpose)


@router.get("/{campaign}", responses=told(403, 404))
def show_campaign(shop: OpenShop, _purpose: Purpose, campaign: Number) -> CampaignPageTold:
    """Show a campaign, how far its delivery is, and who was handed its people."""
    kept = _campaigns(shop)
    return CampaignPageTold.of(kept.get(campaign), kept)


@router.patch("/{campaign}", responses=told(400, 404))
def note_spend(shop: OpenShop, campaign: Number, asked: SpendAsked) -> CampaignTold:
    """Note what a campaign cost in all."""
    return CampaignTold.of(_campaigns(shop).note_spend(campaign, asked.spend))


@router.delete("/{campaign}", responses=told(400, 404))
def delete_campaign(shop: OpenShop, campaign: Number) -> list[CampaignTold]:
    """Delete a draft; answers those that are left."""
    _campaigns(shop).delete(campaign)
    return [CampaignTold.of(one) for one in _campaigns(shop).all()]


@router.get("/{campaign}/plan", responses=told(400, 403, 404))
def show_plan(shop: OpenShop, _purpose: Purpose, campaign: Number) -> CampaignPlanTold:
    """Show what sending a draft now would mean; nobody is written to."""
    return CampaignPlanTold.model_validate(planning.plan(shop, _campaigns(shop).get(campaign)))


@router.post("/{campaign}/send", status_code=202, responses=told(400, 403, 404, 409))
def send(shop: OpenShop, jobs: Jobs, caller: Asking, campaign: Number) -> StartedTold:
    """Let chance decide, and deliver to everybody but the holdout, as a job; one that failed goes on where it was."""
    sending = Sending(shop, campaign, os.environ, sleep, caller.account)
    return StartedTold(job=jobs.start(sending.run))


@router.get("/{campaign}/report", responses=told(400, 403, 404))
def show_report(shop: OpenShop, purpose: Purpose, campaign: Number) -> ReportTold:
    """Show what a campaign brought: who was written to beside who was held out."""
    return ReportTold.of(reporting.report(shop, _campaigns(shop).get(campaign), purpose=purpose))


@router.post(
    "/{campaign}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **told(400, 403, 404)},
)
def write_file(shop: OpenShop, caller: Asking, campaign: Number) -> StreamingResponse:
    """Hand over the people who may be written to now, under their identifiers, as CSV; the handing over is noted."""
    file = recipients_file(shop, _campaigns(shop).get(campaign), by=caller.account)
    name = f'attachment; filename="campaign-{campaign}.csv"'
    headers = {"content-disposition": name, "x-qianmian-people": str(file.people)}
    return StreamingResponse(file.pieces, media_type="text/csv", headers=headers)


def _campaigns(shop: Shop) -> Campaigns:
    return Campaigns(shop.workspace.catalogue, shop.workspace.clock)
