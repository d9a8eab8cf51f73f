"""Audiences: a condition is checked where it stands, counted while it is written, and lists who meets it."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

LOYAL = "lifecycle = 'loyal' or orders_total >= 2"


@BOTH
def test_the_count_and_the_people_are_those_of_the_api(signed_in, language):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open("/segment/audiences/new?form=text")
    page.get_by_role("textbox", name=said["condition"]).fill(LOYAL)
    size = asked(signed_in, "/api/audiences/size", {"condition": LOYAL})["size"]
    expect(page.locator(".count-number")).to_have_text(grouped(size))
    expect(page.locator("tbody tr")).to_have_count(min(50, size))
    expect(page).to_have_url(re.compile("condition="))
    page.reload()
    expect(page.locator(".count-number")).to_have_text(grouped(size))


@BOTH
def test_a_mistake_is_marked_where_it_stands_and_no_number_is_shown(signed_in, language):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open("/segment/audiences/new?form=text")
    box = page.get_by_role("textbox", name=said["condition"])
    box.fill("preferred_category = '😀' and lifecycle = loyal")
    expect(page.locator(".condition-marks mark")).to_have_text("loyal")
    expect(page.locator(".condition-problems")).to_contain_text("loyal")
    expect(page.locator(".count-number")).not_to_have_text(re.compile(r"\d"))
    page.locator(".condition-problem").click()
    picked = box.evaluate("(field) => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert picked == "loyal"


@BOTH
def test_a_template_says_how_many_it_holds_and_fills_the_condition_in(signed_in, language, shots):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open("/segment/audiences/new?form=text")
    told = asked(signed_in, "/api/audience-templates")["templates"]
    expect(page.locator(".template")).to_have_count(len(told))
    if shots:
        page.screenshot(path=shots, full_page=True)
    page.get_by_text(said["templates"]["goal"]["win_back"], exact=True).click()
    some = [one for one in told if one["goal"] == "win_back"]
    expect(page.locator(".template")).to_have_count(len(some))
    most = max(some, key=lambda one: one["people"])
    card = page.locator(".template").filter(has=page.get_by_text(most["condition"], exact=True))
    expect(card).to_contain_text(grouped(most["people"]))
    card.click()
    expect(page.get_by_role("textbox", name=said["condition"])).to_have_value(most["condition"])
    expect(page.locator(".count-number")).to_have_text(grouped(most["people"]))


def test_an_audience_of_nobody_says_so(signed_in, language):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open("/segment/audiences/new?condition=orders_total%20%3E%3D%20100000")
    expect(page.locator(".count-number")).to_have_text("0")
    expect(page.get_by_text(said["nobody"])).to_be_visible()


@in_one("en")
def test_search_person_audience_by_keyboard_alone(signed_in, language):
    said, people, page = words(language, "audiences"), words(language, "people"), signed_in.page
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name=people["search"]["label"])).to_be_focused()
    somebody = asked(signed_in, "/api/people/search", {"sort": "orders_total", "limit": 1})["people"][0]
    page.keyboard.type(somebody["person"])
    page.keyboard.press("Enter")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    press_until(page, row, 40)
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    onward = drawer.get_by_role("link", name=people["peek"]["open"])
    expect(onward).to_be_visible()
    press_until(page, onward, 20)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(somebody["person"])

    same = page.locator(".wall-same").first
    expect(same).to_be_visible()
    press_until(page, same, 60)
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".people-total")).to_be_visible()
    onward = drawer.get_by_role("link", name=people["drawer"]["asAudience"])
    press_until(page, onward, 20)
    page.keyboard.press("Enter")
    expect(page.locator(".canonical")).to_contain_text(" = ")
    expect(page.locator(".count-number")).to_have_text(re.compile(r"\d"))
    name = page.get_by_role("textbox", name=said["column"]["name"])
    expect(name).to_be_focused()
    page.keyboard.type("keyboard " + language)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("keyboard " + language)


def press_until(page, wanted, most):
    """Go on by Tab until something has the focus."""
    for _ in range(most):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")
