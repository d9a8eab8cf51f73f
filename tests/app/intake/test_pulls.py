"""Pulls from real databases: each row once, whatever dies; late rows found; nothing but reading; no address told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from qianmian.app.contracts.pulls import PullTold, runs_told
from qianmian.app.intake import pulling
from qianmian.app.intake.pulls import Pulls
from qianmian.collect.imports.database import Reached, Relation, read_stretch, reading
from qianmian.core.errors import InputError, MappingError, UnknownNameError
from qianmian.core.language import Language
from tests.app.traces import Scene
from tests.databases import Database
from tests.faults.parts.child import KILLED

VARIABLE = "QIANMIAN_PULL_SHOP"
EN = Language.EN
MAPPING = """
source: erp
format: parquet
event:
  event_id: {columns: [id, state], join: /}
  name: {column: state, map: {paid: Order Completed, refunded: Order Refunded}}
  occurred_at: at
  order_id: id
  total: total
identifiers: {user_id: buyer}
"""
GOODS = "source: erp\nformat: parquet\ngrain: item\nitem: {item_id: sku, price: price}\n"


class Erp:
    """Somebody's database, with orders that change."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url.render_as_string(hide_password=False)
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)
        metadata = sa.MetaData()
        self.orders = sa.Table(
            "orders", metadata,
            sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.Text), sa.Column("buyer", sa.Text),
            sa.Column("total", sa.Numeric(12, 2)), sa.Column("at", sa.DateTime(timezone=True)),
            sa.Column("changed", sa.Integer),
        )  # fmt: skip
        self.goods = sa.Table("goods", metadata, sa.Column("sku", sa.Text), sa.Column("price", sa.Numeric(12, 2)))
        metadata.create_all(self._engine)

    def put(self, number: int, changed: int | None, state: str = "paid", total: str = "10.50", minute: int = 0) -> None:
        """A new order, or a new state of an old one."""
        row = {"state": state, "buyer": f"u{number}", "total": Decimal(total), "changed": changed}
        at = datetime(2026, 5, 1, minute=minute, tzinfo=UTC)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(self.orders).where(self.orders.c.id == number))
            connection.execute(sa.insert(self.orders).values(id=number, at=at, **row))

    def price(self, price: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(self.goods))
            connection.execute(sa.insert(self.goods).values(sku="i1", price=Decimal(price)))

    def execute(self, sql: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.text(sql))


@pytest.fixture
def erp(database: Database, tmp_path: Path) -> Erp:
    """On SQLite and on PostgreSQL."""
    if database.server is None:
        return Erp(sa.URL.create("sqlite", database=str(tmp_path / "erp.db")))
    return Erp(
        sa.make_url(database.server.url).update_query_dict({"options": f"-csearch_path={database.server.schema}"})
    )


@pytest.fixture
def file_erp(tmp_path: Path) -> Erp:
    return Erp(sa.URL.create("sqlite", database=str(tmp_path / "erp.db")))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def declare(scene: Scene, relation: Relation = Relation("orders", "changed"), mapping: str = MAPPING) -> None:  # noqa: B008
    Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock).add("erp", VARIABLE, relation, mapping)


def pulled(scene: Scene, erp: Erp) -> tuple[int, int]:
    """Rows taken and rows known, over all stretches."""
    reports = pulling.pull(scene.shop, "erp", {VARIABLE: erp.url})
    return sum(one.accepted for one in reports), sum(one.duplicates for one in reports)


def test_new_and_late_rows_come_in_once(scene: Scene, erp: Erp) -> None:
    declare(scene)
    erp.put(1, 10)
    erp.put(2, 11)
    assert pulled(scene, erp) == (2, 0)
    assert pulling.pull(scene.shop, "erp", {VARIABLE: erp.url}) == []
    erp.put(3, 11)  # as late as the last that was seen
    assert pulled(scene, erp) == (1, 1)
    erp.put(1, 12, "refunded")
    assert pulled(scene, erp) == (1, 2)
    assert pulling.pull(scene.shop, "erp", {VARIABLE: erp.url}) == []
    told = {(row["event_id"], row["name"], str(row["total"])) for row in scene.rows("events")}
    assert told == {
        ("1/paid", "Order Completed", "10.5000"), ("2/paid", "Order Completed", "10.5000"),
        ("3/paid", "Order Completed", "10.5000"), ("1/refunded", "Order Refunded", "10.5000"),
    }  # fmt: skip
    assert len(scene.shop.batches.all()) == 3


