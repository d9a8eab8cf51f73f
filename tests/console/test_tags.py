"""Tags: what they mean, whom they cover, and how each value opens its people."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH
def test_the_list_tells_the_coverage_of_every_tag(signed_in, language):
    page = signed_in.page
    signed_in.open("/profile/tags")
    coverage = asked(signed_in, "/api/coverage")
    expect(page.locator("tbody tr")).to_have_count(len(coverage["tags"]))
    for tag in coverage["tags"][:5]:
        row = page.locator("tbody tr").filter(has=page.get_by_text(tag["name"], exact=True))
        expect(row).to_contain_text(grouped(tag["covered"]))


@BOTH
def test_the_filter_finds_titles_in_either_language(signed_in, language):
    said, page = words(language, "tags"), signed_in.page
    signed_in.open("/profile/tags")
    box = page.get_by_role("textbox", name=said["filter"])
    for typed in ("生命周期", "lifecycle stage"):
        box.fill(typed)
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text("lifecycle")
    box.fill("no such tag")
    expect(page.get_by_text(words(language, "states")["filtered"]["title"])).to_be_visible()


@BOTH
def test_a_definition_is_a_sentence_of_the_language_made_from_the_declaration(signed_in, language, shots):
    page, field = signed_in.page, {"zh-CN": "definition_zh", "en": "definition_en"}[language]
    parts = {"zh-CN": ("近 90 天支付订单的次数至少为 3", "则为忠诚用户"), "en": ("loyal if", "at least 3")}[language]
    signed_in.open("/profile/tags/lifecycle")
    told = asked(signed_in, "/api/tags/lifecycle")["tag"][field]
    assert all(part in told for part in parts)
    expect(page.get_by_text(told, exact=True)).to_be_visible()
    if shots:
        page.screenshot(path=shots)


@BOTH
def test_a_tag_shows_definition_coverage_and_values_that_open_their_people(signed_in, language):
    values, page = words(language, "words")["value"], signed_in.page
    signed_in.open("/profile/tags/lifecycle")
    told = asked(signed_in, "/api/tags/lifecycle")
    expect(page.get_by_role("heading", level=1)).to_have_text(told["tag"]["zh" if language == "zh-CN" else "en"])
    bars = page.locator(".bar")
    expect(bars).to_have_count(len(told["shares"]) + (1 if told["rest"] else 0))
    for bar, share in zip(bars.all(), told["shares"], strict=False):
        expect(bar).to_contain_text(values[share["label"]])
        expect(bar).to_contain_text(grouped(share["people"]))
    bars.first.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(told['shares'][0]['people'])}\D"))


def test_ranges_of_money_open_exactly_the_people_that_they_count(signed_in):
    page = signed_in.page
    signed_in.open("/profile/tags/net_revenue")
    share = asked(signed_in, "/api/tags/net_revenue")["shares"][-1]
    page.locator(".bar").last.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(share['people'])}\D"))
