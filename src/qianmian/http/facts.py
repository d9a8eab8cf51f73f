"""Facts over HTTP: a person's traits with who said what, how well sources agree, and the rules for both."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.facts import DisputedPeopleTold, FactReportTold, FactRulesTold, PersonTraitsTold
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.questions.facts import disputed, fact_report, traits
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.http.people import Cursor, Person
from qianmian.unify.facts.declaration import MOST_BYTES, read_rules

router = APIRouter(tags=["unify"])


class FactRulesAsked(BaseModel):
    """Fact rules to check or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/facts.md")


@router.get("/api/people/{person}/traits", responses=told(400, 403, 404))
def list_traits(shop: OpenShop, purpose: Purpose, person: Person) -> PersonTraitsTold:
    """List a person's traits, each with its confidence and every statement, and whether that counts."""
    return PersonTraitsTold.model_validate(traits(shop, f"person:{person}", purpose=purpose))


@router.get("/api/facts/report", responses=told(403, 404))
def show_fact_report(shop: OpenShop, purpose: Purpose) -> FactReportTold:
    """Show how far traits are known, and how well sources agree on them."""
    return FactReportTold.of(fact_report(shop, purpose=purpose))


@router.get("/api/facts/disputed/{trait}", responses=told(400, 403, 404))
def list_disputed(
    shop: OpenShop,
    purpose: Purpose,
    trait: Annotated[str, Path(max_length=40, description="name of the trait")],
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="people on a page")] = 20,
) -> DisputedPeopleTold:
    """List the people whose trait is disputed with what was said of it; of a sensitive trait without values."""
    return DisputedPeopleTold.model_validate(disputed(shop, trait, after=cursor, limit=limit, purpose=purpose))


@router.get("/api/facts/rules", responses=told(403))
def show_fact_rules(shop: OpenShop, _purpose: Purpose) -> FactRulesTold:
    """Show by which rules facts are checked, and whether the last build was made by them."""
    return FactRulesTold.of(shop.workspace)


@router.post("/api/facts/rules/check", responses=told(403, 422))
def check_fact_rules(shop: OpenShop, _purpose: Purpose, asked: FactRulesAsked) -> DifferenceTold:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    holding = KeptFactRules(shop.workspace.catalogue, shop.workspace.clock).rules()
    return DifferenceTold.between(read_rules(asked.text, Message("fact_rules")), holding)


@router.put("/api/facts/rules", responses=told(422))
def apply_fact_rules(shop: OpenShop, caller: Asking, asked: FactRulesAsked) -> FactRulesTold:
    """Let rules hold from the next build on, for all the past too."""
    workspace = shop.workspace
    KeptFactRules(workspace.catalogue, workspace.clock).apply(asked.text, Message("fact_rules"), by=caller.account)
    return FactRulesTold.of(workspace)
