"""Source files read as trees, so that a rule about code is a few lines of code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module: its name and its text."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text, self.name)

    def imports(self) -> Iterator[ast.Import | ast.ImportFrom]:
        """Every import, wherever it stands."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Import | ast.ImportFrom))

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


def sources(folder: str) -> list[Source]:
    """The modules under a folder of the repository; those under src are named as they are imported."""
    base = ROOT / folder
    found = []
    for file in sorted(base.rglob("*.py")):
        parts = file.relative_to(base if folder == "src" else ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        found.append(Source(".".join(parts[:-1] if is_package else parts), file.read_text("utf-8"), is_package))
    return found


PRODUCT = sources("src")
TESTS = sources("tests")
EVERYTHING = PRODUCT + TESTS + sources("docs") + sources("benchmarks") + sources("examples")
