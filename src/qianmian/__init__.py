"""Qianmian (千面): from the traces that people leave in a shop to living profiles."""

from __future__ import annotations

from qianmian.app.shop import Shop, init, open, restore  # noqa: A004  # the names that users read

__all__ = ["Shop", "init", "open", "restore"]
