"""Fake orders are planted only where they are asked for; their truth is complete, and judged beside a naive rule."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qianmian.world.generate import generate, read_truth
from qianmian.world.plan import WorldPlan
from qianmian.world.score_flags import judge_flags
from tests.world.conftest import opened

PLAN = WorldPlan(seed=11, people=1_000, days=30, fake_orders=80)


@pytest.fixture(scope="module")
def brushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brushed")
    generate(PLAN, folder)
    return folder


def test_a_world_has_none_unless_they_are_asked_for(sql: duckdb.DuckDBPyConnection) -> None:
    assert sql.sql("SELECT count(*) FROM dirt WHERE kind LIKE '%fake%'").fetchall() == [(0,)]


def test_as_many_are_placed_as_planned_and_none_is_given_back(brushed: Path) -> None:
    told = (
        opened(brushed)
        .sql("""
        SELECT count(*), count(DISTINCT person) < 20, count(DISTINCT orders.paid), sum(refunded)
        FROM (SELECT * FROM dirt WHERE kind = 'fake_order') JOIN event USING (message_id)
        JOIN orders USING (order_id)""")
        .fetchall()
    )
    assert told == [(80, True, 2, 0)]


def test_they_are_praised_with_few_words_and_five_stars(brushed: Path) -> None:
    [(texts, stars, many)] = (
        opened(brushed)
        .sql("""
        WITH fake AS (SELECT order_id FROM dirt JOIN event USING (message_id) WHERE kind = 'fake_order')
        SELECT count(DISTINCT properties ->> '$.text'), min((properties ->> '$.stars')::INTEGER), count(*)
        FROM event SEMI JOIN fake USING (order_id) WHERE event = 'Review Written'""")
        .fetchall()
    )
    assert texts <= 3
    assert stars == 5
    assert many > 40


def test_they_are_judged_beside_who_looked_at_nothing(brushed: Path) -> None:
    truth = read_truth(brushed)
    dirt = truth["dirt"]
    fake = dirt.filter(pc.equal(dirt["kind"], "fake_order"))["message_id"]
    flags = pa.table({"event_id": fake, "rule": pa.array(["brushed"] * len(fake), pa.string())})
    claims = {claim.metric: claim for claim in judge_flags(truth, {"flags": flags})}
    assert (claims["brushed_precision"].value, claims["brushed_recall"].value) == (1.0, 1.0)
    assert 0 < claims["brushed_precision"].baseline < 0.7
    assert claims["brushed_precision"].passed
    assert (claims["odd_precision"].value, claims["odd_recall"].value) == (0.0, 0.0)
