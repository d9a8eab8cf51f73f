"""Children that are worse than any SQL: programs in the place of the sandbox's own."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from qianmian.engines.sandbox.process import PROGRAM


def instead_of_sql(code: str) -> Sequence[str]:
    """The real child, behind its walls, that runs Python instead of SQL.

    The code defines ``probe() -> str``; the answer's words are what it returns.
    """
    *command, begin, package = PROGRAM
    ending = "main()\n"
    assert begin.endswith(ending)
    answer = 'child._answer = lambda connection, order: ({"state": "unbound", "words": probe()}, None)\n'
    imports = "from qianmian.engines.sandbox import child\nimport os, signal, socket, time\n"
    return [*command, begin.removesuffix(ending) + imports + code + "\n" + answer + ending, package]


def alone(code: str) -> Sequence[str]:
    """Python without the sandbox, as if the child had lost its mind at once."""
    return [sys.executable, "-I", "-S", "-c", "import os, signal, sys, time\n" + code]
