"""The application: all routes behind one gate."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from qianmian.app.access.admission import Admission
from qianmian.app.background import Background
from qianmian.app.collecting import collecting
from qianmian.app.intake.follower import Follower
from qianmian.app.live import Live
from qianmian.app.opening import opening
from qianmian.app.shop import Shop
from qianmian.app.workspace import Workspace
from qianmian.collect.wire.contracts import Delivery
from qianmian.http import (
    access,
    audiences,
    campaigns,
    clusters,
    collect,
    console,
    context,
    definitions,
    errors,
    facts,
    folders,
    goods,
    identity,
    identity_decisions,
    identity_review,
    identity_rules,
    journeys,
    links,
    live,
    matching,
    metrics,
    overview,
    patterns,
    people,
    plan,
    privacy,
    profile,
    pulls,
    quality,
    segment,
    sources,
    syncs,
    system,
    tag_history,
    ties,
    traffic,
)
from qianmian.http.asked import asking, bearer
from qianmian.http.collector import Collector
from qianmian.http.gate import MOST_UPLOAD_BYTES, Gate
from qianmian.http.opener import Opener
from qianmian.http.room import Room
from qianmian.http.threshold import Admit

#: Questions answered at a time; each may use the memory that the workspace allows one computation.
AT_A_TIME = 4
#: The routes that tell only who may come in, in the order of the flow.
ROUTERS = (
    overview.router,
    collect.router,
    sources.router,
    live.router,
    plan.router,
    traffic.router,
    links.router,
    pulls.router,
    facts.router,
    folders.router,
    goods.router,
    context.router,
    identity.router,
    identity_decisions.router,
    identity_review.router,
    identity_rules.router,
    quality.router,
    quality.rules_router,
    matching.router,
    people.router,
    ties.router,
    definitions.router,
    profile.router,
    tag_history.router,
    segment.router,
    audiences.router,
    clusters.router,
    patterns.router,
    journeys.router,
    campaigns.router,
    syncs.router,
    metrics.router,
    privacy.router,
    access.router,
    system.router,
)
#: Those that anybody may ask.
OPEN_ROUTERS = (access.entrance, system.health)


def routes() -> list[APIRoute]:
    """Every route of the API, as it is declared."""
    return [route for router in (*ROUTERS, *OPEN_ROUTERS) for route in router.routes if isinstance(route, APIRoute)]


for _route in routes():
    _route.summary, _route.description = (_route.endpoint.__doc__ or "").partition("\n")[0], ""


def application(shop: Shop, *, most_upload: int = MOST_UPLOAD_BYTES, dist: Path = console.DIST) -> FastAPI:
    """The HTTP door of an open shop.

    Args:
        shop: what it serves; stays open as long as the application runs.
        most_upload: largest upload, in bytes.
        dist: the folder of the built console.
    """
    app = declared()
    app.state.shop, app.state.admission = shop, Admission(shop.workspace)
    app.state.live = Live(shop.workspace)
    app.state.pages, app.state.violations = console.Pages.of(dist), Counter()
    app.include_router(console.router)  # last: the console's page answers what nobody else does
    errors.register(app)
    app.add_middleware(Gate, admission=app.state.admission, settings=shop.workspace.settings, most_upload=most_upload)
    return app


@dataclass(frozen=True)
class Front:
    """What a server serves.

    Attributes:
        app: answers requests.
        admit: answers requests that there is no room for, before `app` hears of them.
    """

    app: ASGIApp
    admit: Admit


def fronted(app: FastAPI) -> Front:
    """An application behind the doors of tracked links and of tracking SDKs, which need neither account nor framework.

    Args:
        app: of `application`.
    """
    workspace: Workspace = app.state.shop.workspace

    async def accept(delivery: Delivery) -> None:
        await app.state.collecting.accept(delivery)

    def turned_away(status: int, key: str) -> None:
        app.state.collecting.turned_away(status, key)

    collector = Collector(
        app,
        accept=accept,
        clock=workspace.clock,
        key=workspace.keys.journal,
        turned_away=turned_away,
        room=Room(workspace.settings.arriving_mib << 20),
    )
    return Front(Opener(collector, opening=lambda: app.state.opening), collector.admit)


def declared() -> FastAPI:
    """The API's routes without a shop: enough to tell its schema."""
    app = FastAPI(
        title="千面 Qianmian",
        summary="From the traces that people leave in a shop to living profiles.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # asked for at every request otherwise
        generate_unique_id_function=lambda route: f"{route.tags[0]}_{route.name}",
    )
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(bearer), Depends(asking)])
    for router in OPEN_ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    shop: Shop = app.state.shop
    app.state.background = Background(shop.workspace.jobs)
    to_thread.current_default_thread_limiter().total_tokens = AT_A_TIME
    shutil.rmtree(collect.uploads(shop.workspace.data), ignore_errors=True)
    try:
        async with (
            collecting(shop.workspace) as app.state.collecting,
            opening(shop.workspace, app.state.collecting.writer, app.state.collecting.counter) as app.state.opening,
        ):
            follower = Follower(shop, os.environ)
            try:
                yield
            finally:
                follower.close()
    finally:
        app.state.background.close()
