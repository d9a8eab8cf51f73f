"""``qianmian traffic …``: which events may be no visits of people, and by which rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from qianmian.app.contracts.traffic import MarkedTold, RulesTold, TrafficTold
from qianmian.app.shop import Shop
from qianmian.app.traffic import TrafficRules
from qianmian.cli.declaration import read_declaration
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.core.errors import TrafficError
from qianmian.core.people import parse_identifier


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Traffic: which events may be no visits of people.")
    for name, function in (("show", show), ("rules", rules), ("apply", apply), ("mark", mark), ("unmark", unmark)):
        command(group, name)(function)
    app.add_typer(group, name="traffic")


def show(door: Door) -> None:
    """Show the events of the lake that may be no visits of people, by source and reason, and who is marked."""
    with door.shop() as shop:
        told = TrafficTold.of(shop.workspace)
    table = Table("source", "reason", "events", "share", box=None)
    for source in told.sources:
        table.add_row(source.source, "(all)", f"{source.events:,}", "")
        for one in source.flagged:
            table.add_row("", one.reason, f"{one.events:,}", f"{one.events / source.events:.1%}")
    door.tell(told, table, *([_marked(told.marked)] if told.marked else []))


def rules(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the rules of the shop's own, as YAML."""
    with door.shop() as shop:
        told = TrafficTold.of(shop.workspace)
    text = told.built_in if built_in else told.own.text if told.own else ""
    door.tell({"text": text}, Text(text.rstrip("\n")))


def apply(
    door: Door,
    file: Annotated[Path, typer.Argument(help="Rules, YAML: see docs/guides/traffic.md.", show_default=False)],
) -> None:
    """Let rules hold for every event that is taken in from now on, before those that come with the product."""
    text = read_declaration(file, TrafficError)
    with door.shop() as shop:
        told = RulesTold.model_validate(_rules(shop).apply(text, file.name))
    door.tell(told, f"version {told.version} holds since {told.applied_at:%Y-%m-%d %H:%M}")


def mark(
    door: Door,
    identifier: Annotated[
        str, typer.Argument(help="namespace:value, such as device:…; a bare value is a user_id.", show_default=False)
    ],
    note: Annotated[str, typer.Option(help="Who or what it is.")] = "",
) -> None:
    """Flag what somebody who tests or works here does as internal from now on; only a pseudonym is kept."""
    with door.shop() as shop:
        key = shop.workspace.keys.node
        told = MarkedTold.of(_rules(shop).mark(key, parse_identifier(identifier), note=note))
    door.tell(told, f"{told.node_id} ({told.namespace}) is marked")


def unmark(
    door: Door,
    node_id: Annotated[str, typer.Argument(help="The pseudonym that `show` lists.", show_default=False)],
) -> None:
    """Flag what an identifier does no longer."""
    with door.shop() as shop:
        _rules(shop).unmark(node_id)
        told = [MarkedTold.of(one) for one in _rules(shop).marked()]
    door.tell(told, _marked(told))


def _rules(shop: Shop) -> TrafficRules:
    return TrafficRules(shop.workspace.catalogue, shop.workspace.clock)


def _marked(told: list[MarkedTold]) -> Table:
    table = Table("marked", "identifier", "note", "since", box=None)
    for one in told:
        table.add_row(one.node_id, one.namespace, printable(one.note), f"{one.marked_at:%Y-%m-%d %H:%M}")
    return table
