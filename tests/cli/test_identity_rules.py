"""Identity rules on the command line: printed, checked, tried and applied."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_rules_are_printed_changed_checked_tried_and_applied(folder, call, tmp_path):
    printed = call("identity", "rules", "show", "-w", folder).out
    own = tmp_path / "own.yaml"
    own.write_text(printed, encoding="utf-8")
    assert call("identity", "rules", "check", own, "-w", folder, "--json").json["differences"] == []
    own.write_text(printed.replace("phone: 365", "phone: 180"), encoding="utf-8")
    assert call("identity", "rules", "check", own, "-w", folder, "--json").json["differences"] == ["holds_days"]
    assert call("identity", "simulate", own, "-w", folder, "--json").json["people_after"] == 0
    assert "0 people change" in call("identity", "simulate", own, "-w", folder).out
    applied = call("identity", "rules", "apply", own, "-w", folder)
    assert "takes effect with the next build" in applied.out
    assert "phone: 180" in call("identity", "rules", "show", "-w", folder).out
    assert "phone: 365" in call("identity", "rules", "show", "--built-in", "-w", folder).out
    told = call("identity", "rules", "show", "-w", folder, "--json").json
    assert (told["own"]["version"], told["is_published"]) == (1, False)


@pytest.mark.parametrize("words", [("rules", "apply"), ("rules", "check"), ("simulate",)])
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("limit: {}\n")
    for file in (wrong, tmp_path / "none.yaml"):
        ran = call("identity", *words, file, "-w", folder, "--lang", "en")
        assert ran.code == 2
        assert "hint: " in ran.err
