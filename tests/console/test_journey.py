"""Purchase journeys in the console: stages and moves as the API tells them, opened as people; tracks; the builder."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH_AND_LOOKS
def test_the_stages_of_a_category_open_their_people(signed_in, language, shots):
    said, stages, page = words(language, "journey"), words(language, "words")["journey"], signed_in.page
    category = asked(signed_in, "/api/journeys")["categories"][1]["category"]
    told = asked(signed_in, f"/api/journeys?category={category}&days=7")
    signed_in.open(f"/segment/journey?category={category}&days=7")
    expect(page.get_by_role("heading", name=said["title"], level=1)).to_be_visible()
    bars = page.locator(".bars .bar")
    expect(bars).to_have_count(6)
    for bar, one in zip(bars.all(), told["stages"], strict=True):
        expect(bar.locator(".bar-label")).to_have_text(stages[one["stage"]])
        expect(bar.locator(".bar-people")).to_have_text(grouped(one["people"]))
    moved = max((one for one in told["moves"] if one["before"] != one["after"]), key=lambda one: one["people"])
    expect(page.locator(".moves")).to_contain_text(grouped(moved["people"]))
    if shots:
        page.screenshot(path=shots, full_page=True)
    one = max(told["stages"], key=lambda one: one["people"])
    bars.nth(told["stages"].index(one)).get_by_role("link").click()
    expect(page.get_by_role("dialog")).to_contain_text(grouped(one["people"]))


@BOTH_AND_LOOKS
def test_a_persons_page_shows_each_category_as_a_track(signed_in, language, shots):
    said, stages, page = words(language, "journey"), words(language, "words")["journey"], signed_in.page
    person = signed_in.site.person
    told = asked(signed_in, f"/api/journeys/person?person=person:{person}")["journeys"]
    signed_in.open(f"/profile/people/{person}")
    tracks = page.locator(".journey-track")
    expect(tracks).to_have_count(len(told))
    for track, one in zip(tracks.all(), told, strict=True):
        expect(track.locator(".journey-name")).to_have_text(one["category"])
        expect(track.locator("[aria-current=step]")).to_have_text([stages[one["now"]["stage"]]] if one["now"] else [])
    if shots:
        page.screenshot(path=shots, full_page=True)
    assert said["title"]


@BOTH
def test_the_builder_says_a_journey_as_the_text_does(signed_in, language, shots):
    said, page = words(language, "builder"), signed_in.page
    category = asked(signed_in, "/api/journeys")["category"]
    signed_in.open(f"/segment/audiences/new?condition=journey('{category}') = 'deciding'")
    row = page.get_by_role("group", name=said["kind"]["journey"], exact=True)
    expect(row).to_contain_text(category)
    expect(row).to_contain_text(words(language, "words")["journey"]["deciding"])
    row.get_by_label(said["journey"]["days"]).fill("7")
    condition = f"journey('{category}', last='7d') = 'deciding'"
    page.wait_for_url(lambda url: condition in unquote_plus(url))
    size = asked(signed_in, "/api/audiences/size", {"condition": condition})["size"]
    expect(page.get_by_role("main")).to_contain_text(grouped(size))
    if shots:
        page.screenshot(path=shots)
