"""Quality of the data on the command line: checked, shown and looked after; its rules are printed and applied."""

from __future__ import annotations

import json

import pytest

from tests.app.traces import EVENTS, trace


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


@pytest.fixture
def taken(folder, call, tmp_path):
    """A shop of which a field is gone on the last day."""
    mapping, rows = tmp_path / "shop.yaml", tmp_path / "rows.jsonl"
    mapping.write_text(EVENTS)
    told = [
        trace("Product Viewed", f"2026-05-{day:02}", user=f"u{one}", region="上海" if day < 9 else None)
        for day in range(1, 10)
        for one in range(100)
    ]
    rows.write_text("".join(f"{json.dumps(row)}\n" for row in told))
    call("import", rows, "--mapping", mapping, "-w", folder)
    return folder


def test_a_check_tells_by_its_code_whether_somebody_has_to_look(taken, call):
    before = call("quality", "show", "-w", taken, "--lang", "en")
    assert "not measured yet" in before.out
    checked = call("quality", "check", "-w", taken, "--json")
    assert checked.code == 6
    [alert] = json.loads(checked.out)["alerts"]
    assert "nobody looks after: 1 " in call("doctor", "-w", taken).out
    assert (alert["field"], alert["kind"], alert["since_on"]) == ("region", "missing", "2026-05-09")
    known = call("quality", "acknowledge", "shop", "region", "missing", "--by", "李雷", "-w", taken)
    assert "looked after by 李雷" in known.out
    assert call("quality", "check", "-w", taken, "--json").code == 0
    assert call("doctor", "-w", taken, "--json").json["alerts"] == 0
    assert "region" in call("quality", "show", "shop", "-w", taken).out
    page = call("quality", "show", "shop", "region", "-w", taken)
    assert "2026-05-09  100     100.00%" in page.out
    assert call("quality", "show", "shop", "region", "-w", taken, "--json").json["quality"]["alerts"] == 1
    wrong = call("quality", "show", "shop", "colour", "-w", taken, "--lang", "en")
    assert (wrong.code, "colour" in wrong.err) == (2, True)


def test_rules_are_printed_changed_checked_and_applied(folder, call, tmp_path):
    printed = call("clean", "rules", "show", "-w", folder).out
    own = tmp_path / "own.yaml"
    own.write_text(printed, encoding="utf-8")
    assert call("clean", "rules", "check", own, "-w", folder, "--json").json["differences"] == []
    own.write_text(printed.replace("missing: 0.1", "missing: 0.2"), encoding="utf-8")
    assert call("clean", "rules", "check", own, "-w", folder, "--json").json["differences"] == ["alerts"]
    assert "version 1 was applied" in call("clean", "rules", "apply", own, "-w", folder).out
    assert "missing: 0.2" in call("clean", "rules", "show", "-w", folder).out
    assert "missing: 0.1" in call("clean", "rules", "show", "--built-in", "-w", folder).out


@pytest.mark.parametrize("word", ["apply", "check"])
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, word, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("bound: []\n")
    for file in (wrong, tmp_path / "none.yaml"):
        ran = call("clean", "rules", word, file, "-w", folder, "--lang", "en")
        assert ran.code == 2
        assert "hint: " in ran.err
