"""The tracking plan on the command line: from a starter to what deviates, and back in by a replay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.app.tracking.following import Followed, paid, track


@pytest.fixture
def folder(tmp_path):
    shop = Followed(tmp_path / "shop", datetime.now(UTC))
    shop.send(paid(1, colour="red"), paid(2, total=12), track(3, event="Cart Shared", properties={"to": "u-77"}))
    shop.shop.close()
    return shop.folder


def test_a_plan_is_begun_checked_applied_and_told(folder, call, tmp_path):
    empty = call("plan", "show", "-w", folder, "--json").json
    assert (empty["version"], empty["mode"]) == (None, "observe")
    assert {one["name"]: one["planned"] for one in empty["events"]} == {"Order Completed": False, "Cart Shared": False}
    assert len(call("plan", "starters", "--json").json) == 8
    starter = call("plan", "starters", "live").out
    assert "直播" in starter
    (tmp_path / "live.yaml").write_text(starter, encoding="utf-8")
    assert call("plan", "apply", tmp_path / "live.yaml", "-w", folder, "--json").json["version"] == 1
    assert call("plan", "apply", tmp_path / "live.yaml", "-w", folder, "--json").json["version"] == 1
    assert call("plan", "add", "shop", "-w", folder, "--json").json["events"] == 20
    undone = call("plan", "check", tmp_path / "live.yaml", "-w", folder, "--json").json
    assert {one["what"] for one in undone["differences"]} == {"removed"}
    history = call("plan", "history", "-w", folder, "--json").json
    assert [(one["version"], one["origin"]) for one in history] == [(2, "starters"), (1, "file")]
    order = call("plan", "show", "Order Completed", "-w", folder, "--json").json
    found = {one["name"]: one for one in order["properties"]}
    assert found["order_id"]["planned"]["required"]
    assert (found["colour"]["planned"], found["colour"]["events"], found["colour"]["sample"]) == (None, 1, "aaa")
    assert "Order Completed" in call("plan", "show", "-w", folder).out


def test_what_deviates_is_told_kept_apart_promoted_and_replayed(folder, call):
    call("plan", "add", "shop", "-w", folder)
    assert call("plan", "mode", "strict", "-w", folder, "--json").json["mode"] == "strict"
    shop = Followed(folder, datetime.now(UTC))
    shop.send(paid(5, colour="blue"), track(6, event="Cart Shared"))
    shop.shop.close()
    told = call("plan", "violations", "-w", folder, "--json").json
    found = [(one["kind"], one["property"], one["planned"]) for one in told]
    assert found == [("unplanned_event", "", False), ("unplanned_property", "colour", False)]
    assert len(call("plan", "quarantine", "-w", folder, "--json").json) == 2
    assert "unplanned_property" in call("plan", "quarantine", "-w", folder).out
    [kept, *_] = call("plan", "quarantine", "-w", folder, "--json").json
    assert (
        call("plan", "quarantine", "--id", kept["id"], "-w", folder, "--json").json["content"]["event"] == kept["event"]
    )
    assert call("plan", "replay", "--only", kept["id"], "-w", folder, "--json").json["waiting"] == 1
    call("plan", "promote", "Order Completed", "colour", "--required", "-w", folder)
    call("plan", "promote", "Cart Shared", "-w", folder)
    told = call("plan", "replay", "-w", folder, "--json").json
    assert told == {"read": 2, "stored": 2, "duplicates": 0, "waiting": 0}
    assert all(one["planned"] for one in call("plan", "violations", "-w", folder, "--json").json)
    promoted = call("plan", "show", "Order Completed", "-w", folder, "--json").json["properties"]
    colour = next(one for one in promoted if one["name"] == "colour")["planned"]
    assert (colour["type"], colour["required"]) == ("text", True)


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "nothing.yaml"),
        ("add", "shopp"),
        ("promote", "Never Seen"),
        ("promote", "Order Completed", "never"),
        ("mode", "strict"),
        ("show", "Never Seen"),
    ],
)
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words):
    ran = call("plan", *words, "-w", folder, "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert "hint: " in ran.err
