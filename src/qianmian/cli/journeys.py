"""``qianmian journey show``: how many people stand where with a category, or where one person stands."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.journeys import JourneysTold, PersonJourneysTold
from qianmian.app.questions.journeys import DAYS, journeys, person_journeys
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown, word
from qianmian.profile.journey.definition import STAGE_WORDS


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Purchase journeys: who stands where with a category of goods.")
    command(group, "show")(show)
    app.add_typer(group, name="journey")


def show(
    door: Door,
    category: Annotated[str, typer.Option(help="Of goods; the one with most people if not given.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3660, help="Count moves over so many local dates.")] = DAYS,
    person: Annotated[str, typer.Option(help="Of one person: namespace:value, a bare user_id, or person:<id>.")] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Show how many people are in each stage of a category and who moved; or where one person stands."""
    if person:
        _show_person(door, person, purpose)
        return
    with door.shop() as shop:
        told = JourneysTold.model_validate(journeys(shop, category or None, days=days, purpose=purpose))
        language = door.language(shop)
    heads = word("people", language), word("journey_entered", language, told.days), word("condition", language)
    table = Table(told.category or "", *heads, box=None)
    for one in told.stages:
        counted = f"{one.people:,}", f"{one.entered:,}"
        table.add_row(STAGE_WORDS[one.stage].what(language), *counted, printable(one.condition))
    moves = Table(*(word(one, language) for one in ("journey_before", "journey_now", "people")), box=None)
    for move in told.moves:
        if move.before != move.after:
            stages = (STAGE_WORDS[stage].what(language) if stage else "–" for stage in (move.before, move.after))
            moves.add_row(*stages, f"{move.people:,}")
    door.tell(told, table, moves)


def _show_person(door: Door, person: str, purpose: str) -> None:
    with door.shop() as shop:
        language, zone = door.language(shop), shop.workspace.settings.zone
        told = PersonJourneysTold.model_validate(person_journeys(shop, person, purpose=purpose))
    heads = ("category", "stage", "since", "until", "by")
    table = Table(*(word(f"journey_{one}", language) for one in heads), box=None)
    for journey in told.journeys:
        for stay in journey.stays:
            times = (shown(at, language, zone) for at in (stay.began_at, stay.ended_at))
            stage = STAGE_WORDS[stay.stage].what(language)
            table.add_row(printable(journey.category), stage, *times, printable(stay.event or stay.cause))
    door.tell(told, table)
