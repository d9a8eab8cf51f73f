"""People and tags over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from qianmian.app.contracts.audiences import TagValuesTold
from qianmian.app.contracts.console import CoverageTold
from qianmian.app.contracts.profile import ExportTold, ProfileTold, TagSummaryTold, TagTold
from qianmian.app.questions.coverage import coverage
from qianmian.app.questions.values import values
from qianmian.http.asked import OpenShop, OwnDataPurpose, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api", tags=["profile"])

Name = Annotated[str, Path(max_length=500, description="namespace:value, a bare user_id, or person:<id>")]


@router.get("/profiles/{name:path}/export", responses=told(403, 404))
def export(shop: OpenShop, purpose: OwnDataPurpose, name: Name) -> ExportTold:
    """Hand out everything held about a person, unmasked, for that person to keep."""
    return ExportTold.of(shop.export(name, purpose=purpose))


@router.get("/profiles/{name:path}", responses=told(400, 403, 404))
def profile(shop: OpenShop, purpose: Purpose, name: Name) -> ProfileTold:
    """Show a person: every tag with value, confidence and evidence."""
    return ProfileTold.of(shop.profile(name, purpose=purpose))


@router.get("/tags", responses=told())
def list_tags(shop: OpenShop) -> list[TagTold]:
    """List the definitions of all tags."""
    return [TagTold.of(tag) for tag in shop.tags()]


@router.get("/tags/{name}", responses=told(403, 404))
def show_tag(
    shop: OpenShop, purpose: Purpose, name: Annotated[str, Path(max_length=80, description="name of the tag")]
) -> TagSummaryTold:
    """Show how a tag lies over all people: coverage and distribution."""
    return TagSummaryTold.of(shop.tag(name, purpose=purpose))


@router.get("/tags/{name}/values", responses=told(400, 403, 404))
def tag_values(
    shop: OpenShop, purpose: Purpose, name: Annotated[str, Path(max_length=80, description="name of the tag")]
) -> TagValuesTold:
    """List every value of a tag whose values are words or classes, with how many people have it."""
    return TagValuesTold.model_validate(values(shop, name, purpose=purpose))


@router.get("/coverage", responses=told(403, 404))
def tag_coverage(shop: OpenShop, purpose: Purpose) -> CoverageTold:
    """Show how many people each tag has a value for."""
    return CoverageTold.model_validate(coverage(shop, purpose=purpose))
