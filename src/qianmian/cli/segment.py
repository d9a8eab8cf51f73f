"""``qianmian audience …``: how many people meet a condition, and who."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.segment import AudienceTemplatesTold, AudienceTold, ClausesTold, MembersTold
from qianmian.app.questions.clauses import clauses
from qianmian.app.questions.templates import counted_templates
from qianmian.app.shop import ANALYSE
from qianmian.cli import audience_changes, audiences, lookalike
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import word

_Condition = Annotated[
    str,
    typer.Argument(help="A condition, see docs/guides/conditions.md.", metavar="CONDITION", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Audiences: people who meet a condition.")
    command(group, "size")(size)
    command(group, "clauses")(count_clauses)
    command(group, "members")(members)
    command(group, "templates")(list_templates)
    audiences.register(group)
    audience_changes.register(group)
    command(group, "lookalike")(lookalike.find)
    app.add_typer(group, name="audience")


def size(door: Door, condition: _Condition, purpose: Purpose = ANALYSE) -> None:
    """Count the people who meet a condition."""
    with door.shop() as shop:
        told, language = AudienceTold.of(shop.audience(condition, purpose=purpose, limit=0)), door.language(shop)
    door.tell(told, told.condition, f"{word('people', language)} {told.size:,} / {told.of_people:,}  {share(told)}")


def count_clauses(door: Door, condition: _Condition, purpose: Purpose = ANALYSE) -> None:
    """Count each clause of a condition by itself: which one narrows it, and which does nothing."""
    with door.shop() as shop:
        language = door.language(shop)
        told = ClausesTold.model_validate(clauses(shop, condition, language, purpose=purpose))
    table = Table(word("condition", language), word("people", language), box=None)
    for one in told.clauses:
        table.add_row(printable(one.sentence), f"{one.people:,}")
    door.tell(told, table)


def members(
    door: Door,
    condition: _Condition,
    purpose: Purpose = ANALYSE,
    limit: Annotated[int, typer.Option(min=1, help="List at most so many.")] = 1000,
) -> None:
    """List the ids of the people who meet a condition."""
    with door.shop() as shop:
        told = MembersTold.of(shop.audience(condition, purpose=purpose, limit=limit))
    door.tell(told, *told.members)
    if len(told.members) < told.size:
        door.note(f"{len(told.members):,} of {told.size:,}; more with --limit")


def list_templates(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List ready audiences with how many people each holds now."""
    with door.shop() as shop:
        language = door.language(shop)
        told = AudienceTemplatesTold.of(counted_templates(shop, purpose=purpose), language)
    table = Table(word("audience", language), word("people", language), "", "", box=None)
    for one in told.templates:
        people = "–" if one.people is None else f"{one.people:,}"
        table.add_row(one.title, people, one.use, printable(one.condition))
    door.tell(told, table)


def share(told: AudienceTold) -> str:
    """The share of all people, in per cent."""
    return f"{told.size / told.of_people:.1%}" if told.of_people else "–"
