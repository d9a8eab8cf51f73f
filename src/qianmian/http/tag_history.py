"""The life of a tag over HTTP: over the builds, of one person, between two dates, and its check-up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.contracts.tag_history import (
    FlowTold,
    MovedPeopleTold,
    PersonTagTold,
    TagCheckupsTold,
    TagCheckupTold,
    TagHistoryTold,
)
from qianmian.app.questions.tag_checkup import checkup, checkups
from qianmian.app.questions.tag_history import tag_history
from qianmian.app.questions.tag_stays import flow, moved_people, person_tag
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api", tags=["profile"])

Name = Annotated[str, Path(max_length=80, description="name of the tag")]
Since = Annotated[date | None, Query(description="the earlier local date; 30 days before the later one if not given")]
Until = Annotated[date | None, Query(description="the later local date; the last build's if not given")]


@router.get("/tag-checkups", responses=told(403, 404))
def show_checkups(shop: OpenShop, purpose: Purpose, language: Spoken) -> TagCheckupsTold:
    """Check all tags by nine marks each, the worst first."""
    found, computed = checkups(shop, purpose=purpose)
    tags = [TagCheckupTold.of(one, language) for one in found]
    return TagCheckupsTold(tags=tags, computed=ComputedTold.of(computed))


@router.get("/tag-checkups/{name}", responses=told(403, 404))
def show_checkup(shop: OpenShop, purpose: Purpose, language: Spoken, name: Name) -> TagCheckupTold:
    """Check one tag by nine marks."""
    return TagCheckupTold.of(checkup(shop, name, purpose=purpose)[0], language)


@router.get("/tag-history/{name}", responses=told(403, 404))
def show_history(shop: OpenShop, purpose: Purpose, name: Name) -> TagHistoryTold:
    """Show how a tag lay over all people at each build, and whether it drifted."""
    return TagHistoryTold.of(tag_history(shop, name, purpose=purpose))


@router.get("/tag-history/{name}/person", responses=told(400, 403, 404))
def show_person(
    shop: OpenShop,
    purpose: Purpose,
    language: Spoken,
    name: Name,
    person: Annotated[str, Query(max_length=500, description="namespace:value, a bare user_id, or person:<id>")],
    on: Annotated[date | None, Query(description="a local date; the last build's if not given")] = None,
) -> PersonTagTold:
    """Show what a tag said of one person: as published then, and by today's definition."""
    return PersonTagTold.of(person_tag(shop, name, person, on=on, purpose=purpose), language)


@router.get("/tag-history/{name}/flow", responses=told(400, 403, 404))
def show_flow(shop: OpenShop, purpose: Purpose, name: Name, since: Since = None, until: Until = None) -> FlowTold:
    """Count who went from which value of a tag to which, between two dates."""
    return FlowTold.of(flow(shop, name, since=since, until=until, purpose=purpose))


class MovedAsked(BaseModel):
    """Who is looked for: those who went from a value to another."""

    since: date = Field(description="the earlier local date")
    until: date = Field(description="the later local date")
    before: str | None = Field(None, max_length=200, description="the value on the earlier date; left out = none")
    after: str | None = Field(None, max_length=200, description="the value on the later date; left out = none")


@router.get("/tag-history/{name}/flow/people", responses=told(400, 403, 404))
def show_moved(shop: OpenShop, purpose: Purpose, name: Name, asked: Annotated[MovedAsked, Query()]) -> MovedPeopleTold:
    """List those who went from a value to another and still have a profile."""
    dates = (asked.since, asked.until)
    people, listed = moved_people(shop, name, asked.before, asked.after, dates=dates, purpose=purpose)
    return MovedPeopleTold(people=people, listed=listed)
