"""What somebody does now is on their page at once, marked, and moves into the time line with the next build."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.console.catalogue import asked, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.fixture
def send(console_site):
    """Sends events of a source of its own."""
    with console_site.sender(f"till-{uuid4().hex[:8]}") as sender:

        def send(ident, user, event="Product Viewed", **properties):
            now = datetime.now(UTC).isoformat()
            message = {"messageId": ident, "userId": user, "event": event, "timestamp": now, "properties": properties}
            assert sender.post("/v1/track", json=message).status_code == 200

        yield send


@in_one("en")
def test_a_persons_page_shows_what_they_do_without_being_loaded_again(signed_in, language, send, shots):
    said, events, page = words(language, "people")["recent"], words(language, "words")["event"], signed_in.page
    user = signed_in.site.names[3 if language == "en" else 4]["user_id"]
    signed_in.open(f"/profile/people/{asked(signed_in, f'/api/profiles/{user}')['person']}")
    recent = page.get_by_role("region", name=said["mark"])
    expect(recent).to_contain_text(said["none"])
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-empty"))
    send(f"{language}-1", user)
    expect(recent.locator(".event")).to_have_count(1)
    send(f"{language}-2", user, "Order Completed", order_id=f"{language}-9", total=88)
    expect(recent.locator(".event")).to_have_count(2)
    expect(recent.locator(".event").first).to_contain_text(events["Order Completed"])
    expect(recent.locator(".event").first).to_contain_text("88.00")
    expect(recent).to_contain_text(said["since"])
    if shots:
        page.screenshot(path=shots)


@in_one("zh-CN")
def test_somebody_whom_no_build_knows_is_found_by_name(signed_in, language, send, shots):
    said, page = words(language, "people")["recent"], signed_in.page
    signed_in.open(f"/profile/people?name=new-{language}")
    expect(page.get_by_text(words(language, "states")["filtered"]["title"])).to_be_visible()
    expect(page.get_by_text(said["unknown"])).to_have_count(0)
    send(f"{language}-3", f"new-{language}")
    expect(page.get_by_text(said["unknown"])).to_be_visible()
    expect(page.get_by_role("region", name=said["mark"]).locator(".event")).to_have_count(1)
    if shots:
        page.screenshot(path=shots)


def test_a_build_moves_it_into_the_time_line(signed_in, language, send):
    said, page = words(language, "people")["recent"], signed_in.page
    user = signed_in.site.names[5]["user_id"]
    signed_in.open(f"/profile/people/{asked(signed_in, f'/api/profiles/{user}')['person']}")
    recent, latest = page.get_by_role("region", name=said["mark"]), page.locator(".visit-head").first
    before = latest.text_content()  # as `to_have_text` reads it: inner_text breaks lines, and would always differ
    send("built", user)
    expect(recent.locator(".event")).to_have_count(1)
    while recent.get_attribute("data-some") == "true":  # a build counts what the flusher has brought in before it
        page.request.post(f"{signed_in.site.url}/api/builds", headers={"x-qianmian-console": "1"})
        page.wait_for_timeout(500)
    expect(recent).to_contain_text(said["none"])
    expect(latest).not_to_have_text(before)  # the time line is asked for again once a build is seen
    first = page.locator(".visit .event").first
    first.get_by_role("button").first.click()
    expect(first.locator(".event-facts")).to_contain_text("built")
