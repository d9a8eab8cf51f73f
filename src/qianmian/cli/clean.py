"""``qianmian clean …``: the rules by which data are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qianmian.app.cleaning import CleaningRules
from qianmian.app.contracts.quality import CleaningRulesCheckedTold, CleaningRulesTold, CleaningRulesVersionTold
from qianmian.cli.door import Door, command
from qianmian.core.errors import CleaningError

_File = Annotated[Path, typer.Argument(help="Rules, YAML: see docs/guides/cleaning.md.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Cleaning: what data are judged by; nothing is dropped.")
    rules = typer.Typer(no_args_is_help=True, help="The rules by which data are judged.")
    for name, function in (("show", show), ("check", check), ("apply", apply)):
        command(rules, name)(function)
    group.add_typer(rules, name="rules")
    app.add_typer(group, name="clean")


def show(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the rules that hold, as YAML; a start for one's own."""
    with door.shop() as shop:
        told = CleaningRulesTold.of(shop.workspace)
    text = told.own.text if told.own and not built_in else told.built_in
    if door.as_json:
        door.tell(told)
    else:
        typer.echo(text.rstrip("\n"))  # as it is: a long line that is broken would be no YAML


def check(door: Door, file: _File) -> None:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    with door.shop() as shop:
        told = CleaningRulesCheckedTold.of(shop.workspace, _text(file), file.name)
    door.tell(told, f"differ in {', '.join(told.differences)}" if told.differences else "say what holds already")


def apply(door: Door, file: _File) -> None:
    """Let rules hold from the next check on, for all the past too."""
    with door.shop() as shop:
        rules = CleaningRules(shop.workspace.catalogue, shop.workspace.clock)
        told = CleaningRulesVersionTold.model_validate(rules.apply(_text(file), file.name))
    door.tell(told, f"version {told.version} was applied; it takes effect with the next check: qianmian quality check")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CleaningError("cleaning_unreadable", file=file.name) from None
