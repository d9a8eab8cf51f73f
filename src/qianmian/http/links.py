"""Tracked links over HTTP: made, led elsewhere, disabled, drawn as QR codes, and counted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from qianmian.app.contracts.links import CountedLinkTold, LinkPageTold, LinkTold
from qianmian.app.qr import Picture, address_of, qr_code
from qianmian.app.questions.openings import counted_links, link_page
from qianmian.app.shop import Shop
from qianmian.app.tracked_links import LONGEST_TARGET, LONGEST_WORD, NewLink, TrackedLinks
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/links", tags=["collect"])

Code = Annotated[str, Path(max_length=40, description="code of the link")]
_MEDIA = {Picture.SVG: "image/svg+xml", Picture.PNG: "image/png"}
_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"description": "the picture", "content": {media: {} for media in _MEDIA.values()}}
}


class LinkAsked(BaseModel):
    """A link that is to be made."""

    target: str = Field(max_length=LONGEST_TARGET, description="web address that it leads to")
    kind: str = Field(max_length=20, description="what it belongs to: post, leader, group, shop or item")
    owner: str = Field("", max_length=LONGEST_WORD, description="number or name of that, without personal data")
    words: dict[str, str] = Field({}, max_length=5, description="source, medium, campaign, content, term")
    code: str = Field("", max_length=40, description="what stands in its address; empty = one is made")


class LinkChangeAsked(BaseModel):
    """What is to be different; what is left out stays."""

    target: str | None = Field(None, max_length=LONGEST_TARGET, description="web address that it leads to from now on")
    is_disabled: bool | None = Field(None, description="whether it leads nowhere any more")


@router.get("", responses=told(403))
def list_links(shop: OpenShop, purpose: Purpose) -> list[CountedLinkTold]:
    """List the tracked links with their counts, the newest first."""
    settings = shop.workspace.settings
    return [CountedLinkTold.of_counted(one, settings) for one in counted_links(shop, purpose=purpose)]


@router.post("", responses=told(400, 403))
def add_link(shop: OpenShop, caller: Asking, asked: LinkAsked) -> LinkTold:
    """Make a tracked link."""
    link = _links(shop).add(NewLink(**asked.model_dump()), shop.workspace.entropy, by=caller.account)
    return LinkTold.of(link, shop.workspace.settings)


@router.get("/{code}", responses=told(403, 404))
def show_link(shop: OpenShop, purpose: Purpose, code: Code) -> LinkPageTold:
    """Show a link: openings by day and app, and how many people came."""
    return LinkPageTold.of(link_page(shop, code, purpose=purpose), shop.workspace.settings)


@router.patch("/{code}", responses=told(400, 403, 404))
def change_link(shop: OpenShop, code: Code, asked: LinkChangeAsked) -> LinkTold:
    """Lead a link elsewhere, disable it, or let it lead on again."""
    link = _links(shop).change(code, target=asked.target, is_disabled=asked.is_disabled)
    return LinkTold.of(link, shop.workspace.settings)


@router.get("/{code}/qr", response_class=Response, responses=told(404) | _PICTURES)
def draw_link(
    shop: OpenShop,
    code: Code,
    picture: Annotated[Picture, Query(description="svg or png")] = Picture.SVG,
    pixels: Annotated[int, Query(ge=1, le=40, description="size of the smallest square")] = 8,
) -> Response:
    """Draw a link's QR code, ready to print."""
    link = _links(shop).get(code)
    drawn = qr_code(address_of(link.code, shop.workspace.settings), picture, pixels)
    return Response(drawn, media_type=_MEDIA[picture])


def _links(shop: Shop) -> TrackedLinks:
    return TrackedLinks(shop.workspace.catalogue, shop.workspace.clock)
