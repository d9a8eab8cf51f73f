"""Audiences over HTTP."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from qianmian.app.condition_tree import tree_of
from qianmian.app.contracts.condition import ConditionTold
from qianmian.app.contracts.segment import (
    AudienceTemplatesTold,
    AudienceTold,
    CheckedTold,
    ClausesTold,
    MembersTold,
    WordingTold,
)
from qianmian.app.questions import wording
from qianmian.app.questions.clauses import clauses
from qianmian.app.questions.templates import counted_templates
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api", tags=["segment"])


class SizeAsked(BaseModel):
    """Whom to count."""

    condition: str = Field(max_length=20_000, description="in the condition language, see docs/guides/conditions.md")


class TreeAsked(BaseModel):
    """A condition in parts."""

    tree: ConditionTold = Field(description="the outermost part")


class MembersAsked(SizeAsked):
    """Whom to list."""

    limit: int = Field(default=1000, ge=1, le=1_000_000, description="list at most so many")


@router.post("/audiences/size", responses=told(403, 422))
def size(shop: OpenShop, purpose: Purpose, asked: SizeAsked) -> AudienceTold:
    """Count the people who meet a condition."""
    return AudienceTold.of(shop.audience(asked.condition, purpose=purpose, limit=0))


@router.post("/audiences/clauses", responses=told(403, 404, 422))
def count_clauses(shop: OpenShop, language: Spoken, purpose: Purpose, asked: SizeAsked) -> ClausesTold:
    """Count each clause of a condition by itself: which one narrows it, and which does nothing."""
    return ClausesTold.model_validate(clauses(shop, asked.condition, language, purpose=purpose))


@router.post("/audiences/members", responses=told(403, 422))
def members(shop: OpenShop, purpose: Purpose, asked: MembersAsked) -> MembersTold:
    """List the ids of the people who meet a condition."""
    return MembersTold.of(shop.audience(asked.condition, purpose=purpose, limit=asked.limit))


@router.post("/audiences/check", responses=told(403, 404))
def check(shop: OpenShop, language: Spoken, purpose: Purpose, asked: SizeAsked) -> CheckedTold:
    """Find what is wrong with a condition, with the place of each mistake; nobody is counted."""
    return CheckedTold.of(wording.check(shop, asked.condition, language, purpose=purpose), language)


@router.post("/audiences/write", responses=told(403, 404, 422))
def write(shop: OpenShop, language: Spoken, purpose: Purpose, asked: TreeAsked) -> CheckedTold:
    """Write a condition that was put together from parts as text, and find what is wrong with it."""
    return CheckedTold.of(wording.written(shop, tree_of(asked.tree), language, purpose=purpose), language)


@router.get("/audience-templates", responses=told(403, 404))
def templates(shop: OpenShop, language: Spoken, purpose: Purpose) -> AudienceTemplatesTold:
    """List ready audiences with how many people each holds now."""
    return AudienceTemplatesTold.of(counted_templates(shop, purpose=purpose), language)


@router.get("/vocabulary", responses=told(403, 404))
def vocabulary(shop: OpenShop, purpose: Purpose) -> WordingTold:
    """Tell everything that a condition can name."""
    return WordingTold.of(wording.wording(shop, purpose=purpose))
