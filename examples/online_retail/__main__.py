"""Runs the story."""

from __future__ import annotations

from examples.online_retail.run import main

main()
