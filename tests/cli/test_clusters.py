"""Clusters on the command line: found over a generated shop, shown in both languages, saved by one command."""

from __future__ import annotations


def test_people_of_a_generated_shop_are_grouped_shown_and_saved(copy, call):
    asked = ("-w", copy, "--json")
    assert "cluster run" in call("cluster", "show", "-w", copy, "--lang", "en").err
    told = call("cluster", "run", *asked).json
    assert told == call("cluster", "show", *asked).json
    assert sum(one["people"] for one in told["clusters"]) == told["of_people"] > 100
    listed = [one for one in told["clusters"] if one["condition"]]
    sizes = [call("audience", "size", one["condition"], *asked).json["size"] for one in listed]
    assert sizes == [one["told"] for one in listed]
    assert sum(sizes) == told["of_people"]  # everybody meets the condition of just one
    assert told["agreement"] > 0.8
    one = listed[0]
    saved = call("cluster", "save", str(one["cluster"]), *asked).json
    assert (saved["condition"], saved["people"], saved["name"]) == (one["condition"], one["told"], one["zh"])
    assert "纯度" in call("cluster", "show", "-w", copy, "--lang", "zh-CN").out
    assert "silhouette" in call("cluster", "show", "-w", copy, "--lang", "en").out
