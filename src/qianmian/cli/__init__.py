"""The command-line door, one file a stage. Data on stdout, progress on stderr; must not hold logic."""

from __future__ import annotations

from qianmian.cli.entry import main

__all__ = ["main"]
