"""Sources on the command line: a key is printed once, and what it opens is what the command said."""

from __future__ import annotations

import pytest

import qianmian
from qianmian.app.sources import Sources, WriteKeys


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


@pytest.fixture
def sender(folder):
    """Whom a key finds, looked up anew."""
    shop = qianmian.open(folder)

    def find(key):
        workspace = shop.workspace
        found = WriteKeys(Sources(workspace.catalogue, workspace.clock), workspace.clock).find(key)
        return found and (found.name, found.environment, found.dialects)

    yield find
    shop.close()


def test_a_source_is_added_rolled_listed_and_disabled(folder, sender, call):
    first = call("source", "add", "web", "-w", folder).out.strip()
    assert sender(first) == ("web", "prod", ("segment", "sensors"))
    dev = call("source", "add", "app", "--environment", "dev", "--dialect", "sensors", "-w", folder, "--json").json
    assert sender(dev["write_key"]) == ("app", "dev", ("sensors",))
    second = call("source", "roll", "web", "--grace-hours", "0", "-w", folder, "--json").json["write_key"]
    assert (sender(first), sender(second)[0]) == (None, "web")
    listed = call("source", "list", "-w", folder)
    assert f"qmw_…{second[-4:]}" in listed.out
    assert second not in listed.out
    left = call("source", "disable", "web", "-w", folder, "--json").json
    assert [(one["name"], one["disabled_at"] is None) for one in left] == [("app", True), ("web", False)]
    assert sender(second) is None


@pytest.mark.parametrize(
    "words", [("add", "Web"), ("add", "web", "--dialect", "morse"), ("roll", "web"), ("disable", "web")]
)
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words):
    ran = call("source", *words, "-w", folder, "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert "hint: " in ran.err


def test_a_limit_is_set_and_health_and_live_events_are_told(folder, call):
    call("source", "add", "web", "-w", folder)
    told = call("source", "limit", "web", "--per-second", "50", "--per-day", "0", "-w", folder, "--json").json
    assert told["limits"] == {"events_per_second": 50, "burst_events": None, "events_per_day": 0}
    [one] = call("source", "health", "-w", folder, "--json").json["sources"]
    assert (one["name"], one["received"], one["allowance"]["burst_events"]) == ("web", 0, 500)
    assert "web" in call("source", "health", "-w", folder).out
    assert call("live", "-w", folder, "--json").json["events"] == []
    assert call("source", "limit", "web", "--per-second", "-1", "-w", folder, "--lang", "en").code == 2


def test_categories_of_consent_are_declared_and_shown(folder, call):
    call("source", "add", "web", "-w", folder)
    told = call("source", "consent", "web", "--category", "Club=marketing", "-w", folder, "--json").json
    assert (told["own"], told["usual"]["analytics"], told["stated"]) == ({"Club": "marketing"}, "analyse", [])
    assert call("source", "consent", "web", "--usual", "-w", folder, "--json").json["own"] == {}
    assert call("source", "consent", "web", "--category", "Club", "-w", folder).code == 2


def test_a_policy_for_personal_data_is_set(folder, call):
    call("source", "add", "web", "-w", folder)
    assert call("source", "personal-data", "web", "drop", "-w", folder, "--json").json["personal_data"] == "drop"
    assert call("source", "list", "-w", folder, "--json").json[0]["personal_data"] == "drop"
    assert call("source", "personal-data", "web", "keep", "-w", folder).code == 2
