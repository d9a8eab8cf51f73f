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


def test_whose_a_name_is_is_found_and_an_id_leads_to_the_same(demo, call):
    user = demo.somebody["user_id"]
    told = call("identity", "find", user, "-w", demo.shop, "--json").json
    assert (
        call("identity", "find", f"person:{told['person']}", "-w", demo.shop, "--json").json["person"] == told["person"]
    )
    assert told["person"] in call("identity", "find", user, "-w", demo.shop).out
    assert call("identity", "find", "phone:13800138000", "-w", demo.shop).code == 2


def test_large_people_are_listed_and_the_doctor_points_there(demo, call, copy):
    told = call("identity", "large", "--limit", "2", "-w", demo.shop, "--json").json
    assert told["total"] >= len(told["people"]) > 0
    assert told["people"][0]["identifiers"] == max(one["identifiers"] for one in told["people"]) > 2
    assert told["people"][0]["person"] in call("identity", "large", "--limit", "2", "-w", demo.shop).out
    settings = copy / "qianmian.toml"
    settings.write_text(f"most_identifiers = 2\n{settings.read_text('utf-8')}", encoding="utf-8")
    assert "qianmian identity large" in call("doctor", "-w", copy).out


def test_links_are_written_under_pseudonyms(demo, call, tmp_path):
    told = call("identity", "export", "--to", tmp_path / "links.csv", "-w", demo.shop, "--json").json
    text = (tmp_path / "links.csv").read_text(encoding="utf-8")
    assert text.count("\n") == told["rows"] + 1
    assert demo.somebody["phone"] not in text
