"""Saved audiences over HTTP, what sets an audience apart, and two side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.audiences import LONGEST_NAME, LONGEST_NOTE, SavedAudiences
from qianmian.app.contracts.audiences import (
    AudienceChangesTold,
    ComparisonTold,
    InsightTold,
    OverlapTold,
    SavedAudienceTold,
)
from qianmian.app.contracts.lookalike import LookalikeTold
from qianmian.app.freeze import freeze, save_fixed
from qianmian.app.lookalike import lookalike
from qianmian.app.questions.audience_changes import audience_changes
from qianmian.app.questions.compare import COMPARED, MOST_TAGS, compare
from qianmian.app.questions.insight import insight
from qianmian.app.questions.overlap import overlap
from qianmian.app.shop import Shop
from qianmian.app.uses import delete_unused
from qianmian.http.asked import Asking, OpenShop, Purpose, Spoken
from qianmian.http.errors import told
from qianmian.http.segment import SizeAsked
from qianmian.segment.members.standing import AudienceKind

router = APIRouter(prefix="/api/audiences", tags=["segment"])

Number = Annotated[int, Path(ge=1, lt=1 << 63, description="number of the audience")]
_CONDITION = "in the condition language, see docs/guides/conditions.md"


class AudienceAsked(SizeAsked):
    """An audience to save."""

    name: str = Field(max_length=LONGEST_NAME, description="what to call it; one line")
    note: str = Field(default="", max_length=LONGEST_NOTE, description="what it is for")
    kind: AudienceKind = Field(
        default=AudienceKind.DYNAMIC,
        description="dynamic = every build counts it, fixed = its people stay those of now",
    )


class ChangeAsked(BaseModel):
    """What is to change of a saved audience; whatever is left out stays."""

    name: str | None = Field(default=None, max_length=LONGEST_NAME, description="another name; one line")
    note: str | None = Field(default=None, max_length=LONGEST_NOTE, description="another note")
    condition: str | None = Field(default=None, max_length=20_000, description=f"another condition, {_CONDITION}")


class InsightAsked(SizeAsked):
    """Whose peculiarities are asked for."""

    limit: int = Field(default=5, ge=1, le=100, description="tell at most so many values")


class LookalikeAsked(SizeAsked):
    """Whom others are to be like."""

    people: int = Field(default=1_000, ge=1, le=10_000_000, description="about how many are wanted")


class CompareAsked(BaseModel):
    """Which audiences are put side by side."""

    first: str | None = Field(default=None, max_length=20_000, description=f"{_CONDITION}; empty = everybody")
    second: str | None = Field(default=None, max_length=20_000, description=f"{_CONDITION}; empty = everybody")
    tags: list[str] = Field(default=list(COMPARED), max_length=MOST_TAGS, description="names of tags to compare")


@router.get("", responses=told(403, 404))
def list_audiences(
    shop: OpenShop,
    _purpose: Purpose,
    deleted: Annotated[bool, Query(description="tell the deleted ones instead")] = False,
) -> list[SavedAudienceTold]:
    """List the saved audiences with their last counts, the last changed first."""
    return [SavedAudienceTold.model_validate(one) for one in _saved(shop).all(deleted=deleted)]


@router.post("", responses=told(400, 403, 404, 409))
def save(shop: OpenShop, purpose: Purpose, caller: Asking, asked: AudienceAsked) -> SavedAudienceTold:
    """Give an audience a name, and count it."""
    if asked.kind is AudienceKind.FIXED:
        saved = save_fixed(shop, asked.name, asked.condition, note=asked.note, by=caller.account, purpose=purpose)
        return _told(saved)
    counted = shop.audience(asked.condition, purpose=purpose, limit=0)
    return _told(_saved(shop).add(asked.name, counted, note=asked.note, by=caller.account))


@router.post("/insight", responses=told(403, 404))
def show_insight(shop: OpenShop, purpose: Purpose, asked: InsightAsked) -> InsightTold:
    """Show the tag values that the people of an audience have more often than everybody."""
    return InsightTold.model_validate(insight(shop, asked.condition, purpose=purpose, most=asked.limit))


@router.post("/lookalike", responses=told(400, 403, 404))
def find_lookalikes(shop: OpenShop, purpose: Purpose, asked: LookalikeAsked) -> LookalikeTold:
    """Find people like those who meet a condition, told as another condition that lists them."""
    return LookalikeTold.model_validate(lookalike(shop, asked.condition, asked.people, purpose=purpose))


@router.post("/compare", responses=told(400, 403, 404))
def show_comparison(shop: OpenShop, purpose: Purpose, asked: CompareAsked) -> ComparisonTold:
    """Show how a few tags lie over two audiences, or over one and everybody."""
    found = compare(shop, asked.first, asked.second, purpose=purpose, tags=tuple(asked.tags))
    return ComparisonTold.model_validate(found)


@router.get("/overlap", responses=told(400, 403, 404))
def show_overlap(
    shop: OpenShop,
    purpose: Purpose,
    audience: Annotated[list[int], Query(min_length=2, max_length=6, description="numbers of 2 to 6 audiences")],
) -> OverlapTold:
    """Show how saved audiences overlap: two by two, and by who is in just which of them."""
    return OverlapTold.model_validate(overlap(shop, audience, purpose=purpose))


@router.get("/{audience}", responses=told(403, 404))
def show_audience(shop: OpenShop, _purpose: Purpose, audience: Number) -> SavedAudienceTold:
    """Show a saved audience as it was last counted; a deleted one, too."""
    return _told(_saved(shop).get(audience))


@router.patch("/{audience}", responses=told(400, 403, 404))
def change(shop: OpenShop, purpose: Purpose, caller: Asking, audience: Number, asked: ChangeAsked) -> SavedAudienceTold:
    """Change name, note or condition of a saved audience."""
    counted = None if asked.condition is None else shop.audience(asked.condition, purpose=purpose, limit=0)
    changed = _saved(shop).change(audience, name=asked.name, note=asked.note, counted=counted, by=caller.account)
    return _told(changed)


@router.delete("/{audience}", responses=told(400, 403, 404))
def delete(shop: OpenShop, _purpose: Purpose, language: Spoken, audience: Number) -> SavedAudienceTold:
    """Delete a saved audience that nothing uses; its people stay, and it can be restored."""
    return _told(delete_unused(shop.workspace, audience, language))


@router.post("/{audience}/restore", responses=told(400, 403, 404))
def restore(shop: OpenShop, _purpose: Purpose, audience: Number) -> SavedAudienceTold:
    """Bring a deleted audience back."""
    return _told(_saved(shop).restore(audience))


@router.get("/{audience}/changes", responses=told(403, 404))
def show_changes(
    shop: OpenShop,
    purpose: Purpose,
    language: Spoken,
    audience: Number,
    limit: Annotated[int, Query(ge=1, le=2_000, description="tell at most so many builds")] = 400,
) -> AudienceChangesTold:
    """Show who came and went in a saved audience, by build and cause."""
    changes = audience_changes(shop, audience, purpose=purpose, most=limit)
    return AudienceChangesTold.model_validate(changes, context=language)


@router.post("/{audience}/freeze", responses=told(400, 403, 404, 409))
def freeze_audience(shop: OpenShop, purpose: Purpose, caller: Asking, audience: Number) -> SavedAudienceTold:
    """Freeze a dynamic audience: its people are those of the last build from now on."""
    return _told(freeze(shop, audience, by=caller.account, purpose=purpose))


@router.post("/{audience}/size", responses=told(400, 403, 404))
def count(shop: OpenShop, purpose: Purpose, audience: Number) -> SavedAudienceTold:
    """Count a saved audience over the last build, and keep the number."""
    saved = _saved(shop)
    return _told(saved.note_count(audience, shop.audience(saved.get(audience).lists, purpose=purpose, limit=0)))


def _saved(shop: Shop) -> SavedAudiences:
    return SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)


def _told(saved: object) -> SavedAudienceTold:
    return SavedAudienceTold.model_validate(saved)
