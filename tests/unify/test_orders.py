"""The money of the shop: each order once, each refund once, and each on its right person and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.app.traces import NOW, Scene, trace

PAID, BACK = "Order Completed", "Order Refunded"
LINES = [{"sku": "i1", "n": 2, "price": "15", "amount": "30"}, {"sku": "i2", "n": 1, "price": "60", "amount": "60"}]
PRICED = [{"sku": "i1", "n": 2, "price": "15.5"}, {"sku": "i2", "n": 1, "price": "60"}]

MONEY = [
    trace(PAID, "2026-05-01", user="declared", order="A1", total="100", products=LINES),
    trace(PAID, "2026-05-01", user="summed", order="A2", products=LINES),
    trace(PAID, "2026-05-01", user="priced", order="A3", products=PRICED),
    trace(PAID, "2026-05-01", id="naked", user="naked"),
    trace(PAID, "2026-05-02", user="partly", order="B1", total="100"),
    trace(BACK, "2026-05-03", user="partly", order="B1", refund="RB1", total="10"),
    trace(BACK, "2026-05-04", user="partly", order="B1", refund="RB2", total="20.5"),
    trace(PAID, "2026-05-02T09:00:00", id="first", user="twice", order="C1", total="50"),
    trace(PAID, "2026-05-02T09:00:01", id="again", user="twice", order="C1", total="50"),
    trace(BACK, "2026-05-05T09:00:00", user="twice", order="C1", refund="RC1", total="5"),
    trace(BACK, "2026-05-05T09:00:01", user="twice", order="C1", refund="RC1", total="5"),
    trace(BACK, "2026-05-01", user="early", order="D1", refund="RD1", total="7"),
    trace(PAID, "2026-05-02", user="early", order="D1", total="70"),
    trace(BACK, "2026-05-20", user="lost", refund="RE1", total="3"),
    trace(BACK, "2026-05-20", user="lost", order="unheard", refund="RE2", total="4"),
    trace(PAID, "2026-05-10", user="payer", order="F1", total="80"),
    trace(BACK, "2026-05-11", user="clerk", order="F1", refund="RF1", total="8"),
    trace(BACK, "2026-05-12", order="F1", refund="RF2", total="2"),
    trace(PAID, "2026-04-20", user="long-ago", order="G1", total="60"),
    trace(BACK, "2026-05-31", user="long-ago", order="G1", refund="RG1", total="15"),
]  # fmt: skip


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("orders") / "shop")
    made.take(MONEY)
    made.shop.build()
    yield made
    made.shop.close()


@pytest.fixture(scope="module")
def orders(scene: Scene) -> dict[str, dict[str, Any]]:
    return {row["order_id"]: row for row in scene.rows("orders")}


@pytest.fixture(scope="module")
def refunds(scene: Scene) -> dict[str, dict[str, Any]]:
    return {row["refund_id"]: row for row in scene.rows("refunds")}


def profile(scene: Scene, user: str) -> dict[str, Any]:
    return scene.profiles()[scene.node(user)]


def _money(order: dict[str, Any]) -> tuple[Decimal, Decimal | None, Decimal, Decimal]:
    return order["paid"], order["lines_total"], order["refunded"], order["net"]


def test_a_declared_total_stands_and_its_difference_from_the_lines_shows(orders: dict[str, dict[str, Any]]) -> None:
    assert _money(orders["A1"]) == (100, 90, 0, 100)


def test_without_a_total_the_lines_are_summed(orders: dict[str, dict[str, Any]]) -> None:
    assert _money(orders["A2"]) == (90, 90, 0, 90)


def test_a_line_without_an_amount_is_worth_pieces_times_price(orders: dict[str, dict[str, Any]]) -> None:
    assert _money(orders["A3"]) == (91, 91, 0, 91)


def test_an_order_without_number_total_or_lines_is_an_order_of_nothing(orders: dict[str, dict[str, Any]]) -> None:
    assert _money(orders["naked"]) == (0, None, 0, 0)


def test_partial_refunds_add_up(orders: dict[str, dict[str, Any]], scene: Scene) -> None:
    assert _money(orders["B1"]) == (100, None, Decimal("30.5"), Decimal("69.5"))
    assert profile(scene, "partly")["net_revenue"] == Decimal("69.5")


def test_a_payment_told_twice_is_one_order(orders: dict[str, dict[str, Any]], scene: Scene) -> None:
    assert _money(orders["C1"]) == (50, None, 5, 45)
    told = profile(scene, "twice")
    assert (told["orders_total"], told["net_revenue"], told["average_order"], told["refunds_90d"]) == (1, 45, 45, 1)


def test_a_refund_before_its_payment_counts_on_the_payments_date(
    orders: dict[str, dict[str, Any]], scene: Scene
) -> None:
    assert _money(orders["D1"]) == (70, None, 7, 63)
    row = scene.rows("history", f"WHERE person_id = {scene.node('early')} AND amount < 0")[0]
    assert (row["happened_on"], row["effective_on"]) == (date(2026, 5, 1), date(2026, 5, 2))


@pytest.mark.parametrize(("refund", "order"), [("RE1", None), ("RE2", "unheard")])
def test_a_refund_of_no_known_order_stays_unmatched(
    refunds: dict[str, dict[str, Any]], refund: str, order: str | None
) -> None:
    assert (refunds[refund]["matched"], refunds[refund]["order_id"]) == (False, order)


def test_unmatched_refunds_lower_the_net_of_who_got_them(scene: Scene) -> None:
    told = profile(scene, "lost")
    assert (told["net_revenue"], told["net_30d"], told["orders_total"], told["average_order"]) == (-7, -7, 0, None)
    assert told["lifecycle"] == "potential"


def test_a_refund_logged_under_anothers_name_is_the_payers(orders: dict[str, dict[str, Any]], scene: Scene) -> None:
    assert _money(orders["F1"]) == (80, None, 10, 70)
    assert orders["F1"]["person_id"] == scene.node("payer")
    assert profile(scene, "payer")["net_revenue"] == 70
    assert scene.node("clerk") not in scene.profiles()  # the clerk did nothing else


def test_a_refund_lowers_the_window_of_its_order_and_not_of_its_own_day(scene: Scene) -> None:
    told = profile(scene, "long-ago")
    assert (told["net_7d"], told["net_30d"], told["net_90d"]) == (0, 0, 45)


def test_a_refund_is_something_done_on_its_own_day(scene: Scene) -> None:
    told = profile(scene, "long-ago")
    assert (told["active_days_7d"], told["active_days_30d"], told["active_days_90d"]) == (1, 1, 2)
    assert told["refunds_90d"] == 1
    assert told["sessions_30d"] == 1


def test_the_net_of_an_instant_counts_the_refunds_up_to_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop", now=NOW)
    scene.take(MONEY)
    for at, refunded in [
        (datetime(2026, 5, 3, 3, 59, tzinfo=UTC), 0),
        (datetime(2026, 5, 3, 4, 0, tzinfo=UTC), 10),  # inclusive
        (datetime(2026, 5, 4, 5, 0, tzinfo=UTC), Decimal("30.5")),
    ]:
        scene.shop.build(instant=at)
        order = next(row for row in scene.rows("orders") if row["order_id"] == "B1")
        assert (order["refunded"], order["net"]) == (refunded, 100 - refunded)
        assert profile(scene, "partly")["net_revenue"] == 100 - refunded
    scene.shop.close()


def test_a_payment_that_an_earlier_batch_told_for_later_keeps_history_and_orders_in_step(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    scene.take([trace(PAID, "2026-05-20", id="told-first", user="u", order="O", total="11")])
    scene.take([trace(PAID, "2026-05-10", id="told-second", user="u", order="O", total="22")])
    scene.shop.build(instant=datetime(2026, 5, 15, tzinfo=UTC))
    assert profile(scene, "u")["net_revenue"] == 22
    scene.shop.build(instant=datetime(2026, 5, 25, tzinfo=UTC))
    assert (profile(scene, "u")["net_revenue"], profile(scene, "u")["orders_total"]) == (11, 1)
    scene.shop.close()
