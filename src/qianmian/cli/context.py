"""``qianmian context …``: regions, the calendar and policies around the shop."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.context import FoundFactsTold
from qianmian.app.questions.context import ContextKind, facts
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Context of the shop: regions, the calendar, policies.")
    command(group, "list")(list_facts)
    app.add_typer(group, name="context")


def list_facts(
    door: Door,
    kind: Annotated[ContextKind | None, typer.Option(help="Of which kind.")] = None,
    text: Annotated[str, typer.Option(help="Letters in name, number or attributes.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Facts to list.")] = 50,
    purpose: Purpose = ANALYSE,
) -> None:
    """List the facts that stand, the newest date first; `qianmian import` brings them in."""
    with door.shop() as shop:
        told = FoundFactsTold.model_validate(facts(shop, purpose=purpose, kind=kind, text=text, limit=limit))
    table = Table("kind", "name", "first", "last", "part of", "attributes", "source", box=None)
    for fact in told.facts:
        attributes = "  ".join(f"{name} {value}" for name, value in fact.attributes.items())
        dates = (str(day or "") for day in (fact.first_on, fact.last_on))
        parent = fact.parent_name or fact.parent or ""
        table.add_row(fact.kind, printable(fact.name), *dates, printable(parent), printable(attributes), fact.source)
    door.tell_rows(told, table, "no facts", f"{len(told.facts):,} of {told.total:,}")
