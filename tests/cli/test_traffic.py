"""Traffic on the command line: rules and marks are set where events are flagged by them."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_rules_are_applied_printed_and_shown(folder, call, tmp_path):
    (tmp_path / "own.yaml").write_text("rules: [{reason: load_test, holds: [okjmeter]}]\n", encoding="utf-8")
    told = call("traffic", "apply", tmp_path / "own.yaml", "-w", folder, "--json").json
    assert told["version"] == 1
    assert call("traffic", "rules", "-w", folder).out == "rules: [{reason: load_test, holds: [okjmeter]}]\n"
    assert "googlebot" in call("traffic", "rules", "--built-in", "-w", folder).out
    assert call("traffic", "show", "-w", folder, "--json").json["own"]["version"] == 1


def test_a_mark_keeps_a_pseudonym_only(folder, call):
    told = call("traffic", "mark", "phone:13800138000", "--note", "QA", "-w", folder, "--json").json
    assert (told["namespace"], told["note"]) == ("phone", "QA")
    assert "138001" not in str(call("traffic", "show", "-w", folder, "--json").json["marked"])
    assert call("traffic", "unmark", told["node_id"], "-w", folder, "--json").json == []


@pytest.mark.parametrize("words", [("apply", "no-such.yaml"), ("mark", "null"), ("unmark", "aaaaaaaaaaaac")])
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words):
    ran = call("traffic", *words, "-w", folder, "--lang", "en")
    assert ran.code == 2
    assert "hint: " in ran.err
