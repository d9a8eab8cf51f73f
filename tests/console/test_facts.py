"""Facts: how far traits are known, who is disputed, who said what of a person, and the rules that decide it."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, words

#: Reports are asked for and drawn by a browser that shares its processors.
PATIENCE = 20_000

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_traits_are_counted_and_rules_are_checked_before_they_are_applied(signed_in, language, shots):
    said, traits, page = words(language, "facts"), words(language, "words")["trait"], signed_in.page
    editor, report = words(language, "declaration"), asked(signed_in, "/api/facts/report")
    known = [one for one in report["traits"] if one["statements"]]
    signed_in.open("/unify/facts")
    table = page.get_by_role("table", name=said["coverage"])
    expect(table.locator("tbody tr")).to_have_count(len(known), timeout=PATIENCE)
    text, apply = page.get_by_role("textbox", name=editor["text"]), page.get_by_role("button", name=editor["apply"])
    expect(page.get_by_text(editor["same"])).to_be_visible(timeout=PATIENCE)
    expect(apply).to_be_disabled()
    text.fill(asked(signed_in, "/api/facts/rules")["built_in"].replace("otherwise: 0.7", "otherwise: 0.8"))
    expect(page.get_by_text(editor["differ"].replace("{{sections}}", said["section"]["otherwise"]))).to_be_visible()
    expect(apply).to_be_enabled()
    text.fill("trust: {crm: 2}\n")
    expect(page.get_by_role("alert")).to_contain_text("trust.crm")
    expect(apply).to_be_disabled()
    signed_in.refusals.clear()
    if shots:
        page.screenshot(path=shots, full_page=True)
    table.get_by_text(traits["gender"], exact=True).click()
    expect(page).to_have_url(re.compile("trait=gender"))
    expect(page.get_by_role("dialog")).to_be_visible()


@BOTH
def test_a_persons_traits_tell_who_said_what(signed_in, language, shots):
    said, traits, page = words(language, "facts"), words(language, "words")["trait"], signed_in.page
    people = asked(signed_in, "/api/people/search", {"sort": "person", "limit": 200})["people"]
    told = (asked(signed_in, f"/api/people/{one['person']}/traits") for one in people)
    person = next(one for one in told if one["traits"])
    signed_in.open(f"/profile/people/{person['person']}")
    table = page.get_by_role("table", name=said["traits"])
    expect(table.locator("tbody tr")).to_have_count(len(person["traits"]), timeout=PATIENCE)
    if shots:
        page.screenshot(path=shots)
    gender = next(one for one in person["traits"] if one["trait"] == "gender")
    table.get_by_text(traits["gender"], exact=True).click()
    rows = page.get_by_role("dialog").locator("tbody tr")
    expect(rows).to_have_count(len(gender["statements"]))
    expect(rows.first).to_contain_text(said["vote"]["counts"])
