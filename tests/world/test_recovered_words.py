"""What a generated shop's sources write differently is read as what it was, and money comes back to its yuan."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qianmian.unify.clean.declaration import read_cleaning
from qianmian.unify.normal.rates import converted, holds, rates_params, show_rates
from qianmian.world.generate import read_truth
from tests.world.dirtying import REGIONS, WORDS, dirtied

RULES = """
words:
  - {field: region, words: china}
  - {field: channel, words: {mini_program: [], app: [], web: [], store: [], jd: [], taobao: [], pinduoduo: []}}
rates:
  - {currency: USD, rate: 7.2, since: 2020-01-01}
  - {currency: USD, rate: 7.1, since: 2026-10-01}
"""
CLEANING = read_cleaning(RULES, "own.yaml")


@pytest.fixture(scope="module")
def events(world: Path) -> pa.Table:
    return pq.read_table(world / "events", columns=["region", "channel"])


@pytest.mark.parametrize(("field", "ways"), [("region", REGIONS), ("channel", WORDS)])
def test_every_way_of_writing_is_read_as_the_word(events: pa.Table, field: str, ways: tuple) -> None:
    true, dirty = events[field].to_pylist(), dirtied(events[field], ways, 1).to_pylist()
    read = {raw: CLEANING.reading.read(field, "shop", raw).word for raw in set(dirty) if raw is not None}
    pairs = [(one, raw) for one, raw in zip(true, dirty, strict=True) if one is not None]
    assert sum(one == raw for one, raw in pairs) < len(pairs) / 2
    assert [(one, raw) for one, raw in pairs if read[raw] != one] == []
    assert len(read) > 2 * len(set(true))


def test_orders_paid_in_dollars_are_worth_what_they_were_in_yuan(world: Path) -> None:
    with duckdb.connect() as connection:
        params = rates_params(CLEANING.rates, "CNY")
        connection.execute("SET VARIABLE currency = 'CNY'")
        show_rates(connection, params["rates"])
        connection.register("orders", read_truth(world)["orders"])
        connection.execute(f"""
            CREATE TABLE dollars AS
            SELECT orders.paid AS true_paid, occurred_at::DATE AS ordered_on, 'USD' AS money,
                   round(orders.paid / rate, 2)::DECIMAL(18,4) AS paid
            FROM orders JOIN rates ON {holds("'USD'", "occurred_at::DATE")}""")
        [(rows, used, worst, share)] = connection.execute(f"""
            SELECT count(*), count(DISTINCT rate), max(abs({converted("paid")} - true_paid)),
                   abs(sum({converted("paid")}) / sum(true_paid) - 1)
            FROM dollars JOIN rates ON {holds("money", "ordered_on")}""").fetchall()
    assert rows == read_truth(world)["orders"].num_rows > 100
    assert used == 2
    assert worst <= 0.005 * 7.2 + 1e-9  # a cent is all that dollars can tell
    assert share < 1e-4
