"""A file that does not fit its declaration is refused with every reason."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from qianmian.core.errors import DamagedTableError, LakeError
from qianmian.core.tables import Column, Type
from qianmian.lake.schema import arrow_schema, delta_schema
from qianmian.lake.store import Lake
from tests.lake.shop import SALES, _table, open_lake, sell

GOOD = {"id": pa.array([1, 2], pa.int64()), "pieces": pa.array([3, None], pa.int32())}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(tmp_path)


def describe(lake: Lake, columns: dict[str, pa.Array]):
    path = lake.new_file("lines")
    pq.write_table(pa.table(columns), path)
    return lake.describe("lines", path)


def test_a_file_of_any_writer_that_fits_is_described(lake: Lake):
    found = describe(lake, dict(reversed(GOOD.items())))
    assert (found.rows, found.day) == (2, None)
    assert found.size == lake.location("lines", found).stat().st_size


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": GOOD["id"]}, "pieces is missing"),
        (GOOD | {"extra": GOOD["id"]}, "extra is not declared"),
        (GOOD | {"pieces": GOOD["id"]}, "pieces is int64, not int32"),
        (GOOD | {"id": pa.array(["a", "b"])}, "id is string, not int64"),
        (GOOD | {"id": pa.array([1, None], pa.int64())}, "1 rows without 'id', which may not be empty"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(lake: Lake, columns: dict[str, pa.Array], reason: str):
    with pytest.raises(LakeError, match=reason):
        describe(lake, columns)


def test_a_cut_off_file_is_refused(lake: Lake):
    path = lake.new_file("lines")
    pq.write_table(pa.table(GOOD), path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DamagedTableError, match=r"'lines': .*is not a complete Parquet file"):
        lake.describe("lines", path)


def test_every_type_has_its_words_in_arrow_and_delta():
    table = _table("all_types", tuple(Column(type_.name.lower(), type_, "one") for type_ in Type))
    assert len(arrow_schema(table)) == len(delta_schema(table).fields) == len(Type)


def test_other_readers_of_delta_see_the_declared_columns_and_no_statistics(lake: Lake):
    sell(lake, 1)
    address, options = lake.storage.table(lake.root / "sales")
    table = DeltaTable(address, storage_options=options)
    assert [field.name for field in table.schema().fields] == list(SALES.names)
    assert table.count() == 40
    actions = pa.table(table.get_add_actions(flatten=True))
    assert [name for name in actions.column_names if name.startswith(("min", "max", "null_count"))] == []
