from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qianmian.core.errors import InputError
from qianmian.core.events import TRACKING_PLAN
from qianmian.world.behaviour import live
from qianmian.world.calendar import make_calendar
from qianmian.world.generate import generate
from qianmian.world.goods import make_goods
from qianmian.world.plan import WorldPlan, neighbourhoods
from qianmian.world.render import message_ids, render
from tests.world.conftest import PLAN

CLIENT_COLUMNS = [
    *("message_id", "type", "event", "timestamp", "sent_at", "received_at", "user_id", "anonymous_id", "device_id"),
    *("phone", "email", "wechat_unionid", "channel", "device_type", "user_agent", "region", "order_id", "refund_id"),
    *("item_id", "total", "currency", "coupon_id", "products", "properties", "consent"),
]


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def one(sql: duckdb.DuckDBPyConnection, query: str) -> tuple:
    return sql.sql(query).fetchall()[0]


def test_the_same_plan_gives_the_same_bytes(world: Path, tmp_path: Path):
    generate(PLAN, tmp_path)
    assert fingerprint(tmp_path) == fingerprint(world)


def test_another_seed_gives_another_world(tmp_path: Path):
    small = WorldPlan(seed=1, people=300)
    generate(small, tmp_path / "a")
    generate(replace(small, seed=2), tmp_path / "b")
    a, b = fingerprint(tmp_path / "a"), fingerprint(tmp_path / "b")
    assert a["events/part-0000.parquet"] != b["events/part-0000.parquet"]


def test_progress_reaches_everybody(tmp_path: Path):
    seen: list[tuple[int, int]] = []
    rows = generate(
        WorldPlan(people=1_200, neighbourhood_events=12_000), tmp_path, lambda done, people: seen.append((done, people))
    )
    assert seen[-1] == (1_200, 1_200)
    assert len(seen) > 1
    assert rows == sum(pq.read_metadata(file).num_rows for file in (tmp_path / "events").iterdir())


def test_the_files_of_events_hold_what_a_client_knows_and_nothing_else(world: Path):
    for file in (world / "events").iterdir():
        assert pq.read_schema(file).names == CLIENT_COLUMNS


def test_every_event_has_one_line_of_truth(sql: duckdb.DuckDBPyConnection):
    assert one(sql, "SELECT count(*), count(DISTINCT message_id) FROM persons") == one(
        sql, "SELECT count(*), count(DISTINCT message_id) FROM event"
    )
    assert one(sql, "SELECT count(*) FROM event ANTI JOIN persons USING (message_id)") == (0,)


def test_events_are_named_as_the_tracking_plan_names_them(sql: duckdb.DuckDBPyConnection):
    names = {name for (name,) in sql.sql("SELECT DISTINCT event FROM e").fetchall()}
    assert names == set(TRACKING_PLAN)


def test_properties_and_products_are_json(sql: duckdb.DuckDBPyConnection):
    wrong = "SELECT count(*) FROM e WHERE NOT json_valid(properties) OR NOT json_valid(products)"
    assert one(sql, wrong) == (0,)


def test_the_window_ends_with_its_last_date(sql: duckdb.DuckDBPyConnection):
    first, last = one(
        sql,
        """SELECT min(moment)::VARCHAR, max(moment)::VARCHAR FROM
           (SELECT timestamp + (received_at - sent_at) AS moment FROM event
            JOIN persons USING (message_id) WHERE person IS NOT NULL)""",
    )
    assert last < "2026-11-18 16:00:10"
    assert first >= "2026-08-20"


def test_deliveries_come_in_order_of_arrival(world: Path):
    for file in (world / "events").iterdir():
        arrivals = pq.read_table(file, columns=["received_at"])["received_at"].to_numpy()
        assert (arrivals[1:] >= arrivals[:-1]).all()


def test_the_number_of_events_a_person_is_as_planned(sql: duckdb.DuckDBPyConnection):
    assert one(sql, "SELECT count(*) FROM event")[0] / PLAN.people == pytest.approx(PLAN.events_per_person, rel=0.15)


@pytest.mark.parametrize("planned", [20, 60])
def test_a_quieter_and_a_livelier_world_are_made_too(tmp_path: Path, planned: int):
    generate(WorldPlan(people=1_500, events_per_person=planned), tmp_path)
    made = pq.read_metadata(tmp_path / "truth" / "persons.parquet").num_rows / 1_500
    assert made == pytest.approx(planned, rel=0.15)


def test_activity_is_heavy_tailed(sql: duckdb.DuckDBPyConnection):
    (share,) = one(
        sql,
        """WITH p AS (SELECT count(*) AS n FROM persons WHERE person IS NOT NULL GROUP BY person),
           r AS (SELECT n, percent_rank() OVER (ORDER BY n) AS moment FROM p)
           SELECT sum(n) FILTER (moment >= 0.9) / sum(n) FROM r""",
    )
    assert share > 0.25


def test_one_person_may_hold_a_tenth_of_all_events(tmp_path: Path):
    generate(WorldPlan(people=600, heavy_person_share=0.1), tmp_path)
    persons = pq.read_table(tmp_path / "truth" / "persons.parquet")["person"].to_numpy()
    assert (persons == 0).mean() == pytest.approx(0.1, abs=0.03)


def test_a_plan_that_cannot_be_made_is_refused_by_name():
    with pytest.raises(InputError, match=r"typo_share must be between 0 and 0\.9; got 1\.5"):
        WorldPlan(typo_share=1.5)
    with pytest.raises(InputError, match="people must be at least 50; got 3"):
        WorldPlan(people=3)


def test_making_neighbourhoods_one_by_one_or_many_at_a_time_changes_no_byte(world: Path, tmp_path: Path):
    for at_a_time in (1, 4):
        generate(PLAN, tmp_path / str(at_a_time), at_a_time=at_a_time)
        assert fingerprint(tmp_path / str(at_a_time)) == fingerprint(world)


def test_the_size_of_the_slices_that_are_written_changes_no_row(world: Path):
    place = next(neighbourhoods(PLAN))
    life = live(place, make_calendar(PLAN), make_goods(PLAN))
    whole = pq.read_table(world / "events" / "part-0000.parquet")
    for slice_rows in (997, 1 << 20):
        made = pa.concat_tables(render(life, slice_rows)).unify_dictionaries()
        assert made.cast(whole.schema).equals(whole)


def test_a_neighbourhood_lives_the_same_whatever_lies_around_it(world: Path):
    places = list(neighbourhoods(PLAN))
    assert len(places) > 1
    life = live(places[-1], make_calendar(PLAN), make_goods(PLAN))
    file = world / "events" / f"part-{places[-1].number:04d}.parquet"
    ids = message_ids(places[-1], life.sent.serial)
    assert pq.read_table(file, columns=["message_id"])["message_id"].combine_chunks().equals(ids)
