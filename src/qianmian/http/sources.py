"""Data sources over HTTP: who may send events, and by which write key."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.contracts.consent import SourceConsentTold
from qianmian.app.contracts.sources import HealthTold, LimitsTold, SourceTold, WriteKeyTold
from qianmian.app.health import health
from qianmian.app.questions.consent import stated_purposes
from qianmian.app.shop import Shop
from qianmian.app.sources import GRACE, Sources
from qianmian.collect.wire.doors import DIALECTS
from qianmian.http.asked import OpenShop, Purpose, SignedIn
from qianmian.http.errors import told

router = APIRouter(prefix="/api/sources", tags=["collect"])

Name = Annotated[str, Path(max_length=60, description="name of the source")]


class SourceAsked(BaseModel):
    """A source that is to be made."""

    name: str = Field(min_length=1, max_length=60, description="as its events name it, such as web")
    environment: str = Field("prod", max_length=20, description="dev or prod")
    dialects: list[str] = Field(list(DIALECTS), max_length=20, description="protocols that it may speak")


class RollAsked(BaseModel):
    """How a key gives way to another."""

    grace_hours: int = Field(
        GRACE // timedelta(hours=1), ge=0, le=24 * 365, description="how long the key until now goes on working"
    )


class PersonalDataAsked(BaseModel):
    """What becomes of personal data that nobody declared."""

    policy: str = Field(max_length=20, description="mask, drop (the property) or refuse (the event)")


class ConsentAsked(BaseModel):
    """Which category of consent means which purpose."""

    own: dict[str, str] = Field(max_length=100, description="category → purpose; empty = the usual meanings alone")


@router.get("", responses=told())
def list_sources(shop: OpenShop) -> list[SourceTold]:
    """List the sources that may send events, without their keys."""
    return [SourceTold.of(source) for source in _sources(shop).all()]


@router.get("/health", responses=told())
def source_health(shop: OpenShop) -> HealthTold:
    """Tell what each source sent today and what became of it, what waits, and who was turned away or is silent."""
    return HealthTold.of(health(shop.workspace), shop.workspace.settings)


@router.post("", responses=told(400, 403))
def add_source(shop: OpenShop, _caller: SignedIn, asked: SourceAsked) -> WriteKeyTold:
    """Let a source send events; its write key is told here and never again."""
    entropy = shop.workspace.entropy
    key = _sources(shop).add(asked.name, entropy, environment=asked.environment, dialects=asked.dialects)
    return WriteKeyTold(name=asked.name, write_key=key)


@router.post("/{name}/key", responses=told(403, 404))
def roll_key(shop: OpenShop, _caller: SignedIn, name: Name, asked: RollAsked) -> WriteKeyTold:
    """Give a source another write key, told here and never again; a disabled source may send again by it."""
    key = _sources(shop).roll(name, shop.workspace.entropy, grace=timedelta(hours=asked.grace_hours))
    return WriteKeyTold(name=name, write_key=key)


@router.post("/{name}/disable", responses=told(403, 404))
def disable_source(shop: OpenShop, _caller: SignedIn, name: Name) -> list[SourceTold]:
    """Take nothing more from a source, until it gets another key; answers all sources."""
    _sources(shop).disable(name)
    return list_sources(shop)


@router.put("/{name}/limits", responses=told(400, 403, 404))
def limit_source(shop: OpenShop, _caller: SignedIn, name: Name, asked: LimitsTold) -> SourceTold:
    """Set how much a source may send; what is left empty is as the workspace sets it for all."""
    _sources(shop).limit(name, asked.model_dump())
    return SourceTold.of(_sources(shop).get(name))


@router.put("/{name}/personal-data", responses=told(400, 403, 404))
def treat_personal_data(shop: OpenShop, _caller: SignedIn, name: Name, asked: PersonalDataAsked) -> SourceTold:
    """Say what becomes of personal data that nobody declared, in all that a source sends from now on."""
    _sources(shop).treat(name, asked.policy)
    return SourceTold.of(_sources(shop).get(name))


@router.get("/{name}/consent", responses=told(403, 404))
def show_source_consent(shop: OpenShop, _purpose: Purpose, name: Name) -> SourceConsentTold:
    """Show which category of consent means which purpose in the events of a source, and what they stated."""
    own = dict(_sources(shop).get(name).consent)
    return SourceConsentTold.of(own, stated_purposes(shop.workspace, name))


@router.put("/{name}/consent", responses=told(400, 403, 404))
def mean_consent(shop: OpenShop, _caller: SignedIn, name: Name, asked: ConsentAsked) -> SourceConsentTold:
    """Declare which category of consent means which purpose, for all that a source sends from now on."""
    _sources(shop).mean(name, asked.own)
    return SourceConsentTold.of(asked.own, stated_purposes(shop.workspace, name))


def _sources(shop: Shop) -> Sources:
    return Sources(shop.workspace.catalogue, shop.workspace.clock)