def test_a_stretch_ends_only_where_the_cursor_grows(erp: Erp, tmp_path: Path) -> None:
    for number in range(7):
        erp.put(number, 1 if number < 4 else number)
    relation, after, seen = Relation("orders", "changed"), Reached(), []
    with reading(erp.url) as connection:
        for _ in range(5):
            stretch = read_stretch(connection, relation, after, tmp_path / "rows", most=2)
            seen.append(stretch.rows)
            if stretch.is_last:
                break
            after = stretch.reached
    assert seen == [4, 6, 2]  # the rows of the last value come again, and hold nothing up


def test_a_pull_in_many_stretches_brings_all(scene: Scene, file_erp: Erp) -> None:
    declare(scene)
    for number in range(6):
        file_erp.put(number, number // 2)
    pull = Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock).get("erp")
    run = pulling.Pulling(scene.shop.workspace, pull, lambda words: scene.shop.job("import", words, None), most_rows=3)
    reports = list(run.run({VARIABLE: file_erp.url}))
    assert (len(reports), sum(one.accepted for one in reports)) == (2, 6)


@pytest.mark.parametrize("relation", [Relation("orders", "changed", 3), Relation("orders", "at", 60)])
def test_an_overlap_finds_rows_that_were_committed_late(scene: Scene, erp: Erp, relation: Relation) -> None:
    if relation.cursor_col == "at" and "sqlite" in erp.url:
        pytest.skip("SQLite has no instants")
    declare(scene, relation)
    for number in (10, 12, 20):
        erp.put(number, number, minute=number)
    assert pulled(scene, erp) == (3, 0)
    assert pulling.pull(scene.shop, "erp", {VARIABLE: erp.url}) == [], "nothing is new, and no batch says so"
    erp.put(18, 18, minute=18)
    assert pulled(scene, erp)[0] == 1
    assert pulling.pull(scene.shop, "erp", {VARIABLE: erp.url}) == []
    assert sorted(row["event_id"] for row in scene.rows("events")) == ["10/paid", "12/paid", "18/paid", "20/paid"]


def test_rows_that_are_read_again_are_no_progress(erp: Erp, tmp_path: Path) -> None:
    for number in range(9):
        erp.put(number, number)
    relation, after, seen = Relation("orders", "changed", 5), Reached(), []
    with reading(erp.url) as connection:
        for _ in range(6):
            stretch = read_stretch(connection, relation, after, tmp_path / "rows", most=3)
            seen.append(stretch.rows)
            if stretch.is_last:
                break
            after = stretch.reached
    assert seen == [3, 6, 9]  # what lies before the mark, and three more each time


def test_an_overlap_needs_a_cursor_that_can_be_counted_back(scene: Scene, file_erp: Erp) -> None:
    with pytest.raises(InputError, match="needs a cursor"):
        declare(scene, Relation("orders", "", 5))
    file_erp.put(1, 1)
    declare(scene, Relation("orders", "buyer", 5))
    with pytest.raises(InputError, match="of texts has no overlap"):
        pulling.pull(scene.shop, "erp", {VARIABLE: file_erp.url})


