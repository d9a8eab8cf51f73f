"""Lists of people, their sessions and their orders, against a small story whose every event is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.questions.orders import orders
from qianmian.app.questions.people import Search, Sort, search
from qianmian.app.questions.timeline import timeline
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, InputError, PurposeError, UnknownNameError
from qianmian.core.people import id_number, id_text


def found(told, **asked):
    return search(told.shop, Search(**asked), purpose=ANALYSE)


def person(told, name):
    return id_text(told.person(name))


@pytest.mark.parametrize("spelled", ["anna", "user_id:anna", "phone:13900000001", " anna "])
def test_a_person_is_found_by_every_name(told, spelled):
    page = found(told, name=spelled)
    assert [one.person for one in page.people] == [person(told, "anna")]
    assert (page.total, page.condition, page.next) == (1, None, None)
    [anna] = page.people
    assert {"namespace": "phone", "value": "139****0001", "since": None} in anna.identifiers
    assert (anna.orders_total, anna.net_revenue) == (1, Decimal("49.0000"))


def test_a_list_shows_the_names_that_people_act_under_and_no_raw_one(told):
    names = {one.person: one.identifiers for one in found(told).people}
    assert {"namespace": "user_id", "value": "***"} in names[person(told, "anna")]
    shown = [name for some in names.values() for name in some]
    assert shown
    assert {"anna", "boris", "carl", "13900000001", "laptop", "tablet"}.isdisjoint(name["value"] for name in shown)
    whole = {(name["namespace"], name["value"]) for name in told.shop.profile("anna").identifiers}
    assert {(name["namespace"], name["value"]) for name in names[person(told, "anna")]} <= whole


def test_a_person_is_found_by_the_id_that_lists_show(told):
    anna = person(told, "anna")
    for spelled in (anna, f"person:{anna}"):
        assert [one.person for one in found(told, name=spelled).people] == [anna]


@pytest.mark.parametrize(
    "spelled", ["nobody", "phone:13800138000", "person:none", "aaaaaaaaaaaac", "x' OR 1=1 --", "order:"]
)
def test_a_name_of_nobody_finds_nobody(told, spelled):
    page = found(told, name=spelled)
    assert (page.total, page.people, page.next) == (0, [], None)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("condition", [None, "orders_total >= 0"])
def test_pages_hold_everybody_once_in_the_order_asked_for(told, sort, condition):
    whole = found(told, sort=sort, condition=condition)
    pages, last = [], None
    while not pages or last:
        page = found(told, sort=sort, condition=condition, cursor=last, limit=1)
        pages += page.people
        last = page.next
        assert page.total == whole.total
    assert pages == whole.people
    assert len({one.person for one in pages}) == len(pages) == whole.total == len(told.profiles())
    if sort is Sort.PERSON:
        assert [one.person for one in pages] == sorted((one.person for one in pages), key=id_number)
    else:
        values = [getattr(one, sort.value) for one in pages]
        assert values == sorted(values, reverse=True)


def test_a_condition_lists_whom_its_audience_counts(told):
    for condition in (
        "did('Order Completed')",
        "net_revenue >= 100",
        "not did('Product Viewed')",
        "lifecycle = 'lost'",
    ):
        people = told.shop.audience(condition)
        page = found(told, condition=condition)
        assert page.total == people.size()
        assert [one.person for one in page.people] == people.members()
        assert page.condition == people.condition


def test_what_cannot_be_asked_is_refused(told):
    with pytest.raises(ConditionError):
        found(told, condition="spend =")
    with pytest.raises(InputError, match="exclude each other"):
        found(told, name="anna", condition="orders_total > 0")
    with pytest.raises(InputError, match="another order"):
        found(told, sort=Sort.NET_REVENUE, cursor=found(told, limit=1).next)
    for wrong in ("x", "", "WyJ4Il0", cursor("person", "1; DROP TABLE profiles", "a"), "[" * 900):
        with pytest.raises(InputError):
            found(told, cursor=wrong or "é")
    with pytest.raises(PurposeError):
        search(told.shop, Search(), purpose="advertise")


def test_a_cursor_reads_back():
    assert place_of(cursor("名", 12, ""), str, int, str) == ("名", 12, "")


def test_a_timeline_tells_every_event_of_the_person_once_newest_first(told):
    anna = person(told, "anna")
    pages, last = [], None
    while not pages or last:
        page = timeline(told.shop, anna, purpose=ANALYSE, after=last, limit=1)
        pages += page.sessions
        last = page.next
    events = [event for visit in pages for event in visit.events]
    assert sorted(event.event_id for event in events) == ["a1", "a2", "a3", "a4", "a5", "a6"]
    instants = [event.occurred_at for event in events]
    assert instants == sorted(instants, reverse=True)
    assert all(visit.rows == len(visit.events) for visit in pages)
    assert all(visit.began_at <= visit.ended_at for visit in pages)
    by_id = {event.event_id: event for event in events}
    assert by_id["a2"].item.item_id == "i1"
    assert by_id["a2"].region == "上海"
    assert (by_id["a3"].amount, by_id["a3"].order_id, by_id["a3"].item.item_id) == (Decimal(80), "A-1", "i1")
    assert by_id["a4"].amount == Decimal(-30)
    assert by_id["a1"].amount is None
    assert page.computed == told.shop.computed


def test_silence_parts_sessions(told):
    page = timeline(told.shop, person(told, "boris"), purpose=ANALYSE, limit=50)
    assert [[event.event_id for event in visit.events] for visit in page.sessions] == [["b3"], ["b2"], ["b1"]]


def test_nobodys_timeline_is_an_error_and_nobodys_orders_are_none(told):
    with pytest.raises(UnknownNameError):
        timeline(told.shop, id_text(12345), purpose=ANALYSE)
    assert orders(told.shop, id_text(12345), purpose=ANALYSE).orders == []
    for question in (timeline, orders):
        with pytest.raises(InputError):
            question(told.shop, "13800138000", purpose=ANALYSE)


def test_orders_have_their_products_and_refunds(told):
    page = orders(told.shop, person(told, "anna"), purpose=ANALYSE)
    [order] = page.orders
    assert (order.order_id, order.ordered_on, page.total, page.next) == ("A-1", date(2026, 5, 4), 1, None)
    assert (order.paid, order.refunded, order.net) == (Decimal(80), Decimal(30), Decimal(50))
    assert [(line.item_id, line.quantity, line.amount) for line in order.lines] == [
        ("i1", 1.0, Decimal(30)),
        ("i2", 2.0, Decimal(50)),
    ]
    assert [(refund.refund_id, refund.amount) for refund in order.refunds] == [("R-1", Decimal(30))]
