"""Who is who on the command line: a chain in both languages, and as data."""

from __future__ import annotations


def test_two_names_of_somebody_are_joined_in_words_and_as_data(demo, call):
    user, phone = demo.somebody["user_id"], demo.somebody["phone"]
    asked = ("identity", "explain", f"phone:{phone}", user, "-w", demo.shop)
    told = call(*asked, "--json").json
    assert told["verdict"] == "one_person"
    assert told["steps"][0]["joins"] is True
    english, chinese = call(*asked, "--lang", "en").out, call(*asked, "--lang", "zh-CN").out
    assert "one person" in english
    assert "signed in on" in english
    assert "同一个用户" in chinese
    assert phone not in str(told) + english + chinese


def test_a_person_is_explained_and_nobody_is_an_error(demo, call):
    told = call("identity", "explain", demo.somebody["user_id"], "-w", demo.shop, "--json").json
    assert [one["namespace"] for one in told["identifiers"] if one["id"] in told["starts"]] == ["user_id"]
    ran = call("identity", "explain", "phone:13800138000", "-w", demo.shop, "--lang", "en")
    assert ran.code == 2
    assert "138****8000" in ran.err
