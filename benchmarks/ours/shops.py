"""Worlds and shops to measure on: generated once a size, kept in the cache, copied before each run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import qianmian
from qianmian.app.shop import Shop
from qianmian.app.tables import ALL_TABLES, TABLES
from qianmian.core.clock import FixedClock
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan

DEMO = Path(qianmian.__file__).parent / "cli" / "demo"
#: Events of one person on average: 20 million events of a million people.
EVENTS_A_PERSON = 20
#: Parts of a world, each of about a million events.
PARTS_A_FILE = 20
#: Grows with the columns of a world's events: a cached world of other columns is not taken.
FORM = 2
#: The build's "now": the last second of the world's last day in Shanghai.
END = datetime(2026, 11, 18, 15, 59, 59, tzinfo=UTC)


def make_world(cache: str, events: int, events_a_person: float = EVENTS_A_PERSON) -> dict[str, Any]:
    """Generate a world with about so many events, unless it is there; returns its folder and rows."""
    folder = Path(cache) / f"world{FORM}-{events}-{events_a_person:g}"
    done = folder / "made.json"
    if not done.exists():
        plan = WorldPlan(seed=7, people=int(events / events_a_person), events_per_person=events_a_person)
        rows = generate(plan, folder)
        shutil.rmtree(folder / "truth")
        done.write_text(json.dumps({"folder": str(folder), "rows": rows}))
    told: dict[str, Any] = json.loads(done.read_text())
    return told


def some_files(world: str) -> list[str]:
    """The events of a world as Parquet files of about 20 million rows, as much as is imported at a time."""
    parts = sorted((Path(world) / "events").glob("*.parquet"))
    if len(parts) <= PARTS_A_FILE:
        return [one_file(world)]
    shares = [parts[first : first + PARTS_A_FILE] for first in range(0, len(parts), PARTS_A_FILE)]
    return [one_file(world, f"share-{number}", parts=share) for number, share in enumerate(shares)]


def one_file(
    world: str, name: str = "all", after: str = "", until: str = "", parts: Sequence[Path] | None = None
) -> str:
    """The events of a world, or of some of its parts, that were received in a span, as one file; returns its path."""
    path = Path(world) / f"{name}.parquet"
    if path.exists():
        return str(path)
    first, last = (datetime.fromisoformat(text) if text else None for text in (after, until))
    writer, being_made = None, path.with_suffix(".part")
    for part in parts or sorted((Path(world) / "events").glob("*.parquet")):
        for batch in pq.ParquetFile(part).iter_batches(batch_size=1 << 17):
            rows = _received(pa.Table.from_batches([batch]), first, last)
            writer = writer or pq.ParquetWriter(being_made, rows.schema, compression="zstd", compression_level=1)
            writer.write_table(rows)
    if writer:
        writer.close()
    being_made.rename(path)
    return str(path)


def _received(rows: pa.Table, after: datetime | None, until: datetime | None) -> pa.Table:
    if after:
        rows = rows.filter(pc.greater(rows["received_at"], pa.scalar(after, rows["received_at"].type)))
    if until:
        rows = rows.filter(pc.less_equal(rows["received_at"], pa.scalar(until, rows["received_at"].type)))
    return rows


def make_shop(cache: str, world: str, files: list[str]) -> str:
    """A shop that has imported the goods and some files, not built; returns its folder."""
    folder = Path(cache) / f"shop-{_declared()}-{Path(world).name}-{Path(files[-1]).stem}"
    done = folder / "made"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        with opened(folder) as shop:
            shop.import_file(Path(world) / "goods.csv", DEMO / "goods.yaml")
            for file in files:
                shop.import_file(file, DEMO / "events.yaml")
        done.touch()
    return str(folder)


def _declared() -> str:
    """A fingerprint of all declared tables: a shop of other tables cannot be opened by this code."""
    return hashlib.sha256(repr((ALL_TABLES, TABLES)).encode()).hexdigest()[:8]


def empty_shop(folder: str) -> None:
    """A new shop without anything, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    with opened(folder):
        pass


@contextmanager
def opened(folder: Path | str, instant: datetime = END + timedelta(days=7)) -> Iterator[Shop]:
    """The shop in a folder, made if missing, at an instant."""
    clock = FixedClock(instant)
    there = (Path(folder) / "qianmian.toml").exists()
    shop = qianmian.open(folder, clock=clock) if there else qianmian.init(folder, name="bench", clock=clock)
    try:
        yield shop
    finally:
        shop.close()


def copy_shop(shop: str, to: str) -> str:
    """A copy to run on. The lake's and history's files never change, so they are linked; databases are copied."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(shop, to, copy_function=_link_or_copy)
    return to


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith((".parquet", ".arrow")):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def inputs(shop: str, instant: datetime = END) -> dict[str, list[str]]:
    """The Parquet files that a shop's lake holds, by table."""
    with opened(shop) as found:
        lake = found.workspace.lake
        snapshot = lake.snapshot(instant=instant)
        return {
            table: [str(lake.location(table, file)) for file in lake.files(snapshot, table)]
            for table in ("events", "event_lines", "links", "nodes", "items")
        }


def results(shop: str, tables: Iterable[str], to: str) -> dict[str, str]:
    """What a build left, each table as one Parquet file in a folder."""
    Path(to).mkdir(parents=True, exist_ok=True)
    paths = {table: f"{to}/{table}.parquet" for table in tables}
    with opened(shop) as found:
        for table, path in paths.items():
            pq.write_table(found.table(table), path)
    return paths
