"""Purchase journeys of a generated shop on the command line: counted, told in both languages, used as conditions."""

from __future__ import annotations


def test_stages_of_a_generated_shop_are_counted_and_told(demo, call):
    asked = ("-w", demo.shop, "--json")
    told = call("journey", "show", *asked).json
    assert [one["stage"] for one in told["stages"]] == [
        "awakened", "comparing", "deciding", "bought", "engaging", "loyal",
    ]  # fmt: skip
    assert sum(one["people"] for one in told["stages"]) == told["categories"][0]["people"] > 20
    assert sum(1 for one in told["stages"] if one["people"]) > 3
    sizes = [call("audience", "size", one["condition"], *asked).json["size"] for one in told["stages"]]
    assert sizes == [one["people"] for one in told["stages"]]
    other = told["categories"][1]["category"]
    assert call("journey", "show", "--category", other, "--days", "7", *asked).json["category"] == other
    assert "需求激发" in call("journey", "show", "-w", demo.shop, "--lang", "zh-CN").out
    assert "need awakened" in call("journey", "show", "-w", demo.shop, "--lang", "en").out
    refused = call("journey", "show", "--category", f"{other}x", "-w", demo.shop, "--lang", "en")
    assert (refused.code != 0, f"did you mean '{other}'?" in refused.err) == (True, True)


def test_where_one_person_stands_is_told(demo, call):
    asked = ("-w", demo.shop, "--json")
    stages = [one for one in call("journey", "show", *asked).json["stages"] if one["people"]]
    person = call("audience", "members", stages[-1]["condition"], *asked).json["members"][0]
    told = call("journey", "show", "--person", f"person:{person}", *asked).json
    assert told["person"] == person
    assert stages[-1]["stage"] in [one["now"]["stage"] for one in told["journeys"] if one["now"]]
    assert told["journeys"][0]["stays"][0]["event"]
    assert "category" in call("journey", "show", "--person", f"person:{person}", "-w", demo.shop, "--lang", "en").out
