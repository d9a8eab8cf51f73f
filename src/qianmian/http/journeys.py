"""Purchase journeys over HTTP: how many people stand where, who moved, and where one person stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from qianmian.app.contracts.journeys import JourneysTold, PersonJourneysTold
from qianmian.app.questions.journeys import DAYS, journeys, person_journeys
from qianmian.http.asked import OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/journeys", tags=["segment"])

Category = Annotated[str, Query(max_length=200, description="of goods; empty = the one with most people")]
Days = Annotated[int, Query(ge=1, le=3660, description="local dates over which moves are counted")]
Named = Annotated[str, Query(max_length=500, description="namespace:value, a bare user_id, or person:<id>")]


@router.get("", responses=told(400, 403, 404))
def show_journeys(shop: OpenShop, purpose: Purpose, category: Category = "", days: Days = DAYS) -> JourneysTold:
    """Count the people in each stage of a category, and those who moved in the last days."""
    return JourneysTold.model_validate(journeys(shop, category or None, days=days, purpose=purpose))


@router.get("/person", responses=told(403, 404))
def show_person(shop: OpenShop, purpose: Purpose, person: Named) -> PersonJourneysTold:
    """Show where a person stands with each category, since when, and all stages so far."""
    return PersonJourneysTold.model_validate(person_journeys(shop, person, purpose=purpose))
