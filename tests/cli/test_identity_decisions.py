"""Decisions by hand on the command line: told first, taken with a reason, listed, undone."""

from __future__ import annotations

import json

import pytest

from tests.app.traces import Scene, trace

PHONE = "13900000001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    scene = Scene(tmp_path_factory.mktemp("by-hand") / "shop")
    scene.take(
        [
            trace("Product Viewed", "2026-05-01", user="anna", anon="a-1"),
            trace("Order Completed", "2026-05-02", phone=PHONE, anon="a-2", order="O1", total="30"),
        ]
    )
    scene.shop.build()
    scene.shop.close()
    return scene.folder


def test_a_merge_is_told_taken_listed_and_undone(folder, call):
    asked = ("identity", "merge", "anna", f"phone:{PHONE}", "-w", folder)
    told = call(*asked).out
    assert "2 people would be 1; 1 events and 1 orders (30.00)" in told
    assert "nothing was decided" in told
    assert "nothing was decided by hand" in call("identity", "decisions", "-w", folder, "--lang", "en").out
    taken = call(*asked, "--reason", f"she called from {PHONE}", "--json").json
    assert taken["preview"]["people_after"] == 1
    assert taken["decision"]["decision"] == 1
    assert PHONE not in json.dumps(taken)
    assert "next build" in call("identity", "decisions", "-w", folder).out
    assert "decision 2" in call("identity", "undo", "1", "--reason", "no", "-w", folder).out
    listed = call("identity", "decisions", "-w", folder).out
    assert "undone by 2" in listed
    assert "merge user_id:*** | phone:139****0001" in listed


def test_a_split_names_who_goes_and_since_when(folder, call):
    asked = ("identity", "split", f"phone:{PHONE}", "--apart", "anonymous_id:a-2", "-w", folder, "--json")
    assert call(*asked, "--since", "2026-05-01").json["preview"]["people"][0]["identifiers"] == 2
    assert call(*asked, "--since", "2026-05-03").json["preview"]["events"] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "anna", "nobody"), "nobody is known"),
        (("split", "anna", "--apart", "anonymous_id:a-1", "--since", "soon"), "--since must be"),
        (("undo", "77"), "no decision 77"),
    ],
)
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words, told):
    ran = call("identity", *words, "-w", folder, "--lang", "en")
    assert ran.code == 2
    assert told in ran.err
    assert "hint: " in ran.err
