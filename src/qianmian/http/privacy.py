"""Purposes and erasures over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from qianmian.app.contracts.privacy import ErasureTold, PurposeTold
from qianmian.http.asked import Jobs, OpenShop
from qianmian.http.errors import told
from qianmian.privacy.purposes import Basis

router = APIRouter(prefix="/api", tags=["privacy"])

Name = Annotated[str, Path(max_length=60, description="name of the purpose")]


class ErasureAsked(BaseModel):
    """Who is to be erased."""

    names: list[str] = Field(min_length=1, max_length=1000, description="namespace:value, a user_id, or person:<id>")


class PurposeAsked(BaseModel):
    """On what a purpose stands."""

    basis: Basis = Field(description="legal basis")


@router.post("/erasures", responses={202: {"model": ErasureTold, "description": "started"}, **told(400, 404, 409, 507)})
def erase(
    shop: OpenShop,
    jobs: Jobs,
    asked: ErasureAsked,
    response: Response,
    plan: Annotated[bool, Query(description="tell the plan, change nothing")] = False,
) -> ErasureTold:
    """Erase people for good, as a job that goes on by itself; or tell what that would do."""
    planned = shop.plan_erase(asked.names)
    if plan:
        return ErasureTold.of(planned)
    response.status_code = 202
    return ErasureTold.of(planned, jobs.start(lambda watch: shop.erase(planned, watch)))


@router.get("/purposes", responses=told())
def list_purposes(shop: OpenShop) -> list[PurposeTold]:
    """List the registered purposes."""
    return _registered(shop)


@router.put("/purposes/{name}", responses=told(400, 422))
def add_purpose(shop: OpenShop, name: Name, asked: PurposeAsked) -> list[PurposeTold]:
    """Allow a purpose on a legal basis; answers what is registered then."""
    shop.workspace.purposes.register(name, asked.basis, shop.workspace.clock.now())
    return _registered(shop)


@router.delete("/purposes/{name}", responses=told(403))
def remove_purpose(shop: OpenShop, name: Name) -> list[PurposeTold]:
    """Deny a purpose from now on; answers what is registered then."""
    shop.workspace.purposes.remove(name)
    return _registered(shop)


def _registered(shop: OpenShop) -> list[PurposeTold]:
    return [PurposeTold.of(purpose) for purpose in shop.workspace.purposes.registered()]
