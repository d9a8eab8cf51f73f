"""The ties of a person: picture and table say the same, a kind narrows them, and a row opens its events."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, words

#: Ties are asked for, drawn and looked at by a browser that shares its processors.
PATIENCE = 20_000

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def ties_of(watched, person, query=""):
    return asked(watched, f"/api/people/{person}/ties{query}")


def people(watched):
    return [
        one["person"] for one in asked(watched, "/api/people/search", {"sort": "orders_total", "limit": 60})["people"]
    ]


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_ties_are_drawn_listed_narrowed_and_explained(signed_in, language, shots):
    said, kinds, page = words(language, "ties"), words(language, "words")["tie"], signed_in.page
    person = max(people(signed_in)[:20], key=lambda one: len(ties_of(signed_in, one)["by_kind"]))
    told = ties_of(signed_in, person)
    signed_in.open(f"/profile/people/{person}")
    page.get_by_role("button", name=said["open"]).click()
    expect(page).to_have_url(re.compile("ties=1"))
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("tbody tr")).to_have_count(len(told["ties"]), timeout=PATIENCE)
    expect(drawer.locator(".ties-one")).to_have_count(min(24, len(told["ties"])))
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots)
    drawer.locator("tbody tr").first.locator("td").nth(2).click()
    first = asked(signed_in, f"/api/people/{person}/ties/{told['ties'][0]['person']}")["kinds"][0]["first"]
    expect(drawer.locator(".ties-evidence")).to_contain_text(first["event_id"], timeout=PATIENCE)
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots.with_stem(f"{shots.stem}-evidence"))
    kind = told["by_kind"][0]
    drawer.locator(".ties-kinds").get_by_text(kinds[kind["kind"]]).click()
    narrowed = ties_of(signed_in, person, f"?kind={kind['kind']}")
    expect(drawer.locator("tbody tr")).to_have_count(len(narrowed["ties"]), timeout=PATIENCE)
    other = narrowed["ties"][0]["person"]
    drawer.locator("tbody").get_by_role("link", name=other).first.click()
    expect(page).to_have_url(re.compile(f"people/{other}$"))


@BOTH
def test_somebody_without_ties_is_told_so(signed_in, language, shots):
    said, page = words(language, "ties"), signed_in.page
    everybody = asked(signed_in, "/api/people/search", {"sort": "person", "limit": 200})["people"]
    alone = next(one["person"] for one in everybody if not ties_of(signed_in, one["person"])["ties"])
    signed_in.open(f"/profile/people/{alone}?ties=1")
    expect(page.get_by_role("dialog")).to_contain_text(said["none"], timeout=PATIENCE)
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots)


@BOTH_AND_LOOKS
def test_kinds_are_shown_beside_what_the_last_build_found_and_can_be_changed(signed_in, language, scheme, shots):
    said, told, page = words(language, "tieKinds"), words(language, "declaration"), signed_in.page
    kinds, found = words(language, "words")["tie"], asked(signed_in, "/api/ties/summary")
    signed_in.open("/unify/ties")
    rows = page.get_by_role("table", name=said["found"]).locator("tbody tr")
    expect(rows).to_have_count(len(found["kinds"]))
    like = next(one for one in found["kinds"] if one["kind"] == "like")
    row = rows.filter(has=page.get_by_text(kinds["like"], exact=True))
    expect(row).to_contain_text(f"{like['people']:,}")
    expect(row.get_by_role("link")).to_have_count(len(like["strongest"]))

    text, apply = page.get_by_role("textbox", name=told["text"]), page.get_by_role("button", name=told["apply"])
    text.fill("like:\n  weight: 7\n")
    expect(page.get_by_text(told["differ"].replace("{{sections}}", kinds["like"]))).to_be_visible()
    apply.click()
    expect(page.get_by_text(said["waiting"])).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)
    page.get_by_role("combobox", name=told["start"]).click()
    page.get_by_title(told["builtIn"]).last.click()
    apply.click()
    expect(page.get_by_text(said["waiting"])).to_have_count(0)

    row.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"/profile/people/{like['strongest'][0]['person']}.*ties=1"))
    expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible(timeout=PATIENCE)
