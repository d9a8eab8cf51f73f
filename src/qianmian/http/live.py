"""Events as they arrive, over HTTP; a screen asks again about once a second."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request

from qianmian.app.contracts.live import LiveTold
from qianmian.app.live import Live, Wanted
from qianmian.http.asked import Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api/live", tags=["collect"])


def _live(request: Request) -> Live:
    return cast(Live, request.app.state.live)


def _wanted(
    source: Annotated[str, Query(max_length=60, description="only of this data source")] = "",
    environment: Annotated[str, Query(max_length=10, description="only of dev or prod")] = "",
    name: Annotated[str, Query(max_length=200, description="only events with this in their name")] = "",
    traffic: Annotated[
        str, Query(max_length=40, description="only flagged for a reason such as bot; flagged = any, ordinary = not")
    ] = "",
) -> Wanted:
    return Wanted(source, environment, name, traffic)


@router.get("", responses=told(403))
def live_events(
    language: Spoken,
    _purpose: Purpose,
    live: Annotated[Live, Depends(_live)],
    wanted: Annotated[Wanted, Depends(_wanted)],
    cursor: Annotated[str, Query(max_length=80, description="of the last look: only newer events come")] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="list at most so many")] = 100,
) -> LiveTold:
    """Show the newest events as they arrive, personal values masked, and what becomes of each."""
    return LiveTold.of(live.look(wanted, cursor, limit), language)
