"""Our side of wire JSON: a generated world as messages and as the requests that carry them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from qianmian.world.wire.write import PROTOCOLS, write_wire


def make(folder: str, people: int) -> dict[str, Any]:
    """Generate a world anew."""
    shutil.rmtree(folder, ignore_errors=True)
    return {"count": generate(WorldPlan(seed=7, people=people, neighbourhood_events=250_000), Path(folder))}


def write(world: str, protocol: str, folder: str, carried: bool) -> dict[str, Any]:
    """Write a world in a protocol: its lines, and the requests as well or not."""
    chosen = PROTOCOLS[protocol]
    chosen = chosen if carried else replace(chosen, requests=None)
    return {"count": write_wire(Path(world), chosen, Path(folder))}
