"""``qianmian pull …``: what is new in another database comes in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.collect import ImportTold
from qianmian.app.contracts.pulls import PullTold
from qianmian.app.imports import read_declared
from qianmian.app.intake.pulling import pull as bring_in
from qianmian.app.intake.pulls import Pulls
from qianmian.app.shop import Shop
from qianmian.cli.collect import tell_report
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.collect.imports.database import Relation

_Pull = Annotated[str, typer.Argument(help="Name of the pull.", metavar="PULL", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Pulls: rows of other databases, read from where they were left.")
    for name, function in (("add", add), ("run", run), ("list", list_pulls), ("remove", remove)):
        command(group, name)(function)
    app.add_typer(group, name="pull")


def add(
    door: Door,
    pull: _Pull,
    url_variable: Annotated[
        str, typer.Option(help="Environment variable that holds the database's address.", show_default=False)
    ],
    mapping: Annotated[Path, typer.Option("--mapping", "-m", help="The YAML file that says what each column means.")],
    reads: Annotated[str, typer.Option(help="A table, schema.table, or a SELECT.", show_default=False)],
    cursor: Annotated[str, typer.Option(help="A column that grows; without it all rows are read every time.")] = "",
) -> None:
    """Declare what is pulled from a database; the address stays in the environment."""
    with door.shop() as shop:
        added = _pulls(shop).add(pull, url_variable, Relation(reads, cursor), read_declared(mapping).text)
        told = PullTold.of(added)
    door.tell(told, f"{told.name}: {told.url_variable} → {told.source}")


def run(
    door: Door,
    pull: _Pull,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report the first stretch, write nothing.")] = False,
) -> None:
    """Bring in what is new; each stretch is a batch of its own that can be undone."""
    with door.shop() as shop, door.watch() as watch:
        language = door.language(shop)
        reports = bring_in(shop, pull, os.environ, dry_run=dry_run, watch=watch)
    if door.as_json or not reports:
        door.tell([ImportTold.of(one, language) for one in reports], "nothing is new")
        return
    for one in reports:
        tell_report(door, one, language, dry_run=dry_run)


def list_pulls(door: Door) -> None:
    """List which relations of other databases are pulled, and when each last was."""
    with door.shop() as shop:
        told = [PullTold.of(one) for one in _pulls(shop).all()]
    table = Table("pull", "address in", "reads", "cursor", "source", "last run", box=None)
    for one in told:
        ran = f"{one.ran_at:%Y-%m-%d %H:%M}" if one.ran_at else ""
        table.add_row(one.name, one.url_variable, printable(one.relation), one.cursor_col, one.source, ran)
    door.tell(told, table)


def remove(door: Door, pull: _Pull) -> None:
    """Forget a pull; what it brought in stays."""
    with door.shop() as shop:
        _pulls(shop).remove(pull)
        told = [PullTold.of(one) for one in _pulls(shop).all()]
    door.tell(told, f"{pull} is forgotten")


def _pulls(shop: Shop) -> Pulls:
    return Pulls(shop.workspace.catalogue, shop.workspace.clock)
