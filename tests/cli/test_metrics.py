"""Metrics on the command line: listed, shown and told in both languages, the same as over HTTP and in Python."""

from __future__ import annotations


def test_the_dictionary_is_listed_and_a_metric_is_shown_in_both_languages(demo, call):
    told = call("metric", "list", "-w", demo.shop, "--json").json
    assert len(told["metrics"]) > 60
    shown = call("metric", "show", "repeat_rate", "-w", demo.shop, "--lang", "zh-CN").out
    assert "期内下单两次及以上的人数 ÷ 支付人数" in shown
    assert "Repurchase rate" in call("metric", "show", "repeat_rate", "-w", demo.shop, "--lang", "en").out


def test_values_are_told_by_period_dimension_and_audience(demo, call):
    asked = ("metric", "values", "buyers", "net_revenue", "-w", demo.shop, "--grain", "total")
    whole = call(*asked, "--json").json
    assert [one["metric"]["name"] for one in whole["metrics"]] == ["buyers", "net_revenue"]
    point = whole["metrics"][0]["series"][0]["points"][0]
    assert call("audience", "size", point["condition"], "-w", demo.shop, "--json").json["size"] == point["value"] > 0
    some = call(*asked, "--where", "orders_total >= 2", "--json").json["metrics"][0]["series"][0]["points"][0]
    assert 0 < some["value"] <= point["value"]
    assert "app" in call(*asked, "--by", "channel", "--lang", "en").out


def test_what_cannot_be_asked_is_refused_with_a_hint(demo, call):
    refused = call("metric", "values", "byers", "-w", demo.shop, "--lang", "en")
    assert (refused.code != 0, "did you mean 'buyers'" in refused.err) == (True, True)
