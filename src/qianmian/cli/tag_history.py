"""``qianmian tag history|flow|checkup``: the life of a tag, who moved, and nine marks of each tag."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.contracts.tag_history import (
    FlowTold,
    PersonTagTold,
    TagCheckupsTold,
    TagCheckupTold,
    TagHistoryTold,
)
from qianmian.app.questions.tag_checkup import checkup, checkups
from qianmian.app.questions.tag_history import tag_history
from qianmian.app.questions.tag_stays import flow, person_tag
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.words import shown

_Tag = Annotated[str, typer.Argument(help="Name of a tag: see `qianmian tag list`.", metavar="TAG", show_default=False)]
_Purpose = Annotated[str, typer.Option(help="What the data is looked up for.")]
_DATES = ["%Y-%m-%d"]


def register(tags: typer.Typer) -> None:
    """Add these commands to those about tags."""
    for name, one in (("history", show_history), ("flow", show_flow), ("checkup", show_checkup)):
        command(tags, name)(one)


def show_history(
    door: Door,
    tag: _Tag,
    person: Annotated[
        str | None, typer.Option(help="Of one person: namespace:value, a bare user_id, or person:<id>.")
    ] = None,
    at: Annotated[datetime | None, typer.Option(formats=_DATES, help="With --person: as of the end of a date.")] = None,
    purpose: _Purpose = ANALYSE,
) -> None:
    """Show what a tag looked like at each build and whether it drifted; or what it said of one person."""
    if person is not None:
        _show_person(door, tag, person, at, purpose)
        return
    with door.shop() as shop:
        told = TagHistoryTold.of(tag_history(shop, tag, purpose=purpose))
    table = Table("date", "build", "people", "coverage", "changed", "median", box=None)
    for one in told.builds:
        covered = f"{one.covered / one.people:.1%}" if one.people else ""
        changed = "" if one.changed_people is None else f"{one.changed_people:,}"
        median = f"{one.quantiles[2]:g}" if one.quantiles else ""
        table.add_row(str(one.built_on), str(one.build), f"{one.people:,}", covered, changed, median)
    beside = Table("beside", "psi", "noise", "coverage", "", box=None)
    for other in told.comparisons:
        psi, noise = ("" if value is None else f"{value:.3f}" for value in (other.psi, other.noise))
        beside.add_row(f"{other.days} days", psi, noise, f"{other.coverage_change:+.1%}", other.drift)
    door.tell(told, table, beside)


def _show_person(door: Door, tag: str, person: str, at: datetime | None, purpose: str) -> None:
    with door.shop() as shop:
        language, zone = door.language(shop), shop.workspace.settings.zone
        on = at.date() if at else None
        told = PersonTagTold.of(person_tag(shop, tag, person, on=on, purpose=purpose), language)
    table = Table("since", "until", "value", box=None)
    for stay in told.stays:
        table.add_row(*(printable(shown(one, language, zone)) for one in (stay.since, stay.until, stay.value)))
    values = Table(box=None, show_header=False)
    values.add_row(f"{told.on}, as published", printable(shown(told.published, language, zone)))
    recounted = told.not_recounted or shown(told.recounted, language, zone)
    values.add_row(f"{told.on}, as known now", printable(recounted))
    door.tell(told, *([table] if told.stays else []), values)


def show_flow(
    door: Door,
    tag: _Tag,
    since: Annotated[datetime | None, typer.Option(formats=_DATES, help="The earlier date; 30 days before.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DATES, help="The later date; the last build's.")] = None,
    purpose: _Purpose = ANALYSE,
) -> None:
    """Count who went from which value of a tag to which, between two dates."""
    dates = {"since": since.date() if since else None, "until": until.date() if until else None}
    with door.shop() as shop:
        told = FlowTold.of(flow(shop, tag, **dates, purpose=purpose))
    table = Table(str(told.since), str(told.until), "people", box=None)
    for move in told.moves:
        table.add_row(printable(move.before or "-"), printable(move.after or "-"), f"{move.people:,}")
    door.tell(told, table)


def show_checkup(
    door: Door,
    tag: Annotated[str, typer.Argument(help="One tag; all if not given.", metavar="TAG", show_default=False)] = "",
    purpose: _Purpose = ANALYSE,
) -> None:
    """Check all tags by nine marks each, the worst first; or one, with what to do."""
    with door.shop() as shop:
        language = door.language(shop)
        if tag:
            one = TagCheckupTold.of(checkup(shop, tag, purpose=purpose)[0], language)
            table = Table("mark", "", "found", "do", box=None)
            for mark in one.marks:
                table.add_row(mark.name, mark.verdict, printable(mark.value), printable(mark.advice or ""))
            door.tell(one, table)
            return
        found, computed = checkups(shop, purpose=purpose)
        tags = [TagCheckupTold.of(one, language) for one in found]
    table = Table("tag", "worst", "bad", "look", box=None)
    for told in tags:
        names = (", ".join(m.name for m in told.marks if m.verdict == verdict) for verdict in ("bad", "look"))
        table.add_row(told.name, told.worst, *names)
    door.tell(TagCheckupsTold(tags=tags, computed=ComputedTold.of(computed)), table)
