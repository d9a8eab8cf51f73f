"""The tracking plan over HTTP: what is planned and seen, how events deviate, and how the plan is changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.plan import (
    KeptApartEventTold,
    KeptApartTold,
    PlanCheckedTold,
    PlanEventTold,
    PlanTold,
    PlanVersionTold,
    ReplayedTold,
    StarterTold,
    ViolationTold,
)
from qianmian.app.tracking import asked as asking
from qianmian.app.tracking import quarantine
from qianmian.app.tracking.promotion import promote_event, promote_property
from qianmian.app.tracking.review import DAYS, violation_lines
from qianmian.collect.plan.declaration import LONGEST_NAME, MOST_BYTES
from qianmian.collect.plan.starters import all_starters
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, OpenShop, Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api/plan", tags=["collect"])

Days = Annotated[int, Query(ge=1, le=90, description="how many days of counts to tell of")]
EventName = Annotated[str, Query(min_length=1, max_length=LONGEST_NAME, description="name of the event")]


class PlanAsked(BaseModel):
    """A plan to check or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/tracking-plan.md")


class StartersAsked(BaseModel):
    """Which starter plans are added."""

    names: list[str] = Field(min_length=1, max_length=20, description="such as shop and group_buy")


class PromoteAsked(BaseModel):
    """What was seen and is to be planned."""

    event: str = Field(min_length=1, max_length=LONGEST_NAME, description="name of the event")
    property: str = Field("", max_length=LONGEST_NAME, description="which; empty = the event with all that it has")
    type: str | None = Field(None, max_length=20, description="another type than was seen")
    required: bool | None = Field(None, description="whether an event without it deviates")
    unit: str | None = Field(None, max_length=LONGEST_NAME, description="of its numbers")
    personal: str | None = Field(None, max_length=20, description="class of personal data")


class ModeAsked(BaseModel):
    """By which mode events are judged."""

    mode: str | None = Field(max_length=20, description="observe, quarantine or strict; empty = as the workspace")
    source: str = Field("", max_length=64, description="which source; empty = all without a mode of their own")


class ReplayAsked(BaseModel):
    """Whose events are replayed."""

    source: str | None = Field(None, max_length=64, description="data source; empty = all")
    only: list[str] = Field([], max_length=1000, description="ids of the events; none = all")


@router.get("", responses=told(403))
def show_plan(shop: OpenShop, _purpose: Purpose, days: Days = DAYS) -> PlanTold:
    """Show the tracking plan beside what was seen: every event with its volume and its deviations."""
    return asking.plan_told(shop.workspace, days)


@router.get("/event", responses=told(403, 404))
def show_event(shop: OpenShop, _purpose: Purpose, event: EventName, days: Days = DAYS) -> PlanEventTold:
    """Show an event: its properties as planned and as seen, and how it deviates."""
    return asking.event_told(shop.workspace, event, days)


@router.get("/violations", responses=told(403))
def list_violations(shop: OpenShop, _purpose: Purpose, days: Days = DAYS) -> list[ViolationTold]:
    """List how events deviated in the last days, the commonest first, each with the form of one value."""
    return [ViolationTold.model_validate(one) for one in violation_lines(shop.workspace, days)]


@router.get("/quarantine", responses=told(403))
def list_quarantine(
    shop: OpenShop,
    language: Spoken,
    _purpose: Purpose,
    source: Annotated[str, Query(max_length=64, description="only of this data source")] = "",
    reason: Annotated[str, Query(max_length=40, description="only for this reason")] = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="list at most so many")] = 100,
) -> list[KeptApartTold]:
    """List the last events that were kept apart, without their content."""
    found = quarantine.newest(shop.workspace, limit, source=source, reason=reason)
    return [KeptApartTold.of(one, language) for one in found]


@router.get("/quarantine/event", responses=told(403, 404))
def show_kept_apart(
    shop: OpenShop,
    language: Spoken,
    _purpose: Purpose,
    kept: Annotated[str, Query(alias="id", max_length=300, description="id of the event")],
) -> KeptApartEventTold:
    """Show an event that is kept apart, personal values masked."""
    return KeptApartEventTold.of(quarantine.one(shop.workspace, kept), language)


@router.get("/history", responses=told())
def list_versions(shop: OpenShop) -> list[PlanVersionTold]:
    """List the versions of the plan, the one that holds first."""
    return [PlanVersionTold.of(one) for one in asking.plans(shop.workspace).all()]


@router.get("/starters", responses=told())
def list_starters(_shop: OpenShop) -> list[StarterTold]:
    """List the plans that come with the product."""
    return [StarterTold.of(one) for one in all_starters()]


@router.post("/check", responses=told(422))
def check_plan(shop: OpenShop, asked: PlanAsked) -> PlanCheckedTold:
    """Tell what a plan would change; nothing is changed."""
    return asking.checked(shop.workspace, asked.text, Message("the_plan"))


@router.put("", responses=told(422))
def apply_plan(shop: OpenShop, caller: Asking, asked: PlanAsked) -> PlanVersionTold:
    """Let a plan hold for every event that is taken in from now on."""
    plans = asking.plans(shop.workspace)
    return PlanVersionTold.of(plans.apply(asked.text, Message("the_plan"), origin="console", by=caller.account))


@router.post("/starters", responses=told(404))
def add_starters(shop: OpenShop, caller: Asking, asked: StartersAsked) -> PlanVersionTold:
    """Add the events of starter plans that are not planned yet."""
    return PlanVersionTold.of(asking.add_starters(shop.workspace, asked.names, by=caller.account))


@router.post("/promote", responses=told(404, 422))
def promote(shop: OpenShop, caller: Asking, asked: PromoteAsked) -> PlanVersionTold:
    """Plan what was seen: an event with the properties that it has, or one property."""
    if not asked.property:
        return PlanVersionTold.of(promote_event(shop.workspace, asked.event, by=caller.account))
    given = asked.model_dump(include={"type", "required", "unit", "personal"}, exclude_none=True)
    version = promote_property(shop.workspace, asked.event, asked.property, given, by=caller.account)
    return PlanVersionTold.of(version)


@router.put("/mode", responses=told(400))
def choose_mode(shop: OpenShop, caller: Asking, asked: ModeAsked) -> PlanTold:
    """Choose what becomes of events that deviate, of one source or of all; answers the plan."""
    asking.plans(shop.workspace).choose(asked.mode, source=asked.source, by=caller.account)
    return asking.plan_told(shop.workspace, DAYS)


@router.post("/replay", responses=told(404, 409, 507))
def replay_quarantine(shop: OpenShop, asked: ReplayAsked) -> ReplayedTold:
    """Take in the events that were kept apart and that fit the plan now."""
    return ReplayedTold.model_validate(shop.replay_plan(asked.source, only=asked.only))
