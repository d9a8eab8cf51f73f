"""Our side of the build: everything that `qianmian build` does, on a copy of a shop that was not built yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.ours.shops import END, opened


def build(shop: str, *, full: bool = False, instant: str = "", **engine: str) -> dict[str, Any]:
    """Build as of an instant, on an engine; returns what the job noted."""
    with opened(Path(shop)) as found:
        result: dict[str, Any] = found.build(
            full=full, instant=datetime.fromisoformat(instant) if instant else END, **engine
        )
    return result
