"""The identity graph of a person: picture and table say the same, and two picked identifiers are explained in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.console.catalogue import BOTH, asked, words

#: A graph is asked for, drawn and looked at by a browser that shares its processors.
PATIENCE = 20_000

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.fixture
def newcomers(signed_in):
    """Ids of somebody with more identifiers than the limit, and of somebody with one alone."""
    who = [{"userId": "crowded", "anonymousId": f"a-{number}"} for number in range(22)] + [{"anonymousId": "alone"}]
    with signed_in.site.sender(f"till-{uuid4().hex[:8]}") as sender:
        for number, names in enumerate(who):
            told = {"messageId": f"new-{number}", "event": "Product Viewed", "timestamp": datetime.now(UTC).isoformat()}
            assert sender.post("/v1/track", json=told | names).status_code == 200
    while True:  # a build counts what the flusher has brought in before it
        found = signed_in.page.request.get(f"{signed_in.site.url}/api/profiles/anonymous_id:alone")
        if found.ok and (people := asked(signed_in, "/api/identity/large")["people"]):
            return people[0]["person"], found.json()["person"]
        signed_in.page.request.post(f"{signed_in.site.url}/api/builds", headers={"x-qianmian-console": "1"})
        signed_in.page.wait_for_timeout(500)


def explained(watched, person):
    return asked(watched, f"/api/identity/explain?a=person:{person}")


def most_connected(watched, most=12):
    """Of some people, the one of whose identifiers most is said."""
    people = asked(watched, "/api/people/search", {"sort": "orders_total", "limit": most})["people"]
    return max((one["person"] for one in people), key=lambda person: len(explained(watched, person)["steps"]))


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_two_picked_identifiers_are_explained_and_an_edge_opens_its_statements(signed_in, language, shots):
    said, page = words(language, "identity"), signed_in.page
    person = most_connected(signed_in)
    told = explained(signed_in, person)
    signed_in.open(f"/profile/people/{person}")
    page.get_by_role("button", name=said["open"]).click()
    expect(page).to_have_url(re.compile("identity=1"))
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".identity-node")).to_have_count(len(told["identifiers"]), timeout=PATIENCE)
    expect(drawer.locator("tbody tr")).to_have_count(len(told["edges"]))
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots)
    own = drawer.locator(".identity-node[data-mine=true]")
    own.nth(0).click()
    own.nth(1).click()
    expect(drawer.locator(".identity-chain li").first).to_be_visible(timeout=PATIENCE)
    expect(drawer).to_contain_text(said["verdict"]["one_person"])
    drawer.locator("tbody tr").first.click()
    expect(drawer.locator(".identity-statements")).to_contain_text(told["edges"][0]["first"]["event_id"])
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-picked"))
        drawer.locator(".identity-statements").scroll_into_view_if_needed()
        page.screenshot(path=shots.with_stem(f"{shots.stem}-statements"))


@BOTH
def test_somebody_with_one_identifier_needs_no_explanation_and_is_told_so(signed_in, language, newcomers, shots):
    said, page = words(language, "identity"), signed_in.page
    signed_in.open(f"/profile/people/{newcomers[1]}?identity=1")
    expect(page.get_by_role("dialog")).to_contain_text(said["alone"], timeout=PATIENCE)
    if shots:
        page.screenshot(path=shots)


@BOTH
def test_people_with_too_many_identifiers_are_told_above_the_list(signed_in, language, newcomers, shots):
    said, page = words(language, "identity")["large"], signed_in.page
    signed_in.open("/profile/people")
    page.get_by_role("button", name=said["open"]).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("tbody tr").first).to_contain_text(newcomers[0])
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=shots)
    drawer.get_by_role("link", name=newcomers[0]).click()
    expect(page.get_by_role("dialog").locator(".identity-node")).to_have_count(23, timeout=PATIENCE)
