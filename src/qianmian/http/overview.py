"""The shop at a glance over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from qianmian.app.contracts.console import OverviewTold
from qianmian.app.questions import overview as asking
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api", tags=["overview"])

From = Annotated[date | None, Query(alias="from", description="first local date; 29 days before the last if not given")]
To = Annotated[date | None, Query(alias="to", description="last local date; the build's if not given")]


@router.get("/overview", responses=told(400, 403, 404))
def overview(shop: OpenShop, language: Spoken, purpose: Purpose, first: From = None, last: To = None) -> OverviewTold:
    """Show people, events, orders and money of a range of dates, and how fresh they are."""
    found = asking.overview(shop, purpose=purpose, first=first, last=last)
    return OverviewTold.of(found, language)