def test_what_each_run_did_is_told_and_why_it_failed(scene: Scene, file_erp: Erp) -> None:
    declare(scene, Relation("orders", "changed", 5))
    file_erp.put(1, 1)
    pulled(scene, file_erp)
    file_erp.put(2, 2)
    file_erp.execute("UPDATE orders SET total = 'no number' WHERE id = 2")
    pulled(scene, file_erp)
    with pytest.raises(InputError):
        pulling.pull(scene.shop, "erp", {VARIABLE: "sqlite:////nowhere.db"})
    told = PullTold.of(scene.shop, Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock).get("erp"), EN)
    assert (told.mark, told.problem.partition(".")[0], told.ran_at) == (
        "2",
        "there is no database file 'nowhere",
        scene.now,
    )
    runs = [(one.read, one.accepted, one.duplicates, one.refused_rows) for one in runs_told(scene.shop, "erp", EN)]
    assert runs == [(0, 0, 0, 0), (2, 0, 1, 1), (1, 1, 0, 0)]
    assert [one.batches for one in runs_told(scene.shop, "erp", EN)] == [[], [2], [1]]
    pulled(scene, file_erp)
    assert Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock).get("erp").reason is None


def test_the_first_run_brings_the_past_and_later_ones_when_they_say_so(scene: Scene, file_erp: Erp) -> None:
    declare(scene)
    for number, is_backfill in ((1, False), (2, False), (3, True)):
        file_erp.put(number, number)
        pulling.pull(scene.shop, "erp", {VARIABLE: file_erp.url}, is_backfill=is_backfill)
    assert [row["is_backfill"] for row in scene.shop.batches.all()] == [True, False, True]


def test_a_pull_is_due_at_once_then_after_its_pause_and_not_while_it_is_paused(scene: Scene, file_erp: Erp) -> None:
    pulls = Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    pulls.add("erp", VARIABLE, Relation("orders", "changed"), MAPPING, every_minutes=30)
    assert pulls.get("erp").next_at == scene.now
    file_erp.put(1, 1)
    pulled(scene, file_erp)
    assert pulls.get("erp").next_at == scene.now + timedelta(minutes=30)
    assert pulls.change("erp", paused=True).next_at is None
    assert pulls.change("erp", paused=False, every_minutes=5).next_at == scene.now + timedelta(minutes=5)
    assert pulls.change("erp", every_minutes=0).next_at is None


def test_who_only_looks_at_the_mark_forgets_nothing(scene: Scene, file_erp: Erp) -> None:
    declare(scene)
    pulls = Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    pulls.note("erp", "not released yet", Reached("integer:7", "1:1"))
    assert pulls.reached("erp", lambda _: False) == Reached()
    assert pulls.reached("erp", lambda _: True) == Reached("integer:7", "1:1")
    assert pulls.settle("erp", lambda _: False) == pulls.reached("erp", lambda _: True) == Reached()


def test_undoing_an_import_makes_the_next_pull_read_it_again(scene: Scene, file_erp: Erp) -> None:
    declare(scene)
    file_erp.put(1, 1)
    pulled(scene, file_erp)
    file_erp.put(2, 2)
    [report] = pulling.pull(scene.shop, "erp", {VARIABLE: file_erp.url})
    scene.shop.undo(report.batch)
    assert [row["event_id"] for row in scene.rows("events")] == ["1/paid"]
    assert pulled(scene, file_erp) == (1, 1)


def test_a_relation_without_a_cursor_goes_back_to_what_it_was(scene: Scene, erp: Erp) -> None:
    declare(scene, Relation("goods"), GOODS)
    for price in ("10", "12", "12", "10"):
        erp.price(price)
        pulling.pull(scene.shop, "erp", {VARIABLE: erp.url})
        scene = scene.at(scene.now.replace(day=scene.now.day + 1))
    assert [str(row["price"]) for row in scene.rows("items", "ORDER BY valid_from")] == [
        "10.0000", "12.0000", "10.0000",
    ]  # fmt: skip


