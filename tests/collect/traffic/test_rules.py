"""Rules of traffic: read strictly, asked in order, and the same in Python and in SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qianmian.collect.imports.treatment import Treatment
from qianmian.collect.traffic.flag import Traffic
from qianmian.collect.traffic.rules import TrafficRule, built_in_rules, read_rules, reason_of
from qianmian.core.errors import TrafficError
from tests.collect.imports.parts import Workspace

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
AGENTS = {
    CHROME: "",
    "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36": "",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.49": "",
    "Dalvik/2.1.0 (Linux; U; Android 14; V2309A Build/UP1A)": "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": "bot",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)": "bot",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)": "bot",
    "mozilla/5.0 (COMPATIBLE; GPTBOT/1.2)": "bot",
    f"{CHROME} (compatible; Bytespider)": "bot",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": "preview",
    "facebookexternalhit/1.1": "preview",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)": "monitor",
    f"{CHROME} Chrome-Lighthouse": "monitor",
    CHROME.replace("Chrome/", "HeadlessChrome/"): "headless",
    "python-requests/2.32.4": "script",
    "curl/8.5.0": "script",
}
MAPPING = """
source: shop
format: jsonl
event: {event_id: id, name: event, occurred_at: at, user_agent: agent}
identifiers: {user_id: user}
"""


@pytest.mark.parametrize(("agent", "reason"), AGENTS.items())
def test_known_agents_are_told(agent: str, reason: str) -> None:
    assert reason_of(agent, built_in_rules()) == reason


def rows(*agents: str | None, user: str = "u1") -> list[dict[str, Any]]:
    sound = {"event": "Product Viewed", "at": "2026-05-01T10:00:00Z", "user": user}
    return [sound | {"id": f"{user}-{number}", "agent": agent} for number, agent in enumerate(agents)]


def test_events_are_flagged_as_the_rules_say_and_none_is_dropped(
    workspace: Workspace, write_jsonl: Callable[..., Path]
) -> None:
    report = workspace.take(write_jsonl(rows(*AGENTS, None)), MAPPING)
    found = workspace.query("SELECT coalesce(traffic, '') FROM events ORDER BY event_id[4:]::INT")
    assert [reason for (reason,) in found] == [*AGENTS.values(), ""]
    told = {one.reason: one.events for one in report.flagged}
    assert told == {"bot": 5, "headless": 1, "monitor": 2, "preview": 2, "script": 2}


def test_what_an_event_states_is_not_kept(workspace: Workspace, write_jsonl: Callable[..., Path]) -> None:
    workspace.take(write_jsonl(rows("curl/8.5.0 of 13800138000")), MAPPING)
    [(told,)] = workspace.query("SELECT to_json(events)::VARCHAR FROM events")
    assert '"traffic":"script"' in told
    assert "curl" not in told
    assert "138001" not in told


def test_own_rules_are_asked_first_and_may_say_ordinary(workspace: Workspace, write_jsonl: Callable[..., Path]) -> None:
    own = read_rules("rules: [{reason: ordinary, holds: [Curl/8]}, {reason: partner, holds: ['a+b (']}]", "own.yaml")
    agents = ("curl/8.5.0", "curl/7.0", "Partner A+B (x)", CHROME)
    workspace.take(write_jsonl(rows(*agents)), MAPPING, treatment=Treatment(traffic=Traffic(own)))
    found = [reason for (reason,) in workspace.query("SELECT traffic FROM events ORDER BY event_id")]
    assert found == [None, "script", "partner", None]
    assert [reason_of(agent, Traffic(own).rules) or None for agent in agents] == found


def test_an_order_of_several_rows_is_flagged_once(workspace: Workspace, write_jsonl: Callable[..., Path]) -> None:
    lines = [{**row, "id": "o1"} for row in rows("curl/8", "curl/8", "curl/8")]
    mapping = MAPPING.replace("format: jsonl", "format: jsonl\ngrain: line")
    report = workspace.take(write_jsonl(lines), mapping)
    assert [(one.reason, one.events) for one in report.flagged] == [("script", 1)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a", "file"),
        ("rules: {a: b}", "rules"),
        ("rule: []", "rule"),
        ("rules: [bot]", "rules.0"),
        ("rules: [{reason: bot, holds: []}]", "rules.0.holds"),
        ("rules: [{reason: Bot, holds: [abc]}]", "rules.0.reason"),
        ("rules: [{reason: flagged, holds: [abc]}]", "rules.0.reason"),
        ("rules: [{holds: [abc]}]", "rules.0.reason"),
        ("rules: [{reason: bot, holds: [abc, x]}]", "rules.0.holds.1"),
        ("rules: [{reason: bot, hold: [abc]}]", "rules.0.hold"),
        ("rules: [{reason: bot, holds: [abc]}, {reason: bot, holds: abc}]", "rules.1.holds"),
    ],
)
def test_what_is_no_rule_is_refused_by_its_place(text: str, place: str) -> None:
    with pytest.raises(TrafficError, match=rf"own.yaml.*{place}\b"):
        read_rules(text, "own.yaml")


def test_no_rules_and_an_empty_file_are_none() -> None:
    assert read_rules("", "own.yaml") == read_rules("rules: []", "own.yaml") == ()
    assert read_rules("rules: [{reason: qa, holds: [ABC]}]", "x") == (TrafficRule("qa", ("abc",)),)
