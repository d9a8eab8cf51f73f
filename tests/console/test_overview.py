"""The overview: its numbers are those of the API, and each opens the people that it counts."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def _stat(page, told, name):
    """The value under the title that the dictionary of metrics has for a name."""
    title = next(one["metric"]["title"] for one in told["metrics"] if one["metric"]["name"] == name)
    return page.locator(".stat").filter(has=page.get_by_text(exactly(title))).locator(".stat-value")


@BOTH
def test_the_numbers_are_those_of_the_api(signed_in, language):
    page = signed_in.page
    signed_in.open("/overview")
    told = asked(signed_in, "/api/overview", language=language)
    for name, number in (("known_people", told["people"]), ("orders", told["orders"]), ("events", told["events"])):
        expect(_stat(page, told, name)).to_have_text(grouped(number))
    per_order = next(one["value"] for one in told["metrics"] if one["metric"]["name"] == "net_per_order")
    expect(_stat(page, told, "net_per_order")).to_have_text(f"¥{float(per_order):,.2f}")
    latest = told["days"][-1]
    expect(page.locator(".today")).to_contain_text(grouped(latest["orders"]))


@BOTH
def test_a_bar_opens_as_many_people_as_it_counts(signed_in, language):
    values, people, page = words(language, "words")["value"], words(language, "people"), signed_in.page
    signed_in.open("/overview")
    stage = next(one for one in asked(signed_in, "/api/overview")["lifecycle"] if one["people"] > 0)
    page.get_by_role("link", name=re.compile(f"^{re.escape(values[stage['label']])}: ")).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".people-total")).to_have_text(re.compile(rf"^{grouped(stage['people'])}\D"))
    expect(drawer).to_contain_text(stage["condition"])
    expect(drawer.locator(".people-item")).to_have_count(min(20, stage["people"]))
    assert "people=" in page.url

    drawer.get_by_role("link", name=people["drawer"]["asAudience"]).click()
    expect(page.locator(".count-number")).to_have_text(grouped(stage["people"]))


@BOTH
def test_the_chart_is_a_table_too_and_a_day_opens_its_buyers(signed_in, language):
    said, page = words(language, "frame")["chart"], signed_in.page
    signed_in.open("/overview")
    days = asked(signed_in, "/api/overview")["days"]
    expect(page.locator(".chart canvas")).to_be_visible()
    page.get_by_text(said["table"], exact=True).click()
    rows = page.locator(".chart-table tbody tr")
    expect(rows).to_have_count(len(days))
    at = next(number for number, day in enumerate(reversed(days)) if day["buyers"] > 0)
    day = list(reversed(days))[at]
    expect(rows.nth(at)).to_contain_text(grouped(day["events"]))
    rows.nth(at).get_by_role("link").click()
    expect(page.get_by_role("dialog").locator(".people-total")).to_have_text(re.compile(rf"^{day['buyers']}\D"))


def test_the_range_stands_in_the_address_and_changes_the_numbers(signed_in, language):
    ranges, page = words(language, "frame")["range"], signed_in.page
    signed_in.open("/overview")
    page.get_by_label(ranges["label"]).get_by_text(ranges["7d"], exact=True).click()
    expect(page).to_have_url(re.compile("range=7d"))
    page.reload()
    expect(page.locator(".chart canvas")).to_be_visible()
    told = asked(signed_in, "/api/overview", language=language)
    week = sum(day["orders"] for day in told["days"][-7:])
    expect(_stat(page, told, "orders")).to_have_text(grouped(week))


@BOTH
def test_every_screen_says_when_it_was_computed_and_how_to_get_the_same(signed_in, language):
    said, page = words(language, "frame")["freshness"], signed_in.page
    signed_in.open("/overview")
    computed = asked(signed_in, "/api/overview")["computed"]
    page.get_by_role("button", name=re.compile(re.escape(said["how"]))).click()
    told = page.locator(".reproduce")
    expect(told).to_contain_text(computed["snapshot"])
    expect(told).to_contain_text("/api/overview?from=")
    expect(told).to_contain_text("Authorization: Bearer")
