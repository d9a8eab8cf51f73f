"""``qianmian profile ties`` and ``qianmian ties …``: to whom a person is tied, why, and by which kinds of event."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.ties import (
    PersonTiesTold,
    TieEvidenceTold,
    TieKindsTold,
    TieOfKindTold,
    TieSummaryTold,
    kinds_difference,
)
from qianmian.app.questions.tie_summary import tie_summary
from qianmian.app.questions.ties import Page, tie_evidence, ties
from qianmian.app.shop import ANALYSE
from qianmian.app.tie_kinds import KeptTieKinds
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.words import shown, word
from qianmian.core.errors import RulesError
from qianmian.core.language import Language
from qianmian.core.people import ORDER
from qianmian.unify.ties.declaration import read_kinds

_NAME = "namespace:value, a bare user_id, or person:<id>."
_Name = Annotated[str, typer.Argument(help=_NAME, metavar="NAME", show_default=False)]
_File = Annotated[Path, typer.Argument(help="Kinds of tie, YAML: see docs/guides/ties.md.", show_default=False)]
_Purpose = Annotated[str, typer.Option(help="What the data is looked up for.")]


def register(app: typer.Typer) -> None:
    """Add the commands about kinds of tie."""
    group = typer.Typer(no_args_is_help=True, help="Ties between people: by which kinds of event they are tied.")
    kinds = typer.Typer(no_args_is_help=True, help="Kinds of tie: which events make them, and how they fade.")
    for name, function in (("show", show_kinds), ("check", check_kinds), ("apply", apply_kinds)):
        command(kinds, name)(function)
    command(group, "summary")(show_summary)
    group.add_typer(kinds, name="kinds")
    app.add_typer(group, name="ties")


def show_ties(  # what can be asked
    door: Door,
    name: _Name,
    kind: Annotated[str | None, typer.Option(help="Only people tied by this kind, such as follow.")] = None,
    other: Annotated[str | None, typer.Option("--with", help=f"Show the events behind one tie: {_NAME}")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="List at most so many people.")] = 20,
    purpose: _Purpose = ANALYSE,
) -> None:
    """List the people to whom a person is tied, the strongest first; or say why two are."""
    if other is not None:
        _show_evidence(door, name, other, purpose)
        return
    with door.shop() as shop:
        told = PersonTiesTold.model_validate(ties(shop, name, Page(kind, None, limit), purpose=purpose))
        language, zone = door.language(shop), shop.workspace.settings.zone
    table = Table(*(word(one, language) for one in ("person", "strength", "ties", "last")), "", box=None)
    for tied in told.ties:
        known = (one for one in tied.identifiers if not one.namespace.startswith(f"{ORDER}:"))
        names = ", ".join(f"{one.namespace}:{one.value}" for one in known)
        last = max(one.last_at for one in tied.kinds)
        kinds = ", ".join(_in_words(one, language) for one in tied.kinds)
        table.add_row(tied.person, f"{tied.strength:.3f}", kinds, shown(last, language, zone), printable(names))
    door.tell(told, word("tied", language, f"{told.total:,}"), *([table] if told.ties else []))


def _show_evidence(door: Door, name: str, other: str, purpose: str) -> None:
    with door.shop() as shop:
        told = TieEvidenceTold.model_validate(tie_evidence(shop, name, other, purpose=purpose))
        language, zone = door.language(shop), shop.workspace.settings.zone
    lines = [f"{word('strength', language)} {told.strength:.3f}"]
    for one in told.kinds:
        lines.append(_in_words(one, language))
        events = dict.fromkeys(event for event in (one.first, one.last) if event)
        lines += [f"  {shown(e.occurred_at, language, zone)} {e.name} {e.source} {e.event_id}" for e in events]
    door.tell(told, *map(printable, lines))


def _in_words(tie: TieOfKindTold, language: Language) -> str:
    """A tie as people read it: an arrow away from the person, towards the person, or both ways."""
    arrow = {"out": "→", "in": "←", "both": "↔"}[tie.direction]
    return f"{arrow} {word(f'tie {tie.kind}', language)} × {tie.count}"


def show_summary(door: Door, purpose: _Purpose = ANALYSE) -> None:
    """Show what the last build found of each kind of tie."""
    with door.shop() as shop:
        told = TieSummaryTold.model_validate(tie_summary(shop, purpose=purpose))
        language, zone = door.language(shop), shop.workspace.settings.zone
    heads = ("ties", "pairs", "people", "events", "median strength", "last")
    table = Table(*(word(one, language) for one in heads), box=None)
    for one in told.kinds:
        strength = "" if one.median_strength is None else f"{one.median_strength:.3f}"
        last = shown(one.last_at, language, zone) if one.last_at else ""
        counts = (f"{count:,}" for count in (one.pairs, one.people, one.events))
        table.add_row(word(f"tie {one.kind}", language), *counts, strength, last)
    door.tell(told, table, word("tied people", language, f"{told.people:,}"))


def show_kinds(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the kinds that hold, as YAML; a start for one's own."""
    with door.shop() as shop:
        told = TieKindsTold.of(shop.workspace)
    show_declaration(door, told, told.own.text if told.own and not built_in else told.built_in)


def check_kinds(door: Door, file: _File) -> None:
    """Tell whether kinds can be applied, and which differ from those that hold."""
    with door.shop() as shop:
        given = read_kinds(read_declaration(file, RulesError), file.name)
        told = kinds_difference(given, KeptTieKinds(shop.workspace.catalogue, shop.workspace.clock).kinds())
    tell_difference(door, told)


def apply_kinds(door: Door, file: _File) -> None:
    """Let kinds of tie hold from the next build on, for all the past too."""
    text = read_declaration(file, RulesError)
    with door.shop() as shop:
        version = KeptTieKinds(shop.workspace.catalogue, shop.workspace.clock).apply(text, file.name).version
        told = TieKindsTold.of(shop.workspace)
    effect = "ties are what it says" if told.is_published else "it takes effect with the next build: qianmian build"
    door.tell(told, f"version {version} was applied; {effect}")
