"""A generated world taken in by the demonstration's own mappings, with its truth beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

import qianmian
from qianmian.app.shop import Shop
from qianmian.core.clock import FixedClock
from qianmian.world.generate import generate, read_truth
from qianmian.world.plan import WorldPlan

ZONE = ZoneInfo("Asia/Shanghai")
#: Some events arrive days late; by then all of them are in.
_ALL_ARRIVED = timedelta(days=10)


@dataclass(frozen=True)
class World:
    """A shop that has taken in all events of a world, and what is true of it."""

    shop: Shop
    truth: dict[str, pa.Table]
    end: datetime
    plan: WorldPlan


def take_in(plan: WorldPlan, folder: Path, mappings: Path) -> World:
    """Generate a world and import it; nothing is built yet.

    Args:
        plan: what to generate.
        folder: gets the world and the workspace.
        mappings: folder of the demonstration's mappings.
    """
    generate(plan, folder / "world")
    end = datetime.combine(plan.last_on, time.max, ZONE).astimezone(UTC)
    shop = qianmian.init(folder / "shop", name="拾野集", clock=FixedClock(end + _ALL_ARRIVED), memory_mib=512)
    shop.import_file(folder / "world" / "goods.csv", mappings / "goods.yaml")
    for file in sorted((folder / "world" / "events").glob("*.parquet")):
        shop.import_file(file, mappings / "events.yaml")
    return World(shop, read_truth(folder / "world"), end, plan)
