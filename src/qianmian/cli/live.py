"""``qianmian live``: events as they arrive, and what becomes of each."""

from __future__ import annotations

import json
from time import sleep
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.live import LiveEventTold, LiveTold
from qianmian.app.live import Live, Wanted
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable

_PAUSE_SECONDS = 1.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "live")(live)


def live(  # noqa: PLR0913, PLR0917  # an option a filter
    door: Door,
    source: Annotated[str, typer.Option(help="Only of this data source.")] = "",
    environment: Annotated[str, typer.Option(help="Only of dev or prod.")] = "",
    name: Annotated[str, typer.Option(help="Only events with this in their name.")] = "",
    traffic: Annotated[
        str, typer.Option(help="Only flagged for a reason such as bot; flagged = any, ordinary = not.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", help="Go on, an event a line, the newest last.")] = False,
) -> None:
    """Show the newest events, personal values masked, and what becomes of each."""
    wanted = Wanted(source, environment, name, traffic)
    with door.shop() as shop:
        language, looking = door.language(shop), Live(shop.workspace)
        told = LiveTold.of(looking.look(wanted, limit=limit), language)
        if not follow:
            door.tell(told, _table(told))
        while follow:
            for event in reversed(told.events):
                print(json.dumps(event.model_dump(mode="json"), ensure_ascii=False) if door.as_json else _line(event))
            sleep(_PAUSE_SECONDS)
            told = LiveTold.of(looking.look(wanted, told.cursor, limit), language)


def _table(told: LiveTold) -> Table:
    table = Table("received", "source", "event", "traffic", "fate", "why", box=None)
    for one in told.events:
        name = printable(one.name)
        source = f"{one.source} ({one.environment})"
        table.add_row(f"{one.received_at:%H:%M:%S}", source, name, one.traffic, str(one.fate), printable(one.why))
    return table


def _line(one: LiveEventTold) -> str:
    words = (f"{one.received_at:%H:%M:%S}", f"{one.source}/{one.environment}", one.name, str(one.fate), one.why)
    return "  ".join(printable(word) for word in words)
