"""Patterns of a generated shop: mined, told in both languages, kept and declared."""

from __future__ import annotations


def test_patterns_are_mined_told_kept_and_declared(copy, call):
    asked = ("-w", copy, "--json")
    assert "qianmian pattern mine" in call("pattern", "list", "-w", copy, "--lang", "en").out
    told = call("pattern", "mine", "--longest", "3", "--least", "0.1", *asked).json
    assert told == call("pattern", "list", *asked).json
    assert told["run"]["told"] == len([one for one in told["patterns"] if one["origin"] == "mined"]) > 0
    one = next(one for one in told["patterns"] if one["pattern"] == "m1")
    assert one["effect"]["q"] <= 0.05
    assert call("audience", "size", one["condition"], *asked).json["size"] == one["people"]
    shown = call("pattern", "show", "m1", *asked).json
    assert [reached["step"] for reached in shown["reached"]] == one["steps"]
    kept = call("pattern", "keep", "m1", "看了又看", *asked).json
    assert kept["condition"] == one["condition"]
    assert call("pattern", "tag", f"k{kept['pattern']}", "looks_again", *asked).json["tag"] == "looks_again"
    assert "提升度" in call("pattern", "show", "m1", "-w", copy, "--lang", "zh-CN").out
    assert "看了又看" in call("pattern", "list", "--origin", "kept", "-w", copy, "--lang", "en").out
    assert call("pattern", "forget", f"k{kept['pattern']}", *asked).json == kept
