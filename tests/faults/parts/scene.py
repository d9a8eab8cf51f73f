"""A small shop out of a generated world, prepared once up to each moment at which something is done to it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import qianmian
from qianmian.app.shop import Shop
from qianmian.core.clock import FixedClock
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TINY = WorldPlan(people=120, days=8, items=240, history_days=2)
_ERASED = 5


@dataclass(frozen=True)
class Scene:
    """A folder with the files of a shop and its workspaces in several states.

    Attributes:
        root: the folder.
    """

    root: Path

    @property
    def early(self) -> Path:
        """The first part of the behaviour."""
        return self.root / "early.parquet"

    @property
    def late(self) -> Path:
        """The last part; a few of its rows are refused."""
        return self.root / "late.parquet"

    @property
    def goods(self) -> Path:
        """The goods."""
        return self.root / "world" / "goods.csv"

    def state(self, name: str) -> Path:
        """A workspace: ``built`` with the first part, ``imported`` with the last part too, ``rebuilt`` over both."""
        return self.root / name

    def leaving(self) -> list[str]:
        """Names of people who ask to be erased."""
        people = pq.read_table(self.root / "world" / "truth" / "people.parquet", columns=["user_id"])
        return [name for name in people["user_id"].to_pylist() if name][3 : 3 + _ERASED]


def mapping(name: str) -> Path:
    """The demonstration's mapping: ``events`` or ``goods``."""
    return Path(qianmian.__path__[0]) / "cli" / "demo" / f"{name}.yaml"


def open_shop(folder: Path) -> Shop:
    """The workspace in a folder, at the scene's instant."""
    return qianmian.open(folder, clock=FixedClock(NOW))


def prepare(root: Path, plan: WorldPlan = TINY) -> Scene:
    """Generate the world and bring a workspace into every state."""
    scene = Scene(root)
    generate(plan, root / "world")
    _part(scene)
    shop = qianmian.init(scene.state("built"), name="shop", threads=1, memory_mib=512, clock=FixedClock(NOW))
    shop.import_file(scene.goods, mapping("goods"))
    shop.import_file(scene.early, mapping("events"))
    shop.build()
    shop.close()
    for before, after in (("built", "imported"), ("imported", "rebuilt")):
        shop = open_shop(shutil.copytree(scene.state(before), scene.state(after)))
        shop.import_file(scene.late, mapping("events")) if after == "imported" else shop.build()
        shop.close()
    return scene


def _part(scene: Scene) -> None:
    """Cut the behaviour in two by time of receipt, and spoil some rows of the last part."""
    rows = pa.concat_tables([pq.read_table(file) for file in sorted((scene.root / "world" / "events").glob("*"))])
    rows = rows.sort_by("received_at")
    cut = len(rows) * 2 // 3
    pq.write_table(rows.slice(0, cut), scene.early)
    late = rows.slice(cut)
    spoilt = pa.array([number % 97 == 0 for number in range(len(late))])
    names = pc.if_else(spoilt, pa.scalar(None, pa.string()), late["event"].cast(pa.string()))
    place = late.column_names.index("event")
    pq.write_table(late.set_column(place, "event", names), scene.late)
