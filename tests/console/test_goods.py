"""Goods: found by words, each with its history and the people who looked at it or bought it."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH
def test_goods_are_found_and_open_with_their_buyers(signed_in, language):
    said, page = words(language, "goods"), signed_in.page
    signed_in.open("/collect/goods")
    told = asked(signed_in, "/api/goods?limit=50")
    expect(page.locator("tbody tr")).to_have_count(len(told["goods"]))
    expect(page.locator(".table-foot")).to_contain_text(grouped(told["total"]))

    title = told["goods"][0]["title"]
    page.get_by_role("searchbox", name=said["search"]).fill(title)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator("tbody tr").first).to_contain_text(title)

    item = told["goods"][0]
    page.locator("tbody tr").filter(has_text=item["item_id"]).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    one = asked(signed_in, f"/api/goods/{item['source']}/{item['item_id']}")
    stats = page.locator(".stat")
    expect(stats.filter(has=page.get_by_text(exactly(said["column"]["price"]))).locator(".stat-value")).to_have_text(
        f"¥{float(one['item']['price']):,.2f}"
    )
    viewers = stats.filter(has=page.get_by_text(exactly(said["viewers"]))).locator(".stat-value")
    expect(viewers).to_have_text(grouped(one["viewers"]["people"]))
    viewers.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(one['viewers']['people'])}\D"))
