"""A layered table: of each key the highest layer that names it stands, whatever lies below."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from qianmian.core.errors import LakeError
from qianmian.core.tables import Column, Erase, Leave, Table, Type
from qianmian.engines.base import Buckets, Context, Reading
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.connection import by_key, connect, fetch, quoted
from qianmian.lake.files import Change
from qianmian.lake.store import Lake

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
#: Several rows a key, as a node has several intervals; a key of two columns, one of them text.
STOCK = Table(
    "stock",
    (
        Column("shop", Type.ID, "number of the shop", nullable=False),
        Column("item", Type.TEXT, "the item", nullable=False),
        Column("place", Type.SMALL, "shelf", nullable=False),
        Column("pieces", Type.INTEGER, "pieces there", nullable=False),
    ),
    key=("shop", "item", "place"),
    grain="one row a shelf",
    owner="tests",
    erase=Erase(Leave.KEEP),
    sort_by=("shop", "item", "place"),
    layered_by=("shop", "item"),
)
Key = tuple[int, str]
Shelves = dict[Key, list[tuple[int, int]]]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", (STOCK,))


def put(lake: Lake, layer: int, shelves: Shelves, *, whole: bool = False) -> None:
    """Release a layer; a key without shelves is gone."""
    context = Context(lake, Reading(lake.snapshot(instant=NOW)), Buckets(), {}, lake.root / "exchange", 1, 256)
    rows = [(*key, place, pieces) for key, held in sorted(shelves.items()) for place, pieces in held]
    gone = sorted(key for key, held in shelves.items() if not held)
    files = [context.write("stock", _table(rows, STOCK.names), layer=layer)]
    if gone:
        files.append(context.write_gone("stock", _table(gone, STOCK.layered_by), layer=layer))
    lake.release("stock", [Change("stock", tuple(files), "all" if whole else ())])


def _table(rows: list[tuple[object, ...]], names: tuple[str, ...]) -> pa.Table:
    types = {"shop": pa.int64(), "item": pa.string(), "place": pa.int32(), "pieces": pa.int64()}
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, types[name]) for name, column in zip(names, columns, strict=True)})


def shown(lake: Lake, tail: str = "ORDER BY ALL") -> list[tuple[object, ...]]:
    snapshot = lake.snapshot(instant=NOW)
    views, spill = ("stock", by_key("stock")), lake.root.parent / "spill"
    with connect(lake, snapshot, threads=1, memory_mib=256, spill=spill, tables=views) as connection:
        told, by_keys = (fetch(connection, f"SELECT * FROM {quoted(view)} {tail}").to_pylist() for view in views)
    assert told == by_keys
    return [tuple(row.values()) for row in told]


def held(shelves: Shelves) -> list[tuple[object, ...]]:
    return sorted((*key, place, pieces) for key, rows in shelves.items() for place, pieces in rows)


def how(lake: Lake, **more: float) -> Compaction:
    return Compaction(1, 256, lake.root.parent / "spill", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_any_run_of_layers_and_merges_is_what_a_dictionary_would_hold(lake: Lake, seed: int) -> None:
    chance, expected = random.Random(seed), Shelves()
    for layer in range(1, 13):
        whole = layer == 1 or chance.random() < 0.1
        some = {
            (chance.randrange(4), chance.choice("茶纸伞杯")): [
                (place, chance.randrange(99)) for place in range(chance.choice([0, 1, 1, 3]))
            ]
            for _ in range(chance.randrange(1, 6))
        }
        if whole:
            some = {key: rows for key, rows in some.items() if rows}
            expected = {}
        expected |= some
        put(lake, layer, some, whole=whole)
        if chance.random() < 0.3:
            compact(lake, "stock", how(lake, most_covered=0.0))
        assert shown(lake) == held(expected)
    compact(lake, "stock", how(lake, most_covered=0.0))
    assert shown(lake) == held(expected)


def test_a_layer_that_covers_little_is_left_and_one_that_covers_much_is_merged(lake: Lake) -> None:
    many: Shelves = {(shop, "茶"): [(0, shop)] for shop in range(10)}
    put(lake, 1, many)
    put(lake, 2, {(1, "茶"): [(0, 99)]})
    assert compact(lake, "stock", how(lake)) == 0
    put(lake, 3, {(shop, "茶"): [(1, shop)] for shop in range(5)})
    before = shown(lake)
    assert compact(lake, "stock", how(lake)) == 3
    assert shown(lake) == before
    (file,) = lake.files(lake.snapshot(instant=NOW), "stock")
    assert (file.layer, file.rows) == (3, 10)


def test_many_layers_are_merged_however_small(lake: Lake) -> None:
    put(lake, 1, {(shop, "茶"): [(0, shop)] for shop in range(100)})
    for layer in range(2, 11):
        put(lake, layer, {(layer, "茶"): [(0, 0)]})
    assert compact(lake, "stock", how(lake, most_layers=8)) == 10


def test_any_reader_can_tell_the_rows_that_stand_from_the_files_alone(lake: Lake) -> None:
    put(lake, 1, {(1, "茶"): [(0, 5), (1, 6)], (2, "纸"): [(0, 7)]})
    put(lake, 2, {(1, "茶"): [(0, 8)], (2, "纸"): []})
    with duckdb.connect() as connection:
        told = connection.execute(
            f"""SELECT shop, item, place, pieces FROM '{lake.root}/stock/*.parquet'
                QUALIFY layer = max(layer) OVER (PARTITION BY shop, item) AND NOT gone"""
        ).fetchall()
    assert told == shown(lake) == [(1, "茶", 0, 8)]


def test_a_question_for_one_key_reads_only_what_may_hold_it(lake: Lake) -> None:
    put(lake, 1, {(shop, "茶"): [(0, shop)] for shop in range(10)})
    put(lake, 2, {(3, "茶"): [(0, 30)]})
    assert shown(lake, "WHERE shop = 3") == [(3, "茶", 0, 30)]
    assert shown(lake, "WHERE shop = 4") == [(4, "茶", 0, 4)]


def test_a_file_needs_a_layer_and_only_a_layered_table_has_one(lake: Lake) -> None:
    with pytest.raises(LakeError, match="has layers; got layer=0"):
        lake.new_file("stock")
    with pytest.raises(LakeError, match="has both days and layers"):
        Lake(lake.root, (Table(**{**vars(STOCK), "partition_by": ("day",)}),))
