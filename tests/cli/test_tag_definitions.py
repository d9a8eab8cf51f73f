"""Tags of the shop's own on the command line: checked, tried, applied, printed and taken away."""

from __future__ import annotations

OWN = """
tags:
  much_viewed:
    title: 爱看
    kind: rule
    layers: [{value: 常看, when: app_views >= 2}]
    otherwise: 少看
  app_views: {title: App views, kind: statistic, events: [Product Viewed], where: channel = 'app'}
"""


def test_a_file_of_tags_goes_its_way(call, copy, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8")
    assert call("tag", "text", "-w", copy).out.strip() == "tags: {}"
    assert "differs in app_views, much_viewed" in call("tag", "check", own, "-w", copy).out
    tried = call("tag", "try", own, "much_viewed", "-w", copy, "--json").json
    assert {share["label"] for share in tried["shares"]} <= {"常看", "少看"}
    assert tried["people"] == tried["of_people"]
    assert "2 tags are declared" in call("tag", "apply", own, "-w", copy).out
    assert "says what holds already" in call("tag", "check", own, "-w", copy).out
    listed = {one["name"]: one["state"] for one in call("tag", "list", "-w", copy, "--json").json}
    assert (listed["app_views"], listed["much_viewed"], listed["lifecycle"]) == ("waiting", "waiting", "told")
    assert "待计算" in call("tag", "list", "-w", copy, "--lang", "zh-CN").out
    assert call("build", "-w", copy).code == 0
    shown = call("tag", "show", "much_viewed", "-w", copy, "--json").json
    assert shown["shares"] == tried["shares"]
    assert call("tag", "delete", "app_views", "-w", copy).code == 2
    assert "no longer declared" in call("tag", "delete", "much_viewed", "-w", copy).out
    assert "app_views" in call("tag", "text", "-w", copy).out


def test_what_is_wrong_is_told_with_its_line(call, copy, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("channel =", "chanel ="), encoding="utf-8")
    for command in (("check", own), ("apply", own), ("try", own, "app_views")):
        ran = call("tag", *command, "-w", copy, "--lang", "en")
        assert (ran.code, "own.yaml, line 8" in ran.err, "unknown field 'chanel'" in ran.err) == (2, True, True)
    assert call("tag", "try", own.with_name("none.yaml"), "x", "-w", copy).code == 2