def test_a_query_is_read_and_can_do_nothing_else(scene: Scene, erp: Erp) -> None:
    declare(scene, Relation("SELECT * FROM orders WHERE state = 'paid' AND buyer LIKE 'u%';", "changed"))
    erp.put(1, 1)
    erp.put(2, 1, "lost")
    erp.put(3, None)
    assert pulled(scene, erp) == (1, 0)
    for evil in (
        "SELECT 1) AS x; DELETE FROM orders; --",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
    ):
        with reading(erp.url) as connection, pytest.raises(InputError, match="the database refuses"):
            read_stretch(connection, Relation(evil), Reached(), scene.folder / "rows")
    with reading(erp.url) as connection, pytest.raises(sa.exc.SQLAlchemyError, match=r"read.?only"):
        connection.execute(sa.text("DELETE FROM orders"), execution_options={"stream_results": False})
    erp.put(4, 2)
    assert pulled(scene, erp)[0] == 1


def test_a_dry_run_writes_nothing_and_notes_nothing(scene: Scene, file_erp: Erp) -> None:
    declare(scene)
    file_erp.put(1, 1)
    [report] = pulling.pull(scene.shop, "erp", {VARIABLE: file_erp.url}, dry_run=True)
    assert (report.batch, report.accepted) == (0, 1)
    assert scene.rows("events") == []
    assert pulled(scene, file_erp) == (1, 0)


@pytest.mark.parametrize("place", ["import.after_staging", "lake.after_leader"])
def test_a_pull_that_dies_takes_each_row_in_once(scene: Scene, file_erp: Erp, place: str) -> None:
    declare(scene)
    file_erp.put(1, 1)
    file_erp.put(2, 2)
    command = [sys.executable, "-m", "qianmian", "pull", "run", "erp", "--workspace", str(scene.folder)]
    environment = {**os.environ, VARIABLE: file_erp.url, "QIANMIAN_CRASH_AT": place}
    dead = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert dead.returncode == KILLED, "the failpoint was not passed"
    again = scene.at(scene.now)
    pulled(again, file_erp)
    assert sorted(row["event_id"] for row in again.rows("events")) == ["1/paid", "2/paid"]
    scene.shop = again.shop


@pytest.mark.parametrize(
    ("name", "variable", "relation", "mapping", "told"),
    [
        ("ERP", VARIABLE, "orders", MAPPING, "the name of a pull"),
        ("erp", "QIANMIAN_DATABASE", "orders", MAPPING, "must be named QIANMIAN_PULL_"),
        ("erp", VARIABLE, " ", MAPPING, "needs a table or a query"),
        ("erp", VARIABLE, "orders", MAPPING.replace("event_id", "kind"), "must name `event_id`"),
    ],
)
def test_what_cannot_be_a_pull_is_refused(
    scene: Scene, name: str, variable: str, relation: str, mapping: str, told: str
) -> None:
    pulls = Pulls(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    with pytest.raises(InputError, match=told):
        pulls.add(name, variable, Relation(relation), mapping)
    with pytest.raises(MappingError):
        pulls.add("erp", VARIABLE, Relation("orders"), "source: [")
    with pytest.raises(UnknownNameError):
        pulling.pull(scene.shop, "erp", {})


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "QIANMIAN_PULL_SHOP is not set"),
        ("no address", "cannot be read"),
        ("oracle+nothing://me:s3cret@host/x", "no driver for oracle"),
        ("sqlite:////nowhere/s3cret.db", "no database file"),
        ("postgresql+psycopg://me:s3cret@127.0.0.1:1/shop", "the database refuses"),
    ],
)
def test_an_address_that_does_not_do_is_told_without_its_password(scene: Scene, url: str, told: str) -> None:
    declare(scene)
    with pytest.raises(InputError, match=told) as raised:
        pulling.pull(scene.shop, "erp", {VARIABLE: url})
    assert "s3cret@" not in str(raised.value) + repr(raised.value.message)
    assert "me:" not in str(raised.value)


def test_a_table_or_cursor_that_is_not_there_is_told_by_name(scene: Scene, erp: Erp) -> None:
    declare(scene, Relation("no_such_table", "changed"))
    with pytest.raises(InputError, match="no_such_table"):
        pulling.pull(scene.shop, "erp", {VARIABLE: erp.url})
