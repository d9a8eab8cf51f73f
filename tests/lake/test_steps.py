"""Steps run in order, by name, and can be read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qianmian.lake.connection import bare_connection
from qianmian.lake.steps import Step, explain, run_steps


@pytest.fixture
def duck(tmp_path: Path):
    with bare_connection((), threads=1, memory_mib=256, spill=tmp_path) as duck:
        yield duck


def test_a_step_reads_the_one_before(duck: duckdb.DuckDBPyConnection):
    steps = [
        Step("numbers", "SELECT i FROM range($many) n(i)", {"many": 5}),
        Step("even", "SELECT i FROM numbers WHERE i % 2 = 0", materialise=False),
    ]
    run_steps(duck, steps)
    assert duck.execute("SELECT i FROM even ORDER BY i").fetchall() == [(0,), (2,), (4,)]


def test_a_value_is_never_sql(duck: duckdb.DuckDBPyConnection):
    run_steps(duck, [Step("said", "SELECT $words AS words", {"words": "'; DROP TABLE said; --"})])
    assert duck.execute("SELECT words FROM said").fetchall() == [("'; DROP TABLE said; --",)]


def test_running_again_replaces_the_rows(duck: duckdb.DuckDBPyConnection):
    for many in (3, 7):
        run_steps(duck, [Step("numbers", "SELECT i FROM range($many) n(i)", {"many": many})])
    assert duck.execute("SELECT count(*) FROM numbers").fetchall() == [(7,)]


def test_a_failed_step_is_named(duck: duckdb.DuckDBPyConnection):
    with pytest.raises(duckdb.Error) as caught:
        run_steps(duck, [Step("wrong", "SELECT nothing FROM nowhere")])
    assert caught.value.__notes__ == ["in step 'wrong'"]


def test_a_view_cannot_bind_values():
    with pytest.raises(ValueError, match="step 'even': a view cannot bind values"):
        Step("even", "SELECT $x", {"x": 1}, materialise=False)


def test_an_explanation_shows_the_sql_and_hides_the_values():
    text = explain(
        [Step("numbers", "SELECT $phone AS p", {"phone": "13800138000"}), Step("all_numbers", "FROM numbers")]
    )
    assert text == ("-- numbers: table  -- binds $phone\nSELECT $phone AS p\n\n-- all_numbers: table\nFROM numbers")
