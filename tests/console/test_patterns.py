"""Patterns in the console: mined by a form, listed as chains with lifts, opened, made an audience and a tag."""

from __future__ import annotations

import time

import pytest

from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def remove(watched, path):
    watched.page.request.delete(f"{watched.site.url}{path}", headers={"x-qianmian-console": "1"})


@BOTH_AND_LOOKS
def test_patterns_are_mined_and_listed(signed_in, language, shots):
    said, page = words(language, "patterns"), signed_in.page
    signed_in.open("/segment/patterns")
    page.get_by_role("button", name=said["mine"]).click()
    form = page.get_by_role("dialog")
    form.get_by_text("3", exact=True).click()
    if shots:
        page.screenshot(path=f"{shots}-form.png")
    form.get_by_role("button", name=said["form"]["submit"]).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=said["mine"], exact=True)).to_be_enabled(timeout=60_000)
    expect(page.get_by_text(said["ran"])).to_be_visible(timeout=60_000)
    told = asked(signed_in, "/api/patterns")
    assert told["run"]["asked"]["longest"] == 3
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(told["patterns"]))
    for row, one in zip(rows.all()[:30], told["patterns"], strict=False):
        expect(row.locator(".chain-step")).to_have_count(len(one["steps"]) + len(one["missing"]))
        if one["people"] is not None:
            expect(row).to_contain_text(grouped(one["people"]))
    if shots:
        page.screenshot(path=f"{shots}-list.png", full_page=True)
    page.get_by_text(said["origin"]["built_in"], exact=True).first.click()
    expect(rows).to_have_count(len([one for one in told["patterns"] if one["origin"] == "built_in"]))


@in_one("zh-CN")
def test_a_mined_pattern_is_kept_under_a_name(signed_in, language, shots):
    said, page = words(language, "patterns"), signed_in.page
    job = asked(signed_in, "/api/patterns", {"longest": 2})["job"]
    while asked(signed_in, f"/api/jobs/{job}")["status"] == "running":
        time.sleep(0.1)
    signed_in.open("/segment/patterns?origin=mined")
    page.locator("tbody tr a").first.click()
    one = asked(signed_in, "/api/patterns/m1")
    expect(page.locator(".reached > li")).to_have_count(2)
    expect(page.locator(".pattern-lift .lift-bar")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text(grouped(one["pattern"]["effect"]["people"]))
    if shots:
        page.screenshot(path=f"{shots}-mined.png", full_page=True)
    page.get_by_role("button", name=said["keep"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(f"看了又看 {language}")
    dialog.get_by_role("button", name=said["keep"]).click()
    page.wait_for_url("**/segment/patterns/k*")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"看了又看 {language}")
    page.get_by_role("button", name=said["forget"]).click()
    page.wait_for_url("**/segment/patterns")
    assert not [one for one in asked(signed_in, "/api/patterns")["patterns"] if one["origin"] == "kept"]


@in_one("en")
def test_a_pattern_becomes_an_audience_and_a_tag(signed_in, language, shots):
    said, page = words(language, "patterns"), signed_in.page
    shown = asked(signed_in, "/api/patterns/seen_then_bought")
    one, name = shown["pattern"], shown["pattern"]["en" if language == "en" else "zh"]
    signed_in.open("/segment/patterns")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".reached > li")).to_have_count(len(shown["reached"]))
    expect(page.locator(".reached > li").last).to_contain_text(grouped(shown["reached"][-1]["people"]))
    if shots:
        page.screenshot(path=f"{shots}-one.png", full_page=True)
    page.get_by_role("button", name=said["makeTag"]).click()
    expect(page.get_by_role("link", name=said["tag"])).to_be_visible()
    definition = asked(signed_in, "/api/tag-definitions/pattern_seen_then_bought")
    assert definition["entry"]["note"] == one["condition"]
    remove(signed_in, "/api/tag-definitions/pattern_seen_then_bought")
    page.get_by_role("button", name=said["saveAudience"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(f"{name} {language}")
    dialog.get_by_role("button", name=words(language, "audiences")["save"]["submit"]).click()
    page.get_by_role("link", name=said["audience"]).click()
    page.wait_for_url("**/segment/audiences/*")
    number = page.url.partition("?")[0].rpartition("/")[2]
    kept = asked(signed_in, f"/api/audiences/{number}")
    assert (kept["condition"], kept["people"]) == (one["condition"], one["people"])
    remove(signed_in, f"/api/audiences/{number}")
