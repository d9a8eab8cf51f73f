"""An export is all that the shop holds about one person, from every table, and nothing of anybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_text
from tests.app.conftest import STORY
from tests.app.traces import Scene

ANNAS = {"a1", "a2", "a3", "a4", "a5", "a6"}


@pytest.fixture(scope="module")
def export(told: Scene) -> dict[str, Any]:
    return told.shop.export("anna")


def test_it_holds_her_events_and_no_other(export: dict[str, Any]) -> None:
    assert {row["event_id"] for row in export["events"]} == ANNAS


def test_it_holds_her_lines_and_links(export: dict[str, Any]) -> None:
    assert [(row["event_id"], row["item_id"]) for row in export["event_lines"]] == [("a3", "i1"), ("a3", "i2")]
    assert {row["event_id"] for row in export["links"]} <= ANNAS
    assert {row["rule"] for row in export["links"]} == {"sign_in", "same_event", "order_number"}


def test_it_holds_her_money_matched_or_not(export: dict[str, Any]) -> None:
    assert [(row["order_id"], row["paid"], row["net"]) for row in export["orders"]] == [("A-1", 80, 50)]
    assert [row["refund_id"] for row in export["refunds"]] == ["R-1", "R-2"]


def test_it_holds_her_history_and_profile(export: dict[str, Any]) -> None:
    assert len(export["history"]) == len(ANNAS) + 1  # one for the second product
    assert [row["net_revenue"] for row in export["profiles"]] == [49]


def test_it_names_her_identifiers_unmasked(export: dict[str, Any]) -> None:
    named = {(one["namespace"], one["value"]) for one in export["identifiers"]}
    assert named == {("user_id", "anna"), ("phone", "13900000001"), ("device", "tablet"), ("order:shop", "A-1")}


def test_it_names_nobody_else(export: dict[str, Any]) -> None:
    text = json.dumps(export, default=str)
    assert not [word for word in ("boris", "carl", "B-1", "C-1", "laptop") if word in text]
    others = {row["id"] for row in STORY} - ANNAS
    assert not [event for event in others if f'"{event}"' in text]


def test_every_person_is_exported_alone(told: Scene) -> None:
    events: list[str] = []
    for person in told.profiles():
        events += [row["event_id"] for row in told.shop.export(f"person:{_text(person)}")["events"]]
    assert sorted(events) == sorted({row["id"] for row in STORY} - {"n1"})  # each once; n1 is nobody's


def _text(person: int) -> str:
    return id_text(person)


def test_nobody_is_exported_by_a_name_that_is_unknown(told: Scene) -> None:
    with pytest.raises(UnknownNameError, match="nobody is known as phone:"):
        told.shop.export("phone:13999999999")
