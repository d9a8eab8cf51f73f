"""``qianmian identity rules …`` and ``simulate``: by which rules traces become people, and what others would change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.identity_rules import (
    ChangedPersonTold,
    ClusterTold,
    IdentityRulesAppliedTold,
    IdentityRulesTold,
    SimulationTold,
)
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.identity_simulation import simulate as simulated
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.core.errors import RulesError
from qianmian.unify.identity.declaration import read_rules

#: People that somebody becomes, in one row; `--json` has all of them.
_MOST_SHOWN = 3
_File = Annotated[Path, typer.Argument(help="Rules, YAML: see docs/guides/identity.md.", show_default=False)]


def register_rules(group: typer.Typer) -> None:
    """Add the commands about rules to those about identity."""
    rules = typer.Typer(no_args_is_help=True, help="The rules by which traces become people.")
    for name, function in (("show", show), ("check", check), ("apply", apply)):
        command(rules, name)(function)
    group.add_typer(rules, name="rules")
    command(group, "simulate")(simulate)


def show(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the rules that hold, as YAML; a start for one's own."""
    with door.shop() as shop:
        told = IdentityRulesTold.of(shop.workspace)
    text = told.own.text if told.own and not built_in else told.built_in
    show_declaration(door, told, text)


def check(door: Door, file: _File) -> None:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    with door.shop() as shop:
        given = read_rules(read_declaration(file, RulesError), file.name)
        told = DifferenceTold.between(given, IdentityRules(shop.workspace.catalogue, shop.workspace.clock).rules())
    tell_difference(door, told)


def apply(door: Door, file: _File) -> None:
    """Let rules hold from the next build on, for all the past too; see first what they change: simulate."""
    with door.shop() as shop:
        rules = IdentityRules(shop.workspace.catalogue, shop.workspace.clock)
        told = IdentityRulesAppliedTold.applied(
            shop.workspace, rules.apply(read_declaration(file, RulesError), file.name)
        )
    effect = "people are what it says" if told.is_published else "it takes effect with the next build: qianmian build"
    door.tell(told, f"version {told.version} was applied; {effect}")


def simulate(
    door: Door,
    file: _File,
    people: Annotated[
        list[str] | None, typer.Option("--person", help="Somebody to tell of in any case; may be given several times.")
    ] = None,
) -> None:
    """Tell what rules would make of the lake's history, beside those that hold; nothing is written."""
    with door.shop() as shop:
        told = SimulationTold.of(
            simulated(shop.workspace, read_rules(read_declaration(file, RulesError), file.name), people or ())
        )
    counts = Table("", "now", "then", box=None)
    counts.add_row("people", f"{told.people_before:,}", f"{told.people_after:,}")
    counts.add_row("most identifiers of one", _most(told.largest_before), _most(told.largest_after))
    words = f"{told.changed:,} people change: {told.merges:,} merges, {told.splits:,} splits"
    gone = [f"{told.nobody:,} identifiers would name nobody any more"] if told.nobody else []
    audiences = [f"{one.changed:,} of {one.people:,} in {printable(one.name)}" for one in told.audiences]
    people_told = [examples_shown(some) for some in (told.named, told.examples) if some]
    door.tell(told, counts, words, *gone, *audiences, *people_told)


def _most(largest: Sequence[ClusterTold]) -> str:
    return ", ".join(f"{one.identifiers:,}" for one in largest) or "0"


def examples_shown(examples: Sequence[ChangedPersonTold]) -> Table:
    """Who would change, as a table."""
    table = Table("person", "identifiers", "becomes", "joined by", box=None)
    for one in examples:
        names = ", ".join(f"{name.namespace}:{printable(name.value)}" for name in one.names)
        more = f", … {one.identifiers}" if one.identifiers > len(one.names) else ""
        others = f"{one.joined_by} others" if one.joined_by else ""
        rest = [f"… {len(one.becomes)}"] if len(one.becomes) > _MOST_SHOWN else []
        becomes = "\n".join([*one.becomes[:_MOST_SHOWN], *rest]) or "nobody"
        table.add_row(one.person_id, f"{names}{more}", becomes, others)
    return table
