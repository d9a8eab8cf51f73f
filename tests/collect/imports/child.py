"""Imports a file and dies at a failpoint, as a power cut would have it."""

from __future__ import annotations

import sys
from pathlib import Path

from qianmian.core.failpoints import arm
from tests.collect.imports.parts import EVENTS, Workspace

if __name__ == "__main__":
    root, file, name = sys.argv[1:]
    workspace = Workspace(Path(root))
    arm(name)
    workspace.take(Path(file), EVENTS.format(format="csv"))
