"""``qianmian pull …``: what is new in another database comes in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.collect import ImportTold
from qianmian.app.contracts.pulls import PullTold, runs_told
from qianmian.app.imports import read_declared
from qianmian.app.intake.pulling import pull as bring_in
from qianmian.app.intake.pulls import MOST_MINUTES, Pulls
from qianmian.app.shop import Shop
from qianmian.cli.collect import tell_report
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.collect.imports.database import Relation

_Pull = Annotated[str, typer.Argument(help="Name of the pull.", metavar="PULL", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Pulls: rows of other databases, read from where they were left.")
    for name, function in (
        ("add", add),
        ("run", run),
        ("list", list_pulls),
        ("history", history),
        ("pause", pause),
        ("resume", resume),
        ("remove", remove),
    ):
        command(group, name)(function)
    app.add_typer(group, name="pull")


def add(  # noqa: PLR0913, PLR0917  # a command has as many parameters as options
    door: Door,
    pull: _Pull,
    url_variable: Annotated[
        str, typer.Option(help="Environment variable that holds the database's address.", show_default=False)
    ],
    mapping: Annotated[Path, typer.Option("--mapping", "-m", help="The YAML file that says what each column means.")],
    reads: Annotated[str, typer.Option(help="A table, schema.table, or a SELECT.", show_default=False)],
    cursor: Annotated[str, typer.Option(help="A column that grows; without it all rows are read every time.")] = "",
    overlap: Annotated[
        int, typer.Option(min=0, help="How far before the mark to read again: minutes, or so many numbers.")
    ] = 0,
    every_minutes: Annotated[
        int, typer.Option(min=0, max=MOST_MINUTES, help="Minutes between two runs of a server; 0 = only when asked.")
    ] = 0,
) -> None:
    """Declare what is pulled from a database; the address stays in the environment."""
    with door.shop() as shop:
        relation, text = Relation(reads, cursor, overlap), read_declared(mapping).text
        added = _pulls(shop).add(pull, url_variable, relation, text, every_minutes=every_minutes)
        told = PullTold.of(shop, added, door.language(shop))
    door.tell(told, f"{told.name}: {told.url_variable} → {told.source}")


def run(
    door: Door,
    pull: _Pull,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report the first stretch, write nothing.")] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="It brings the past: its events trigger nothing.")
    ] = False,
) -> None:
    """Bring in what is new; each stretch is a batch of its own that can be undone."""
    with door.shop() as shop, door.watch() as watch:
        language = door.language(shop)
        reports = bring_in(shop, pull, os.environ, dry_run=dry_run, is_backfill=backfill, watch=watch)
    if door.as_json or not reports:
        door.tell([ImportTold.of(one, language) for one in reports], "nothing is new")
        return
    for one in reports:
        tell_report(door, one, language, dry_run=dry_run)


def list_pulls(door: Door) -> None:
    """List which relations of other databases are pulled, how far each has come, and what is wrong."""
    with door.shop() as shop:
        told = _all_told(door, shop)
    table = Table("pull", "address in", "reads", "mark", "source", "last run", "next run", "state", box=None)
    for one in told:
        instants = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (one.ran_at, one.next_at))
        state = "paused" if one.paused_at else one.problem
        words = (one.url_variable, printable(one.relation), printable(one.mark), one.source)
        table.add_row(one.name, *words, *instants, printable(state))
    door.tell_rows(told, table, "no pulls")


def history(door: Door, pull: _Pull) -> None:
    """List the runs that found something new or failed, newest first."""
    with door.shop() as shop:
        _pulls(shop).get(pull)
        told = runs_told(shop, pull, door.language(shop))
    table = Table("run", "began", "batches", "read", "accepted", "duplicates", "refused", "problem", box=None)
    for one in told:
        numbers = (f"{number:,}" for number in (one.read, one.accepted, one.duplicates, one.refused_rows))
        batches = ", ".join(map(str, one.batches))
        table.add_row(str(one.number), f"{one.started_at:%Y-%m-%d %H:%M}", batches, *numbers, printable(one.problem))
    door.tell(told, table)


def pause(door: Door, pull: _Pull) -> None:
    """Let a pull run no longer by itself."""
    _pause(door, pull, paused=True)


def resume(door: Door, pull: _Pull) -> None:
    """Let a pull run by itself again."""
    _pause(door, pull, paused=False)


def remove(door: Door, pull: _Pull) -> None:
    """Forget a pull; what it brought in stays."""
    with door.shop() as shop:
        _pulls(shop).remove(pull)
        told = _all_told(door, shop)
    door.tell(told, f"{pull} is forgotten")


def _pause(door: Door, pull: str, *, paused: bool) -> None:
    with door.shop() as shop:
        told = PullTold.of(shop, _pulls(shop).change(pull, paused=paused), door.language(shop))
    door.tell(told, f"{told.name} {'is paused' if told.paused_at else 'goes on'}")


def _all_told(door: Door, shop: Shop) -> list[PullTold]:
    return [PullTold.of(shop, one, door.language(shop)) for one in _pulls(shop).all()]


def _pulls(shop: Shop) -> Pulls:
    return Pulls(shop.workspace.catalogue, shop.workspace.clock)
