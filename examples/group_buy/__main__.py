"""Runs the story."""

from __future__ import annotations

from examples.group_buy.run import main

main()
