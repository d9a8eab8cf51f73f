"""Clusters and look-alikes of a generated shop: found, shown in both languages, saved by one command."""

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


def test_people_like_others_are_found_and_kept_as_they_are(copy, call):
    asked = ("audience", "lookalike", "orders_total >= 1", "--size", "40", "-w", copy)
    told = call(*asked, "--save", "像买过的人", "--json").json
    assert not {"orders_365d", "net_365d", "recency_days"} & set(told["measures"])
    assert {"orders_365d", "net_365d", "recency_days"} <= set(told["left_out"])
    size = call("audience", "size", told["condition"], "-w", copy, "--json").json["size"]
    both = call("audience", "size", f"({told['condition']}) and orders_total >= 1", "-w", copy, "--json").json["size"]
    assert (size, both) == (told["people"], 0)
    assert 10 <= size <= 80
    recalls = [one["recall"] for one in told["found"]]
    assert recalls == sorted(recalls)
    assert recalls[-1] > 0.3  # more than people by chance, though they are few
    assert (told["saved"]["kind"], told["saved"]["people"]) == ("fixed", size)
    assert "种子人群" in call(*asked, "--lang", "zh-CN").out
    assert "of seeds kept aside" in call(*asked, "--lang", "en").out
    refused = call("audience", "lookalike", "orders_total >= 50", "-w", copy, "--lang", "en")
    assert (refused.code != 0, "at least 50 of each" in refused.err) == (True, True)
