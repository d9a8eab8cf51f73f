"""Declarations at the command line: read from a file, and printed as they can be read again."""

from __future__ import annotations

from pathlib import Path

import typer

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.cli.door import Door
from qianmian.core.errors import InputError


def read_declaration(file: Path, error: type[InputError]) -> str:
    """The text of a declaration.

    Args:
        file: where it stands.
        error: what is raised if it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise error("declaration_unreadable", file=file.name) from None


def show_declaration(door: Door, told: Contract, text: str) -> None:
    """Print YAML as it is, for a long line that is broken would be none; with ``--json`` all that is told of it."""
    if door.as_json:
        door.tell(told)
    else:
        typer.echo(text.rstrip("\n"))


def tell_difference(door: Door, told: DifferenceTold) -> None:
    """Tell in what a declaration differs from what holds."""
    door.tell(told, f"differs in {', '.join(told.differences)}" if told.differences else "says what holds already")
