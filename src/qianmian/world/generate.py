"""Write a world to a folder: the events, the goods, and the truth beside them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.world.behaviour import live
from qianmian.world.calendar import make_calendar, write_calendar
from qianmian.world.goods import make_goods, write_goods
from qianmian.world.life import Life
from qianmian.world.plan import Neighbourhood, WorldPlan, neighbourhoods
from qianmian.world.readme import README
from qianmian.world.render import render
from qianmian.world.stock import write_stock
from qianmian.world.testimony import testify
from qianmian.world.truth import Facts, find_facts, join_facts, people_table

#: Called with the number of people made so far, and of all.
Progress = Callable[[int, int], None]
_CODED = [
    *("type", "event", "channel", "device_type", "user_agent", "region", "item_id", "currency", "consent"),
    *("namespace", "kind"),
]
_AT_A_TIME = 2


@dataclass(frozen=True)
class Written:
    """What a finished neighbourhood leaves for the truth.

    Attributes:
        facts: what is true of its people.
        tables: its truth by table name.
        deliveries: number of rows in its file of events.
    """

    facts: Facts
    tables: dict[str, pa.Table]
    deliveries: int


def generate(
    plan: WorldPlan, folder: Path, progress: Progress = lambda done, people: None, *, at_a_time: int = _AT_A_TIME
) -> int:
    """Generate a world. Equal plans give equal bytes.

    Args:
        plan: what to generate.
        folder: where to; made if missing, and files of the same names are replaced.
        progress: called after each neighbourhood.
        at_a_time: number of neighbourhoods that are made at a time; changes the memory, and no byte.

    Returns:
        Number of rows in the files of events, repeated deliveries included.
    """
    for part in ("events", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for old in (folder / part).glob("*.parquet"):
            old.unlink()
    goods, calendar = make_goods(plan), make_calendar(plan)
    write_goods(goods, plan, folder / "goods.csv")
    write_stock(goods, plan, folder / "stock.csv")
    write_calendar(plan, folder / "calendar.csv")
    (folder / "README.md").write_text(README, encoding="utf-8")

    def write(place: Neighbourhood) -> Written:
        life = live(place, calendar, goods)
        _write_events(life, folder / "events" / f"part-{place.number:04d}.parquet")
        return Written(find_facts(life.scene, life.orders, life.sent), testify(life), len(life.sent.serial))

    made = _in_order(write, neighbourhoods(plan), at_a_time)
    return _write_truth(plan, folder / "truth", made, progress)


def read_truth(folder: Path) -> dict[str, pa.Table]:
    """The tables of truth of a generated world, by name."""
    return {file.stem: pq.read_table(file) for file in sorted((folder / "truth").glob("*.parquet"))}


def _write_truth(plan: WorldPlan, folder: Path, made: Iterator[Written], progress: Progress) -> int:
    """Write the truth of the neighbourhoods in their order."""
    writers: dict[str, pq.ParquetWriter] = {}
    facts, deliveries, done = [], 0, 0
    for written in made:
        for name, table in written.tables.items():
            if name not in writers:
                writers[name] = _writer(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table, row_group_size=1 << 20)
        facts.append(written.facts)
        deliveries += written.deliveries
        done += len(written.facts.orders)
        progress(done, plan.people)
    for writer in writers.values():
        writer.close()
    people = people_table(join_facts(facts))
    with _writer(folder / "people.parquet", people.schema) as writer:
        writer.write_table(people, row_group_size=1 << 20)
    return deliveries


def _in_order(
    write: Callable[[Neighbourhood], Written], places: Iterator[Neighbourhood], at_a_time: int
) -> Iterator[Written]:
    """Results in the order of the neighbourhoods; never more than a few are under way, to bound the memory."""
    under_way: deque[Future[Written]] = deque()
    with ThreadPoolExecutor(at_a_time) as pool:
        for place in places:
            under_way.append(pool.submit(write, place))
            if len(under_way) == at_a_time:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _write_events(life: Life, file: Path) -> None:
    writer = None
    for table in render(life):
        writer = writer or _writer(file, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        file, schema, compression="zstd", compression_level=1, use_dictionary=_CODED, store_schema=False
    )
