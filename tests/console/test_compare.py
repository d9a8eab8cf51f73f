"""Two audiences side by side: the numbers are those of the API, and each opens its people."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

FIRST, SECOND = "orders_total >= 2", "views_30d >= 1"


@BOTH_AND_LOOKS
def test_both_sides_and_every_share_are_those_of_the_api(signed_in, language, scheme, shots):
    page = signed_in.page
    query = {"first": FIRST, "second": SECOND, "tags": "lifecycle,channel,net_90d,region"}
    signed_in.open(f"/segment/compare?{urlencode(query)}")
    body = {"first": FIRST, "second": SECOND, "tags": query["tags"].split(",")}
    told = asked(signed_in, "/api/audiences/compare", body)
    stats = page.locator(".stat-value")
    expect(stats).to_have_count(3)
    for stat, people in zip(
        stats.all(), (told["first"]["people"], told["second"]["people"], told["both"]), strict=True
    ):
        expect(stat).to_have_text(grouped(people))
    tables = page.locator("table.compare")
    expect(tables).to_have_count(len(told["tags"]))
    for table, tag in zip(tables.all(), told["tags"], strict=True):
        rows = table.locator("tbody tr")
        expect(rows).to_have_count(len(tag["values"]))
        for row, value in zip(rows.all(), tag["values"], strict=True):
            _, mine, other, tgi = row.locator("td").all_inner_texts()
            shares = [value[side]["people"] / told[side]["people"] for side in ("first", "second")]
            assert [mine, other] == [f"{share:.1%}" for share in shares]
            assert tgi == (grouped(round(shares[0] / shares[1] * 100)) if shares[1] else "–")
    if shots:
        page.screenshot(path=shots)
    value = told["tags"][0]["values"][0]["first"]
    tables.first.locator("tbody tr").first.get_by_role("link").first.click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(value['people'])}\D"))


@BOTH
def test_a_side_is_chosen_among_the_saved_audiences_and_everybody(signed_in, language, shots):
    said, page = words(language, "audiences")["compare"], signed_in.page
    signed_in.open("/segment/compare")
    expect(page.get_by_text(said["none"])).to_be_visible()
    saved = asked(signed_in, "/api/audiences")[-1]
    page.get_by_role("combobox", name=said["first"]).press("ArrowDown")
    page.locator(".ant-select-item-option").filter(has_text=saved["name"]).click()
    expect(page).to_have_url(re.compile("first="))
    expect(page.locator(".stat").first).to_contain_text(saved["name"])
    everybody = asked(signed_in, "/api/coverage")["people"]
    expect(page.locator(".stat").nth(1)).to_contain_text(grouped(everybody))
    if shots:
        page.screenshot(path=shots)
    page.go_back()
    expect(page.get_by_text(said["none"])).to_be_visible()


def test_of_few_people_no_percent_and_no_ratio_is_shown(signed_in):
    listed = asked(signed_in, "/api/people/search", {"sort": "net_revenue", "limit": 12})["people"]
    few = f"net_revenue >= {listed[-1]['net_revenue']}"
    signed_in.open(f"/segment/compare?{urlencode({'first': few, 'tags': 'lifecycle'})}")
    rows = signed_in.page.locator("table.compare tbody tr")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        _, mine, other, tgi = row.locator("td").all_inner_texts()
        assert "%" not in mine
        assert "%" in other
        assert tgi == "–"
