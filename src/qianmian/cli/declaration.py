"""Declarations at the command line: read from a file, and printed as they can be read again."""

from __future__ import annotations

from pathlib import Path

import typer

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


def print_declaration(text: str) -> None:
    """Print YAML as it is: a long line that is broken would be none."""
    typer.echo(text.rstrip("\n"))
