"""The life of a tag on the command line: over the builds, of one person, who moved, and the check-up."""

from __future__ import annotations


def test_the_life_of_a_tag(call, demo):
    told = call("tag", "history", "lifecycle", "-w", demo.shop, "--json").json
    assert len(told["builds"]) == 1, "others may have built the same instant again"
    assert (told["comparisons"], told["drift"]) == ([], None)
    assert "100.0%" in call("tag", "history", "lifecycle", "-w", demo.shop).out
    user = demo.somebody["user_id"]
    person = call("tag", "history", "lifecycle", "--person", user, "-w", demo.shop, "--json").json
    assert [stay["value"] for stay in person["stays"]] == [person["published"]] == [person["recounted"]]
    on = told["builds"][0]["built_on"]
    shown = call("tag", "history", "gender", "--person", user, "--at", on, "-w", demo.shop, "--lang", "en").out
    assert "does not come from what a person did" in shown
    moves = call("tag", "flow", "lifecycle", "-w", demo.shop, "--json").json["moves"]
    assert {move["before"] == move["after"] for move in moves} == {True}
    assert call("tag", "flow", "net_revenue", "-w", demo.shop).code == 2


def test_the_check_up(call, demo, tmp_path):
    tags = call("tag", "checkup", "-w", demo.shop, "--json").json["tags"]
    assert {len(tag["marks"]) for tag in tags} == {9}
    assert "lawfulness" in call("tag", "checkup", "lifecycle", "-w", demo.shop).out
    assert call("tag", "checkup", "nobody", "-w", demo.shop).code == 2
    own = tmp_path / "own.yaml"
    own.write_text("tags:\n  a: {title: 宗教信仰, kind: statistic}\n", encoding="utf-8")
    for command in ("check", "apply"):
        ran = call("tag", command, own, "-w", demo.shop, "--lang", "zh-CN")
        assert (ran.code, "宗教" in ran.err) == (2, True)
