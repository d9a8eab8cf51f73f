"""Traffic that may be no visits of people over HTTP: rules, marks and counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.contracts.traffic import MarkedTold, RulesTold, TrafficTold
from qianmian.app.shop import Shop
from qianmian.app.traffic import TrafficRules
from qianmian.collect.traffic.rules import MOST_BYTES
from qianmian.core.messages import Message
from qianmian.core.people import parse_identifier
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/traffic", tags=["collect"])

NodeId = Annotated[str, Path(min_length=13, max_length=13, description="pseudonym of the identifier")]


class RulesAsked(BaseModel):
    """Rules of the shop's own."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/traffic.md; empty = none")


class MarkAsked(BaseModel):
    """Whose events are flagged as internal."""

    identifier: str = Field(min_length=1, max_length=300, description="namespace:value; a bare value is a user_id")
    note: str = Field("", max_length=200, description="who or what it is")


@router.get("", responses=told(403))
def show_traffic(shop: OpenShop, _purpose: Purpose) -> TrafficTold:
    """Show which events of the lake may be no visits of people, and by which rules."""
    return TrafficTold.of(shop.workspace)


@router.put("/rules", responses=told(422))
def apply_rules(shop: OpenShop, caller: Asking, asked: RulesAsked) -> RulesTold:
    """Let rules hold for every event that is taken in from now on, before those that come with the product."""
    version = _rules(shop).apply(asked.text, Message("traffic_rules"), by=caller.account)
    return RulesTold.model_validate(version)


@router.post("/marked", responses=told(400))
def mark(shop: OpenShop, caller: Asking, asked: MarkAsked) -> MarkedTold:
    """Flag what an identifier does as internal from now on; only its pseudonym is kept."""
    identifier = parse_identifier(asked.identifier)
    key = shop.workspace.keys.node
    return MarkedTold.of(_rules(shop).mark(key, identifier, note=asked.note, by=caller.account))


@router.delete("/marked/{node_id}", responses=told(400, 404))
def unmark(shop: OpenShop, _caller: Asking, node_id: NodeId) -> list[MarkedTold]:
    """Flag what an identifier does no longer; answers who is marked."""
    _rules(shop).unmark(node_id)
    return [MarkedTold.of(one) for one in _rules(shop).marked()]


def _rules(shop: Shop) -> TrafficRules:
    return TrafficRules(shop.workspace.catalogue, shop.workspace.clock)
