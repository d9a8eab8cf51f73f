"""People over HTTP: finding them, and what one of them did and bought."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from qianmian.app.contracts.consent import ConsentStateTold
from qianmian.app.contracts.console import FoundPeopleTold, PersonOrdersTold, RecentTold, TimelineTold
from qianmian.app.questions.consent import consent_state
from qianmian.app.questions.orders import orders
from qianmian.app.questions.people import Search, Sort, search
from qianmian.app.questions.people_book import PeopleFormat, people_in
from qianmian.app.questions.people_file import FileAsked
from qianmian.app.questions.recent import recent
from qianmian.app.questions.timeline import timeline
from qianmian.core.language import Language
from qianmian.http.asked import OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/people", tags=["profile"])

Person = Annotated[str, Path(max_length=13, description="id of the person, 13 characters")]
_MEDIA = {
    PeopleFormat.CSV: "text/csv",
    PeopleFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PeopleFormat.PARQUET: "application/vnd.apache.parquet",
}
Cursor = Annotated[str | None, Query(max_length=40_000, description="where the last page ended: its `next`")]


class SearchAsked(BaseModel):
    """Who is looked for; neither a name nor a condition means everybody."""

    name: str | None = Field(
        default=None, max_length=500, description="namespace:value, a bare user_id, person:<id>, or an id alone"
    )
    condition: str | None = Field(default=None, max_length=20_000, description="in the condition language")
    sort: Sort = Field(default=Sort.PERSON, description="order; all but person begin with the largest")
    cursor: str | None = Field(default=None, max_length=1000, description="where the last page ended: its `next`")
    limit: int = Field(default=50, ge=1, le=200, description="people on a page")


class ExportAsked(BaseModel):
    """Who is written into a file; no condition means everybody."""

    condition: str | None = Field(default=None, max_length=20_000, description="in the condition language")
    sort: Sort = Field(default=Sort.PERSON, description="order; all but person begin with the largest")
    limit: int = Field(default=1_000_000, ge=1, le=10_000_000, description="write at most so many")
    language: Language | None = Field(default=None, description="of the heads; empty = the workspace's")
    format: PeopleFormat = Field(default=PeopleFormat.CSV, description="csv, xlsx or parquet")


class RecentAsked(BaseModel):
    """Of whom; the last build need not know them."""

    name: str = Field(min_length=1, max_length=500, description="namespace:value, a bare user_id, or person:<id>")


@router.post("/search", responses=told(400, 403, 404))
def find(shop: OpenShop, purpose: Purpose, asked: SearchAsked) -> FoundPeopleTold:
    """Find people by a name or a condition, a page at a time; names stand in the body, so that no log has them."""
    return FoundPeopleTold.model_validate(search(shop, Search(**dict(asked)), purpose=purpose))


@router.post(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in _MEDIA.values()}}, **told(400, 403, 404)},
)
def export_people(shop: OpenShop, purpose: Purpose, asked: ExportAsked) -> StreamingResponse:
    """Write people into a file as the console lists them, identifiers masked; headers tell how many there are."""
    given = dict(asked)
    kind = given.pop("format")
    file = people_in(shop, FileAsked(**given), kind, purpose=purpose)
    headers = {
        "content-disposition": f'attachment; filename="people.{kind}"',
        "x-qianmian-people": str(file.total),
        "x-qianmian-rows": str(file.rows),
    }
    return StreamingResponse(file.pieces, media_type=_MEDIA[kind], headers=headers)


@router.post("/recent", responses=told(400, 403, 404))
def show_recent_of(shop: OpenShop, purpose: Purpose, asked: RecentAsked) -> RecentTold:
    """Show what was received of somebody by a name, though no build may know them; the name stands in the body."""
    return RecentTold.model_validate(recent(shop, asked.name.strip(), purpose=purpose))


@router.get("/{person}/recent", responses=told(400, 403, 404))
def show_recent(shop: OpenShop, purpose: Purpose, person: Person) -> RecentTold:
    """Show what was received of a person, up to this moment, and is not in the profile before the next build."""
    return RecentTold.model_validate(recent(shop, f"person:{person}", purpose=purpose))


@router.get("/{person}/timeline", responses=told(400, 403, 404))
def show_timeline(
    shop: OpenShop,
    purpose: Purpose,
    person: Person,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50, description="sessions on a page")] = 10,
) -> TimelineTold:
    """Show what a person did, session by session, the newest first."""
    return TimelineTold.model_validate(timeline(shop, person, purpose=purpose, after=cursor, limit=limit))


@router.get("/{person}/consent", responses=told(400, 403, 404))
def show_consent(shop: OpenShop, purpose: Purpose, person: Person) -> ConsentStateTold:
    """Show what a person agreed to when they last said, when that was, and which event says so."""
    return ConsentStateTold.model_validate(consent_state(shop, f"person:{person}", purpose=purpose))


@router.get("/{person}/orders", responses=told(400, 403, 404))
def show_orders(
    shop: OpenShop,
    purpose: Purpose,
    person: Person,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="orders on a page")] = 20,
) -> PersonOrdersTold:
    """Show a person's orders with their products and refunds, the newest first."""
    return PersonOrdersTold.model_validate(orders(shop, person, purpose=purpose, after=cursor, limit=limit))
