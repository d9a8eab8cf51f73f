"""The identity graph of a person: picture and table say the same, and two picked identifiers are explained in words."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def explained(watched, person):
    return asked(watched, f"/api/identity/explain?a=person:{person}")


def most_connected(watched, most=20):
    """Of some people, the one of whose identifiers most is said."""
    people = asked(watched, "/api/people/search", {"sort": "orders_total", "limit": most})["people"]
    return max((one["person"] for one in people), key=lambda person: len(explained(watched, person)["steps"]))


def alone(watched):
    """Somebody who is known by one identifier."""
    people = asked(watched, "/api/people/search", {"sort": "person", "limit": 200})["people"]
    told = (one["person"] for one in people if len(one["identifiers"]) == 1)
    return next(person for person in told if not explained(watched, person)["edges"])


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_two_picked_identifiers_are_explained_and_an_edge_opens_its_statements(signed_in, language, shots):
    said, page = words(language, "identity"), signed_in.page
    person = most_connected(signed_in)
    told = explained(signed_in, person)
    signed_in.open(f"/profile/people/{person}")
    page.get_by_role("button", name=said["open"]).click()
    expect(page).to_have_url(re.compile("identity=1"))
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".identity-node")).to_have_count(len(told["identifiers"]))
    expect(drawer.locator("tbody tr")).to_have_count(len(told["edges"]))
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots)
    own = drawer.locator(".identity-node[data-mine=true]")
    own.nth(0).click()
    own.nth(1).click()
    expect(drawer.locator(".identity-chain li").first).to_be_visible()
    expect(drawer).to_contain_text(said["verdict"]["one_person"])
    drawer.locator("tbody tr").first.click()
    expect(drawer.locator(".identity-statements")).to_contain_text(told["edges"][0]["first"]["event_id"])
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-picked"))
        drawer.locator(".identity-statements").scroll_into_view_if_needed()
        page.screenshot(path=shots.with_stem(f"{shots.stem}-statements"))


@BOTH
def test_somebody_with_one_identifier_needs_no_explanation_and_is_told_so(signed_in, language, shots):
    said, page = words(language, "identity"), signed_in.page
    signed_in.open(f"/profile/people/{alone(signed_in)}?identity=1")
    expect(page.get_by_role("dialog")).to_contain_text(said["alone"])
    if shots:
        page.screenshot(path=shots)
