"""What the code declares: its tables, found by importing them, and its failpoints, found by reading the source."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import qianmian
from qianmian.core.tables import Table

SOURCE = Path(*qianmian.__path__)


@dataclass(frozen=True)
class Failpoint:
    """A named place where a fault test makes the process die."""

    name: str
    doc: str
    module: str


def declarations() -> dict[str, tuple[Table, ...]]:
    """The tables of each module ``tables.py`` that declares a tuple ``TABLES``."""
    names = (found.name for found in pkgutil.walk_packages(qianmian.__path__, "qianmian."))
    modules = [import_module(name) for name in names if name.endswith(".tables")]
    return {module.__name__: module.TABLES for module in modules if hasattr(module, "TABLES")}


def failpoints() -> list[Failpoint]:
    """Every call ``failpoint("name", "doc")`` in the product, by name."""
    found = [point for file in sorted(SOURCE.rglob("*.py")) for point in failpoints_in(file.read_text("utf-8"), file)]
    return sorted(found, key=lambda point: point.name)


def failpoints_in(text: str, file: Path) -> Iterator[Failpoint]:
    """The failpoints that one source file registers.

    Raises:
        ValueError: a name or doc is not a literal, so that no reader can find it.
    """
    for call in ast.walk(ast.parse(text, str(file))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "failpoint":
            words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            match words:
                case [str(name), str(doc)]:
                    yield Failpoint(name, doc, file.relative_to(SOURCE).as_posix())
                case _:
                    raise ValueError(f"failpoint in {file.name}, line {call.lineno}: name and doc must be literals")
