"""Clusters in the console: run, told as the API tells them, opened as people, saved by one click."""

from __future__ import annotations

import pytest

from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH_AND_LOOKS
def test_people_are_clustered_and_a_cluster_becomes_an_audience(signed_in, language, shots):
    said, page = words(language, "clusters"), signed_in.page
    before = (asked(signed_in, "/api/clusters") or {"run": 0})["run"]
    signed_in.open("/segment/clusters")
    page.get_by_role("button", name=said["run"]).first.click()
    expect(page.get_by_role("button", name=said["running"])).to_be_visible()
    expect(page.get_by_role("button", name=said["run"])).to_be_enabled(timeout=60_000)
    told = asked(signed_in, "/api/clusters")
    assert told["run"] == before + 1
    cards = page.locator(".clusters > section.panel")
    expect(cards).to_have_count(len(told["clusters"]))
    name = "en" if language == "en" else "zh"
    for card, one in zip(cards.all(), told["clusters"], strict=True):
        expect(card.get_by_role("heading")).to_have_text(one[name])
        expect(card).to_contain_text(grouped(one["people"]))
        expect(card.locator("code")).to_have_text(one["condition"] or "", timeout=1_000) if one["condition"] else None
    if shots:
        page.screenshot(path=shots, full_page=True)
    saved = next(card for card, one in zip(cards.all(), told["clusters"], strict=True) if one["condition"])
    saved.get_by_role("button", name=said["save"]).click()
    saved.get_by_role("link", name=said["saved"]).click()
    page.wait_for_url("**/segment/audiences/*")
    number = page.url.partition("?")[0].rpartition("/")[2]
    kept = asked(signed_in, f"/api/audiences/{number}")
    one = next(one for one in told["clusters"] if one["condition"])
    assert (kept["condition"], kept["people"]) == (one["condition"], one["told"])
    url = f"{signed_in.site.url}/api/audiences/{number}"
    page.request.delete(url, headers={"x-qianmian-console": "1"})
