"""People: found by a name, sorted by the server, and each shown with tags, evidence, visits and orders."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def buyer(watched):
    """Somebody with orders."""
    return asked(watched, "/api/people/search", {"sort": "orders_total", "limit": 1})["people"][0]


@BOTH
def test_somebody_is_found_by_a_raw_name_which_is_shown_masked(signed_in, language):
    said, page, site = words(language, "people"), signed_in.page, signed_in.site
    signed_in.open("/profile/people")
    name = f"phone:{site.names[0]['phone']}"
    page.get_by_role("searchbox", name=said["search"]["label"]).fill(name)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("name="))
    found = asked(signed_in, "/api/people/search", {"name": name})["people"]
    expect(page.locator("tbody tr")).to_have_count(len(found))
    expect(page.locator("tbody")).to_contain_text(found[0]["person"])
    expect(page.locator("tbody")).not_to_contain_text(site.names[0]["phone"])


@BOTH
def test_a_name_of_nobody_says_so_and_offers_a_way_back(signed_in, language):
    states, page = words(language, "states"), signed_in.page
    signed_in.open("/profile/people?name=phone:19999999999")
    expect(page.get_by_text(states["filtered"]["title"])).to_be_visible()
    page.get_by_role("button", name=states["filtered"]["clear"]).click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_sorting_is_the_servers_and_stands_in_the_address(signed_in, language):
    said, page = words(language, "people"), signed_in.page
    signed_in.open("/profile/people")
    page.get_by_role("button", name=re.compile(re.escape(said["column"]["net"]))).click()
    expect(page).to_have_url(re.compile("sort=net_revenue"))
    richest = asked(signed_in, "/api/people/search", {"sort": "net_revenue", "limit": 3})["people"]
    for place, one in enumerate(richest):
        expect(page.locator("tbody tr").nth(place)).to_contain_text(one["person"])


def test_more_people_come_on_request(signed_in, language):
    said, page = words(language, "frame")["table"], signed_in.page
    signed_in.open("/profile/people")
    total = asked(signed_in, "/api/people/search", {"limit": 1})["total"]
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(min(50, total))
    page.get_by_role("button", name=said["more"]).click()
    expect(rows).to_have_count(min(100, total))
    expect(page.locator(".table-foot")).to_contain_text(grouped(total))


@BOTH
def test_a_person_shows_names_tags_with_evidence_and_age(signed_in, language):
    said, values, page = words(language, "people"), words(language, "words")["value"], signed_in.page
    one = buyer(signed_in)
    signed_in.open(f"/profile/people/{one['person']}")
    told = asked(signed_in, f"/api/profiles/person:{one['person']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(one["person"])
    for identifier in told["identifiers"]:
        expect(page.get_by_label(said["id"]["label"])).to_contain_text(identifier["value"])
    rows = page.locator(".wall-row")
    expect(rows.first.get_by_role("link")).to_have_attribute("href", "/profile/tags/lifecycle")
    for more in page.locator(".wall-more button").all():
        more.click()
    expect(rows).to_have_count(sum(tag["value"] is not None for tag in told["tags"]))

    title = "zh" if language == "zh-CN" else "en"
    lifecycle = next(tag for tag in told["tags"] if tag["name"] == "lifecycle")
    row = rows.filter(has=page.get_by_role("link", name=lifecycle[title], exact=True))
    expect(row.locator(".wall-value")).to_contain_text(values[lifecycle["value"]])
    expect(row.locator(".wall-why")).to_contain_text(grouped(lifecycle["evidence"]["rows"]))

    row.locator(".wall-why").click()
    why = page.get_by_role("dialog")
    expect(why).to_contain_text(lifecycle["evidence"]["last"]["event_id"])
    assert "why=lifecycle" in page.url
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)


@BOTH
def test_a_value_opens_everybody_who_has_the_same(signed_in, language):
    page = signed_in.page
    one = buyer(signed_in)
    signed_in.open(f"/profile/people/{one['person']}")
    condition = f"lifecycle = '{one['lifecycle']}'"
    size = asked(signed_in, "/api/audiences/size", {"condition": condition})["size"]
    value = words(language, "words")["value"][one["lifecycle"]]
    page.locator(".wall-same").filter(has_text=exactly(value)).first.click()
    expect(page.get_by_role("dialog").locator(".people-total")).to_have_text(re.compile(rf"^{grouped(size)}\D"))


@BOTH
def test_visits_and_orders_are_those_of_the_api(signed_in, language):
    said, events, page = words(language, "people"), words(language, "words")["event"], signed_in.page
    one = buyer(signed_in)
    signed_in.open(f"/profile/people/{one['person']}")
    visits = asked(signed_in, f"/api/people/{one['person']}/timeline?limit=10")["sessions"]
    expect(page.locator(".visit")).to_have_count(len(visits))
    first = page.locator(".visit").first
    expect(first.locator(".event").first).to_contain_text(events[visits[0]["events"][0]["name"]])
    first.get_by_role("button").first.click()
    expect(first.locator(".event-facts")).to_contain_text(visits[0]["events"][0]["event_id"])

    orders = asked(signed_in, f"/api/people/{one['person']}/orders?limit=20")
    page.get_by_role("tab", name=re.compile(r"\d")).click()
    expect(page.locator(".order")).to_have_count(len(orders["orders"]))
    net = float(orders["orders"][0]["net"])
    expect(page.locator(".order").first).to_contain_text(f"{net:,.2f}")
    assert "tab=orders" in page.url
    assert said["orders"]["refund"]


@BOTH
def test_what_a_person_agreed_to_is_told_with_the_event_that_says_so(signed_in, language, shots):
    said, known, page = words(language, "people"), words(language, "words"), signed_in.page
    people = asked(signed_in, "/api/people/search", {"sort": "orders_total", "limit": 20})["people"]
    states = {one["person"]: asked(signed_in, f"/api/people/{one['person']}/consent") for one in people}
    person, state = next((person, state) for person, state in states.items() if state["purposes"])
    signed_in.open(f"/profile/people/{person}")
    consent = page.get_by_role("group", name=said["consent"]["label"])
    for purpose in state["purposes"]:
        expect(consent).to_contain_text(known["purpose"][purpose])
    expect(consent).to_contain_text(known["event"][state["event"]])
    if shots:
        page.screenshot(path=shots)
