"""``qianmian link …``: short addresses and QR codes that lead on and note who came by which."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.links import CountedLinkTold, LinkPageTold, LinkTold
from qianmian.app.qr import Picture, address_of, qr_code
from qianmian.app.questions.openings import counted_links, link_page
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.tracked_links import KINDS, NewLink, TrackedLink, TrackedLinks
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.core.errors import InputError
from qianmian.core.messages import Message
from qianmian.lake.durable import storage_errors

_Code = Annotated[str, typer.Argument(help="Code of the link.", metavar="CODE", show_default=False)]
_Target = Annotated[str, typer.Argument(help="Web address that it leads to.", metavar="TARGET", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Tracked links: short addresses and QR codes, and who came by them.")
    for name, function in (
        ("add", add),
        ("list", list_links),
        ("show", show),
        ("change", change),
        ("disable", disable),
        ("enable", enable),
        ("qr", draw),
    ):
        command(group, name)(function)
    app.add_typer(group, name="link")


def add(  # every part of a link is an option
    door: Door,
    target: _Target,
    kind: Annotated[str, typer.Option(help=f"What it belongs to: {', '.join(KINDS)}.", show_default=False)],
    owner: Annotated[str, typer.Option(help="Number or name of that, without personal data.")] = "",
    utm: Annotated[
        list[str], typer.Option(help="A word of the campaign, such as source=weibo; may be given again.")
    ] = [],  # noqa: B006  # read only
    code: Annotated[str, typer.Option(help="What stands in its address; one is made if not given.")] = "",
) -> None:
    """Make a tracked link; prints its address."""
    words = dict(_pair(one) for one in utm)
    with door.shop() as shop:
        asked = NewLink(target=target, kind=kind, owner=owner, words=words, code=code)
        link = _links(shop).add(asked, shop.workspace.entropy)
        _tell_one(door, shop, link)


def list_links(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List the links with their counts, the newest first."""
    with door.shop() as shop:
        settings = shop.workspace.settings
        told = [CountedLinkTold.of_counted(one, settings) for one in counted_links(shop, purpose=purpose)]
    table = Table("code", "kind", "owner", "target", "opened", "previewed", "last opened", "", box=None)
    for one in told:
        last = f"{one.last_at.astimezone(settings.zone):%Y-%m-%d %H:%M}" if one.last_at else ""
        state = "disabled" if one.disabled_at else ""
        words = one.code, one.kind, printable(one.owner), printable(one.target)
        table.add_row(*words, f"{one.opened:,}", f"{one.previewed:,}", last, state)
    door.tell_rows(told, table, "no links")


def show(door: Door, code: _Code, purpose: Purpose = ANALYSE) -> None:
    """Show a link: openings by day and by app, and how many people came."""
    with door.shop() as shop:
        told = LinkPageTold.of(link_page(shop, code, purpose=purpose), shop.workspace.settings)
    link = told.link
    head = f"opened {link.opened:,}, landed {told.landed:,}, people {told.people:,}, previews {link.previewed:,}"
    unkept = [f"not kept: {link.unkept:,}"] if link.unkept else []
    days = Table("date", "opened", box=None)
    for day in told.days:
        if day.opened:
            days.add_row(f"{day.on:%Y-%m-%d}", f"{day.opened:,}")
    channels = ", ".join(f"{one.channel} {one.opened:,}" for one in told.channels)
    door.tell(told, f"{link.address} → {printable(link.target)}", head, *unkept, channels, days)


def change(
    door: Door,
    code: _Code,
    to: Annotated[str, typer.Option(help="Web address that it leads to from now on.", show_default=False)],
) -> None:
    """Lead a link elsewhere; what is printed stays good."""
    with door.shop() as shop:
        _tell_one(door, shop, _links(shop).change(code, target=to))


def disable(door: Door, code: _Code) -> None:
    """Let a link lead nowhere, until it is enabled again."""
    with door.shop() as shop:
        _tell_one(door, shop, _links(shop).change(code, is_disabled=True))


def enable(door: Door, code: _Code) -> None:
    """Let a disabled link lead on again."""
    with door.shop() as shop:
        _tell_one(door, shop, _links(shop).change(code, is_disabled=False))


def draw(
    door: Door,
    code: _Code,
    to: Annotated[Path, typer.Option(help="File to write: .svg or .png.", show_default=False)],
    pixels: Annotated[int, typer.Option(min=1, max=40, help="Size of the smallest square, in pixels.")] = 8,
) -> None:
    """Draw a link's QR code into a file."""
    kinds = [picture.value for picture in Picture]
    if to.suffix.removeprefix(".").lower() not in kinds:
        raise InputError("qr_file", kinds=kinds)
    with door.shop() as shop:
        link = _links(shop).get(code)
        address = address_of(link.code, shop.workspace.settings)
        with storage_errors("the QR code"):
            to.write_bytes(qr_code(address, Picture(to.suffix.removeprefix(".").lower()), pixels))
        _tell_one(door, shop, link)


def _links(shop: Shop) -> TrackedLinks:
    return TrackedLinks(shop.workspace.catalogue, shop.workspace.clock)


def _pair(text: str) -> tuple[str, str]:
    name, _, word = text.partition("=")
    return name, word


def _tell_one(door: Door, shop: Shop, link: TrackedLink) -> None:
    settings = shop.workspace.settings
    told = LinkTold.of(link, settings)
    if not settings.public_address:
        door.note(Message("link_local").what(door.language(shop)))
    state = " (disabled)" if link.disabled_at else ""
    door.tell(told, f"{told.address} → {printable(told.target)}{state}")
