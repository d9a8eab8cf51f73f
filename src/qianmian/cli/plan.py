"""``qianmian plan …``: which events are allowed, what was seen, and what deviates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from qianmian.app.contracts.plan import (
    EventLineTold,
    KeptApartEventTold,
    KeptApartTold,
    PlanEventTold,
    PlanTold,
    PlanVersionTold,
    PropertyLineTold,
    ReplayedTold,
    StarterTold,
    ViolationTold,
)
from qianmian.app.tracking import asked
from qianmian.app.tracking import quarantine as apart
from qianmian.app.tracking.promotion import promote_event, promote_property
from qianmian.app.tracking.review import DAYS, violation_lines
from qianmian.cli.declaration import read_declaration
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.collect.plan.plan import Mode, PersonalKind, PropertyType
from qianmian.collect.plan.starters import all_starters, find_starters
from qianmian.core.errors import PlanError

_File = Annotated[Path, typer.Argument(help="A plan, YAML: see docs/guides/tracking-plan.md.", show_default=False)]
_Days = Annotated[int, typer.Option("--days", min=1, max=90, help="How many days of counts to tell of.")]
_Event = Annotated[str, typer.Argument(help="Name of the event.", metavar="EVENT", show_default=False)]
_Source = Annotated[str | None, typer.Option(help="Data source; all if not given.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="The tracking plan: which events are allowed, and what deviates.")
    for name, function in (
        ("show", show),
        ("check", check),
        ("apply", apply),
        ("add", add),
        ("history", history),
        ("mode", mode),
        ("violations", violations),
        ("promote", promote),
        ("quarantine", quarantine),
        ("replay", replay),
    ):
        command(group, name)(function)
    command(group, "starters", workspace=False)(starters)
    app.add_typer(group, name="plan")


def show(
    door: Door,
    event: Annotated[str, typer.Argument(help="An event; all of them if not given.")] = "",
    days: _Days = DAYS,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the plan as it was applied.")] = False,
) -> None:
    """Show the plan beside what was seen: all events, or one with its properties."""
    with door.shop() as shop:
        one = asked.event_told(shop.workspace, event, days) if event else None
        told = asked.plan_told(shop.workspace, days)
    if one:
        door.tell(one, *_event(one))
    elif as_yaml:
        door.tell(told, Text(told.text.rstrip("\n")))
    else:
        door.tell(told, *_plan(told))


def check(door: Door, file: _File) -> None:
    """Tell whether a plan can be applied, and what it would change."""
    with door.shop() as shop:
        told = asked.checked(shop.workspace, read_declaration(file, PlanError), file.name)
    table = Table("", "event", "property", box=None)
    for one in told.differences:
        table.add_row(one.what, printable(one.event) or "(all events)", printable(one.property))
    door.tell(told, f"{told.events:,} events; {len(told.differences):,} differences from the plan that holds", table)


def apply(door: Door, file: _File) -> None:
    """Let a plan hold for every event that is taken in from now on."""
    with door.shop() as shop:
        version = asked.plans(shop.workspace).apply(read_declaration(file, PlanError), file.name, origin="file")
    _tell_version(door, PlanVersionTold.of(version))


def add(
    door: Door,
    names: Annotated[
        list[str], typer.Argument(help="Starter plans: see `qianmian plan starters`.", metavar="STARTER…")
    ],
) -> None:
    """Add the events of starter plans that are not planned yet."""
    with door.shop() as shop:
        version = asked.add_starters(shop.workspace, names)
    _tell_version(door, PlanVersionTold.of(version))


def starters(
    door: Door,
    name: Annotated[str, typer.Argument(help="Such as group_buy; all of them if not given.")] = "",
) -> None:
    """List the plans that come with the product, or write one out: `… > plan.yaml`."""
    if name:
        told = StarterTold.of(find_starters([name])[0])
        door.tell(told, Text(told.text.rstrip("\n")))
        return
    every = [StarterTold.of(one) for one in all_starters()]
    table = Table("starter", "标题", "title", "events", box=None)
    for one in every:
        table.add_row(one.name, one.title.zh, one.title.en, str(len(one.events)))
    door.tell(every, table)


def history(door: Door) -> None:
    """List the versions of the plan, the one that holds first."""
    with door.shop() as shop:
        told = [PlanVersionTold.of(one) for one in asked.plans(shop.workspace).all()]
    table = Table("version", "events", "brought by", "applied by", "applied", "digest", box=None)
    for one in told:
        applied = f"{one.applied_at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.version), f"{one.events:,}", one.origin, one.applied_by, applied, one.digest)
    door.tell(told, table)


def mode(
    door: Door,
    mode: Annotated[
        Mode | None, typer.Argument(help="What becomes of events that deviate.", show_default=False)
    ] = None,
    source: _Source = None,
    inherit: Annotated[bool, typer.Option("--inherit", help="Let the source go with the workspace again.")] = False,
) -> None:
    """Show or choose what becomes of events that deviate: observe, quarantine or strict."""
    with door.shop() as shop:
        if mode or inherit:
            asked.plans(shop.workspace).choose(None if inherit else mode, source=source or "")
        told = asked.plan_told(shop.workspace, DAYS)
    table = Table("source", "mode", "changed", box=None)
    table.add_row("(all others)", told.mode, "")
    for one in told.modes:
        if one.source:
            table.add_row(one.source, one.mode, f"{one.changed_at:%Y-%m-%d %H:%M}" if one.changed_at else "")
    door.tell({"mode": told.mode, "modes": told.modes}, table)


def violations(door: Door, days: _Days = DAYS) -> None:
    """List how events deviated in the last days, each with the form of one value."""
    with door.shop() as shop:
        told = [ViolationTold.model_validate(one) for one in violation_lines(shop.workspace, days)]
    door.tell(told, _violations(told))


def promote(
    door: Door,
    event: _Event,
    property_name: Annotated[
        str, typer.Argument(help="One property; the event if not given.", metavar="PROPERTY")
    ] = "",
    type_name: Annotated[PropertyType | None, typer.Option("--type", help="Another type than was seen.")] = None,
    required: Annotated[bool, typer.Option("--required", help="An event without it deviates.")] = False,
    personal: Annotated[PersonalKind | None, typer.Option(help="Class of personal data.")] = None,
) -> None:
    """Plan what was seen: an event with the properties that it has, or one property."""
    given = {"type": type_name and type_name.value, "required": required, "personal": personal and personal.value}
    with door.shop() as shop:
        if property_name:
            known = {key: value for key, value in given.items() if value}
            version = promote_property(shop.workspace, event, property_name, known)
        else:
            version = promote_event(shop.workspace, event)
    _tell_version(door, PlanVersionTold.of(version))


def quarantine(
    door: Door,
    kept: Annotated[str, typer.Option("--id", help="Show this event, personal values masked.")] = "",
    source: _Source = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="List at most so many.")] = 100,
) -> None:
    """List the last events that were kept apart, or show one."""
    with door.shop() as shop:
        language = door.language(shop)
        if kept:
            one = KeptApartEventTold.of(apart.one(shop.workspace, kept), language)
            words = (one.event, one.detail, json.dumps(one.content, ensure_ascii=False, indent=2))
            door.tell(one, *map(printable, words[:2]), Text(words[2]))
            return
        told = [KeptApartTold.of(row, language) for row in apart.newest(shop.workspace, limit, source=source or "")]
    table = Table("kept apart", "source", "event", "reason", "property", "detail", "id", box=None)
    for row in told:
        names = (row.source, printable(row.event), row.reason, printable(row.property), printable(row.detail), row.id)
        table.add_row(f"{row.refused_at:%Y-%m-%d %H:%M}", *names)
    door.tell(told, table)


def replay(
    door: Door,
    source: _Source = None,
    only: Annotated[list[str], typer.Option("--only", help="Id of an event; may be given again.")] = [],  # noqa: B006
) -> None:
    """Take in the events that were kept apart and that fit the plan now."""
    with door.shop() as shop, door.watch() as watch:
        told = ReplayedTold.model_validate(shop.replay_plan(source, watch, only))
    parts = f"stored {told.stored:,} + duplicates {told.duplicates:,} + still waiting {told.waiting:,}"
    door.tell(told, f"read {told.read:,} = {parts}")


def _tell_version(door: Door, told: PlanVersionTold) -> None:
    door.tell(told, f"version {told.version} holds: {told.events:,} events")


def _plan(told: PlanTold) -> list[Table | str]:
    head = f"version {told.version.version}, mode {told.mode}" if told.version else "nothing is planned yet"
    table = Table("event", "planned", "events", f"last {told.days} days", "deviations", "last seen", box=None)
    for one in told.events:
        table.add_row(printable(one.name), "yes" if one.planned else "no", *_numbers(one), _when(one))
    apart = [f"{one.events:,} kept apart from {one.source}: {one.reason}" for one in told.waiting]
    return [head, table, *apart]


def _event(told: PlanEventTold) -> list[Table | str]:
    one = told.event
    head = f"{one.name}: {one.events:,} events, {'planned' if one.planned else 'not planned'}"
    table = Table("property", "planned", "seen", "share", "deviations", "form", box=None)
    for found in told.properties:
        seen = ", ".join(f"{kind.type} {kind.events:,}" for kind in found.types)
        share = f"{found.events / one.events:.1%}" if one.events else ""
        row = (printable(found.name), _planned(found), seen, share, f"{found.deviations:,}", printable(found.sample))
        table.add_row(*row)
    return [printable(head), table, *([_violations(told.violations)] if told.violations else [])]


def _planned(found: PropertyLineTold) -> str:
    planned = found.planned
    if planned is None:
        return "no"
    words = (planned.type, planned.unit, "required" if planned.required else "", planned.personal)
    return " ".join(filter(None, words))


def _violations(told: list[ViolationTold]) -> Table:
    table = Table("events", "violation", "event", "property", "source", "last", "form", box=None)
    for one in told:
        names = (one.kind, printable(one.event), printable(one.property), one.source)
        table.add_row(f"{one.events:,}", *names, one.last_on, printable(one.example))
    return table


def _numbers(one: EventLineTold) -> tuple[str, str, str]:
    return f"{one.events:,}", f"{one.recent:,}", f"{one.deviations:,}"


def _when(one: EventLineTold) -> str:
    return f"{one.last_at:%Y-%m-%d %H:%M}" if one.last_at else ""
