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
from qianmian.world.calendar import make_calendar
from qianmian.world.goods import make_goods, write_goods
from qianmian.world.plan import Neighbourhood, WorldPlan, neighbourhoods
from qianmian.world.readme import README
from qianmian.world.render import Log, render
from qianmian.world.testimony import testify
from qianmian.world.truth import Facts, find_facts, join_facts, people_table

#: Called with the number of people made so far, and of all.
Progress = Callable[[int, int], None]
_CODED = ["type", "event", "channel", "device_type", "region", "item_id", "currency", "consent", "namespace", "kind"]
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


def generate(plan: WorldPlan, folder: Path, progress: Progress = lambda done, people: None) -> int:
    """Generate a world. Equal plans give equal bytes.

    Args:
        plan: what to generate.
        folder: where to; made if missing, and files of the same names are replaced.
        progress: called after each neighbourhood.

    Returns:
        Number of rows in the files of events, repeated deliveries included.
    """
    for part in ("events", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for old in (folder / part).glob("*.parquet"):
            old.unlink()
    goods, calendar = make_goods(plan), make_calendar(plan)
    write_goods(goods, plan, folder / "goods.csv")
    (folder / "README.md").write_text(README, encoding="utf-8")

    def write(place: Neighbourhood) -> Written:
        log = live(place, calendar, goods)
        _write_events(log, folder / "events" / f"part-{place.number:04d}.parquet")
        return Written(find_facts(log.scene, log.orders, log.sent), testify(log), len(log.sent.serial))

    return _write_truth(plan, folder / "truth", write, progress)


def read_truth(folder: Path) -> dict[str, pa.Table]:
    """The tables of truth of a generated world, by name."""
    return {file.stem: pq.read_table(file) for file in sorted((folder / "truth").glob("*.parquet"))}


def _write_truth(plan: WorldPlan, folder: Path, write: Callable[[Neighbourhood], Written], progress: Progress) -> int:
    """Let the neighbourhoods be written two at a time, and their truth in their order."""
    writers: dict[str, pq.ParquetWriter] = {}
    facts, deliveries, done = [], 0, 0
    for written in _in_order(write, neighbourhoods(plan)):
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


def _in_order(write: Callable[[Neighbourhood], Written], places: Iterator[Neighbourhood]) -> Iterator[Written]:
    """Results in the order of the neighbourhoods; never more than a few are under way, to bound the memory."""
    under_way: deque[Future[Written]] = deque()
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for place in places:
            under_way.append(pool.submit(write, place))
            if len(under_way) == _AT_A_TIME:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _write_events(log: Log, file: Path) -> None:
    writer = None
    for table in render(log):
        writer = writer or _writer(file, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        file, schema, compression="zstd", compression_level=1, use_dictionary=_CODED, store_schema=False
    )
