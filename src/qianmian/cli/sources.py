"""``qianmian source …``: which data sources may send events, and their write keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.consent import SourceConsentTold
from qianmian.app.contracts.sources import HealthTold, SourceTold, WriteKeyTold
from qianmian.app.health import health
from qianmian.app.questions.consent import stated_purposes
from qianmian.app.shop import Shop
from qianmian.app.sources import GRACE, Sources
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.collect.wire.doors import DIALECTS
from qianmian.core.errors import InputError

_Source = Annotated[str, typer.Argument(help="Name of the source.", metavar="SOURCE", show_default=False)]
_Dialects = Annotated[list[str], typer.Option("--dialect", help="Protocol that it may speak; may be given again.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Sources: who may send events, and by which key.")
    for name, function in (
        ("add", add),
        ("list", list_sources),
        ("health", show_health),
        ("roll", roll),
        ("limit", limit),
        ("personal-data", treat),
        ("consent", consent),
        ("disable", disable),
    ):
        command(group, name)(function)
    app.add_typer(group, name="source")


def add(
    door: Door,
    source: _Source,
    environment: Annotated[str, typer.Option(help="prod, or dev for what is tried out.")] = "prod",
    dialect: _Dialects = list(DIALECTS),  # noqa: B006  # read only
) -> None:
    """Let a source send events; its write key is printed once."""
    with door.shop() as shop:
        key = _sources(shop).add(source, shop.workspace.entropy, environment=environment, dialects=dialect)
    door.tell(WriteKeyTold(name=source, write_key=key), key)


def list_sources(door: Door) -> None:
    """List the sources without their keys."""
    with door.shop() as shop:
        _tell(door, shop)


def roll(
    door: Door,
    source: _Source,
    grace_hours: Annotated[
        int, typer.Option(min=0, max=24 * 365, help="How long the key until now goes on working, in hours.")
    ] = GRACE // timedelta(hours=1),
) -> None:
    """Give a source another write key, printed once; a disabled source may send again by it."""
    with door.shop() as shop:
        key = _sources(shop).roll(source, shop.workspace.entropy, grace=timedelta(hours=grace_hours))
    door.tell(WriteKeyTold(name=source, write_key=key), key)


def limit(
    door: Door,
    source: _Source,
    per_second: Annotated[int | None, typer.Option(help="Events a second on average; 0 = any.")] = None,
    burst: Annotated[
        int | None, typer.Option(help="Events at once after a silence; 0 = ten seconds of the rate.")
    ] = None,
    per_day: Annotated[int | None, typer.Option(help="Events on one local date; 0 = any.")] = None,
) -> None:
    """Set how much a source may send; what is not given is as the workspace sets it for all."""
    limits = {"events_per_second": per_second, "burst_events": burst, "events_per_day": per_day}
    with door.shop() as shop:
        _sources(shop).limit(source, limits)
        told = SourceTold.of(_sources(shop).get(source))
    words = (f"{name} {'as the workspace' if value is None else value}" for name, value in limits.items())
    door.tell(told, f"{source}: {', '.join(words)}")


def show_health(door: Door) -> None:
    """Show what each source sent today and what became of it, what waits, and who was turned away or is silent."""
    with door.shop() as shop:
        told = HealthTold.of(health(shop.workspace), shop.workspace.settings)
    names = ("received", "stored", "duplicates", "skipped", "refused", "waiting")
    table = Table("source", "environment", *names, "hidden", "flagged", "last hour", "turned away", "", box=None)
    for one in told.sources:
        counts = (f"{getattr(one, name):,}" for name in names)
        flagged = " ".join(f"{flagged.reason}: {flagged.events:,}" for flagged in one.flagged)
        away = " ".join(f"{away.status}: {away.requests:,}" for away in one.turned_away)
        table.add_row(
            *(one.name, one.environment, *counts, f"{one.hidden:,}", flagged),
            *(f"{sum(one.minutes):,}", away, "silent" if one.is_silent else ""),
        )
    unknown = [f"unknown senders turned away, {one.status}: {one.requests:,}" for one in told.unknown]
    door.tell(told, table, *unknown)


def treat(
    door: Door,
    source: _Source,
    policy: Annotated[
        PersonalData, typer.Argument(help="mask, drop (the property) or refuse (the event).", show_default=False)
    ],
) -> None:
    """Say what becomes of personal data that nobody declared, in all that a source sends from now on."""
    with door.shop() as shop:
        _sources(shop).treat(source, policy)
        told = SourceTold.of(_sources(shop).get(source))
    door.tell(told, f"{source}: {told.personal_data}")


def consent(
    door: Door,
    source: _Source,
    category: Annotated[
        list[str], typer.Option("--category", help="Category=purpose; may be given again. Replaces those of before.")
    ] = [],  # noqa: B006  # read only
    usual: Annotated[bool, typer.Option("--usual", help="Go with the usual meanings alone again.")] = False,
) -> None:
    """Show or declare which category of consent means which purpose, and what events of the source stated."""
    own = dict(map(_pair, category))
    with door.shop() as shop:
        sources = _sources(shop)
        if own or usual:
            sources.mean(source, own)
        told = SourceConsentTold.of(dict(sources.get(source).consent), stated_purposes(shop.workspace, source))
    meanings = Table("category", "purpose", box=None)
    for name, purpose in (told.usual | told.own).items():
        meanings.add_row(printable(name), purpose)
    stated = Table("stated", "events", "", box=None)
    for one in told.stated:
        stated.add_row(printable(one.purpose), f"{one.events:,}", "" if one.known else "unknown category")
    door.tell(told, meanings, stated)


def _pair(text: str) -> tuple[str, str]:
    category, equals, purpose = text.rpartition("=")
    if not equals:
        raise InputError("consent_pair", given=text[:60])
    return category, purpose


def disable(door: Door, source: _Source) -> None:
    """Take nothing more from a source, until it gets another key."""
    with door.shop() as shop:
        _sources(shop).disable(source)
        _tell(door, shop)


def _sources(shop: Shop) -> Sources:
    return Sources(shop.workspace.catalogue, shop.workspace.clock)


def _tell(door: Door, shop: Shop) -> None:
    told = [SourceTold.of(source) for source in _sources(shop).all()]
    table = Table("source", "environment", "dialects", "key", "made", "last sent", "", box=None)
    for one in told:
        seen = f"{one.seen_at:%Y-%m-%d %H:%M}" if one.seen_at else ""
        state = "disabled" if one.disabled_at else ""
        dialects = ", ".join(one.dialects)
        table.add_row(one.name, one.environment, dialects, one.shown, f"{one.created_at:%Y-%m-%d}", seen, state)
    door.tell_rows(told, table, "no sources")
