"""``qianmian profile traits`` and ``qianmian facts …``: what sources state of people, and how well they agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.facts import (
    DisputedPeopleTold,
    FactReportTold,
    FactRulesTold,
    PersonTraitsTold,
    TraitStatementTold,
    TraitTold,
)
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.questions.facts import disputed, fact_report, traits
from qianmian.app.shop import ANALYSE, Shop
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.words import shown, word
from qianmian.core.errors import RulesError
from qianmian.core.language import Language
from qianmian.unify.facts.declaration import read_rules

_Name = Annotated[
    str, typer.Argument(help="namespace:value, a bare user_id, or person:<id>.", metavar="NAME", show_default=False)
]
_File = Annotated[Path, typer.Argument(help="Fact rules, YAML: see docs/guides/facts.md.", show_default=False)]
_Purpose = Annotated[str, typer.Option(help="What the data is looked up for.")]


def register(app: typer.Typer) -> None:
    """Add the commands about facts."""
    group = typer.Typer(no_args_is_help=True, help="Facts that several sources state of people, checked together.")
    rules = typer.Typer(no_args_is_help=True, help="Fact rules: which properties state traits, whom to trust.")
    for name, rule in (("show", show_rules), ("check", check_rules), ("apply", apply_rules)):
        command(rules, name)(rule)
    group.add_typer(rules, name="rules")
    for name, function in (("report", show_report), ("disputed", list_disputed)):
        command(group, name)(function)
    app.add_typer(group, name="facts")


def show_traits(door: Door, name: _Name, purpose: _Purpose = ANALYSE) -> None:
    """List a person's traits: value, confidence, and who said what when, and whether it counts."""
    with door.shop() as shop:
        told = PersonTraitsTold.model_validate(traits(shop, name, purpose=purpose))
        language = door.language(shop)
        table = _traits_table(shop, told.traits, language, named=False)
        door.tell(told, table if told.traits else word("no traits", language))


def list_disputed(
    door: Door,
    trait: Annotated[str, typer.Argument(help="Name of a trait, such as city.", metavar="TRAIT", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="List at most so many people.")] = 20,
    purpose: _Purpose = ANALYSE,
) -> None:
    """List people whose trait is disputed, the least certain first, with what was said of it."""
    with door.shop() as shop:
        told = DisputedPeopleTold.model_validate(disputed(shop, trait, limit=limit, purpose=purpose))
        language = door.language(shop)
        table = _traits_table(shop, told.people, language, named=True)
        door.tell(told, table if told.people else word("no disputes", language))


def _traits_table(shop: Shop, some: list[TraitTold], language: Language, *, named: bool) -> Table:
    """One row a trait, and one below it for each statement."""
    zone = shop.workspace.settings.zone
    heads = ("person" if named else "trait", "value", "confidence", "source", "last")
    table = Table(*(word(one, language) for one in heads), "", box=None)
    for one in some:
        name = one.person if named else _name(one.trait, language)
        mark = word("disputed", language) if one.is_disputed else ""
        row = (_value(one.value, language), f"{one.confidence:.3f}", f"{one.supporting}/{one.speaking}")
        table.add_row(name, *row, shown(one.stated_at, language, zone), mark)
        for said in one.statements:
            how = word(f"statement {_how(said)}", language)
            row = (_value(said.value, language), "", printable(said.source))
            table.add_row("", *row, shown(said.stated_at, language, zone), how)
    return table


def _name(trait: str, language: Language) -> str:
    """A trait of the product in words, another as it is called."""
    return word(f"trait {trait}", language).removeprefix("trait ")


def _value(value: str | None, language: Language) -> str:
    return "–" if value is None else word(value, language)


def _how(said: TraitStatementTold) -> str:
    if not said.counts:
        return "passed"
    return "counts" if said.supports else "against"


def show_report(door: Door, purpose: _Purpose = ANALYSE) -> None:
    """Show how far traits are known, how each two sources agree, and each source beside all others."""
    with door.shop() as shop:
        told = FactReportTold.of(fact_report(shop, purpose=purpose))
        language = door.language(shop)
    tables = (_coverage(told, language), _sources(told, language), _pairs(told, language))
    if any(one.statements for one in told.traits):
        door.tell(told, *(table for table in tables if table.row_count))
    else:
        door.tell(told, word("no traits", language))


def _coverage(told: FactReportTold, language: Language) -> Table:
    heads = ("trait", "people", "coverage", "compared", "contradicted", "disputed", "confidence", "unreadable")
    table = Table(*(word(one, language) for one in heads), box=None)
    for one in told.traits:
        if one.statements:
            counts = (f"{count:,}" for count in (one.compared, one.contradicted, one.disputed))
            share = f"{one.people / max(told.people, 1):.1%}"
            table.add_row(
                _name(one.trait, language),
                f"{one.people:,}",
                share,
                *counts,
                f"{one.confidence:.3f}",
                f"{one.unreadable:,}",
            )
    return table


def _sources(told: FactReportTold, language: Language) -> Table:
    heads = ("trait", "source", "trust", "agree", "interval", "people")
    table = Table(*(word(one, language) for one in heads), box=None)
    for one in told.sources:
        share, bounds = f"{one.agree / one.people:.3f}", f"{one.low:.3f}–{one.high:.3f}"
        table.add_row(
            _name(one.trait, language), printable(one.source), f"{one.trust:.2f}", share, bounds, f"{one.people:,}"
        )
    return table


def _pairs(told: FactReportTold, language: Language) -> Table:
    heads = ("trait", "source", "source", "agree", "interval", "kappa", "people")
    table = Table(*(word(one, language) for one in heads), box=None)
    for one in told.pairs:
        share, bounds = f"{one.agree / one.people:.3f}", f"{one.low:.3f}–{one.high:.3f}"
        kappa = "–" if one.kappa is None else f"{one.kappa:.3f}"
        table.add_row(
            _name(one.trait, language),
            printable(one.one),
            printable(one.other),
            share,
            bounds,
            kappa,
            f"{one.people:,}",
        )
    return table


def show_rules(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the rules that hold, as YAML; a start for one's own."""
    with door.shop() as shop:
        told = FactRulesTold.of(shop.workspace)
    show_declaration(door, told, told.own.text if told.own and not built_in else told.built_in)


def check_rules(door: Door, file: _File) -> None:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    with door.shop() as shop:
        given = read_rules(read_declaration(file, RulesError), file.name)
        told = DifferenceTold.between(given, KeptFactRules(shop.workspace.catalogue, shop.workspace.clock).rules())
    tell_difference(door, told)


def apply_rules(door: Door, file: _File) -> None:
    """Let rules hold from the next build on, for all the past too."""
    text = read_declaration(file, RulesError)
    with door.shop() as shop:
        version = KeptFactRules(shop.workspace.catalogue, shop.workspace.clock).apply(text, file.name).version
        told = FactRulesTold.of(shop.workspace)
    effect = "traits are what it says" if told.is_published else "it takes effect with the next build: qianmian build"
    door.tell(told, f"version {version} was applied; {effect}")
