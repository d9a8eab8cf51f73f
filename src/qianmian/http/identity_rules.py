"""Identity over HTTP: the rules by which traces become people, and what others would change."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qianmian.app.contracts.identity_rules import (
    IdentityRulesAppliedTold,
    IdentityRulesTold,
    SimulationTold,
)
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.identity_simulation import MOST_EXAMPLES, simulate
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.unify.identity.declaration import MOST_BYTES, read_rules

router = APIRouter(prefix="/api/identity", tags=["unify"])


class IdentityRulesAsked(BaseModel):
    """Identity rules to check, to try or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/identity.md")


class SimulationAsked(IdentityRulesAsked):
    """Identity rules to try, and people to tell of in any case."""

    people: list[str] = Field([], max_length=MOST_EXAMPLES, description="namespace:value, user_id or person:<id>")


@router.get("/rules", responses=told(403))
def show_rules(shop: OpenShop, _purpose: Purpose) -> IdentityRulesTold:
    """Show the rules by which traces become people, and whether the last build was made by them."""
    return IdentityRulesTold.of(shop.workspace)


@router.post("/rules/check", responses=told(403, 422))
def check_rules(shop: OpenShop, _purpose: Purpose, asked: IdentityRulesAsked) -> DifferenceTold:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    holding = IdentityRules(shop.workspace.catalogue, shop.workspace.clock).rules()
    return DifferenceTold.between(read_rules(asked.text, Message("identity_rules")), holding)


@router.put("/rules", responses=told(422))
def apply_rules(shop: OpenShop, caller: Asking, asked: IdentityRulesAsked) -> IdentityRulesAppliedTold:
    """Let rules hold from the next build on, for all the past too."""
    rules = IdentityRules(shop.workspace.catalogue, shop.workspace.clock)
    version = rules.apply(asked.text, Message("identity_rules"), by=caller.account)
    return IdentityRulesAppliedTold.applied(shop.workspace, version)


@router.post("/simulate", responses=told(403, 404, 422))
def simulate_rules(shop: OpenShop, _purpose: Purpose, asked: SimulationAsked) -> SimulationTold:
    """Tell what rules would make of the lake's history, beside those that hold; nothing is written."""
    rules = read_rules(asked.text, Message("identity_rules"))
    return SimulationTold.of(simulate(shop.workspace, rules, asked.people))
