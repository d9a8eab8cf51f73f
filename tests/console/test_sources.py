"""From nothing to the first event: a source is made, its event is seen arriving, and every event is accounted for."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime

import pytest

from tests.console.catalogue import asked, exactly, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

PHONE, USER = "13700137000", "member-20482048"


def event(number, **more):
    known = {"type": "track", "messageId": f"{number}", "event": "Product Viewed", "userId": USER}
    return known | {"timestamp": datetime.now(UTC).isoformat(), "properties": {"note": f"tel {PHONE}"}} | more


def send(watched, key, *events):
    basic = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"authorization": f"Basic {basic}", "content-type": "application/json"}
    answer = watched.page.request.post(
        f"{watched.site.url}/v1/batch", data=json.dumps({"batch": events}), headers=headers
    )
    return answer.status


def shoot(page, shots, what):
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-{what}"), full_page=True)


def button(place, label):
    """A button by its whole label; two Chinese characters are drawn with a gap between them."""
    whole = r"\s*".join(re.escape(sign) for sign in label)
    return place.get_by_role("button", name=re.compile(rf"^(\S+ )?{whole}$"))


def made(watched, name, **more):
    """A source made by the API; its write key."""
    return asked(watched, "/api/sources", {"name": name, **more})["write_key"]


@in_one("zh-CN")
def test_a_source_is_made_and_its_first_event_is_seen(signed_in, language, shots):
    said, live, page = words(language, "sources"), words(language, "live"), signed_in.page
    name = f"web-{language.lower()}"
    signed_in.open("/collect/sources")
    button(page, said["new"]).first.click()
    page.get_by_role("textbox", name=said["form"]["name"]).fill("Not a name")
    button(page, said["form"]["make"]).click()
    expect(page.get_by_text(said["form"]["nameRule"])).to_have_count(2)
    page.get_by_role("textbox", name=said["form"]["name"]).fill(name)
    button(page, said["form"]["make"]).click()
    key = page.locator(".write-key-secret").inner_text()
    assert key.startswith("qmw_")
    expect(page.locator(".snippet-code").first).to_contain_text(key)
    shoot(page, shots, "key")
    button(page, said["key"]["done"]).click()

    signed_in.open(f"/collect/live?source={name}")
    expect(page.get_by_text(words(language, "states")["filtered"]["title"])).to_be_visible()
    assert send(signed_in, key, event(f"{name}-1"), event(f"{name}-2", timestamp="never")) == 200
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(live["fate"]["refused"])
    expect(rows.nth(1)).to_contain_text(live["fate"]["stored"])
    shoot(page, shots, "live")
    rows.nth(0).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(words(language, "words")["reason"]["bad_time"])
    expect(drawer).to_contain_text("never")
    for secret in (PHONE, USER):
        assert secret not in page.content()
    shoot(page, shots, "event")
    page.keyboard.press("Escape")

    signed_in.open("/collect/sources")
    page.get_by_role("link", name=exactly(name)).click()
    expect(page.locator(".sum-part[data-part=received] dd").first).to_have_text("2")
    expect(page.locator(".sum-part[data-part=refused] dd").first).to_have_text("1", timeout=120_000)
    expect(page.locator(".sum-balance")).to_contain_text(said["one"]["balanced"])
    expect(page.get_by_role("main")).to_contain_text(words(language, "words")["reason"]["bad_time"])
    shoot(page, shots, "source")


def test_a_pause_shows_nothing_new_until_it_ends(signed_in, language):
    said, page = words(language, "live"), signed_in.page
    key = made(signed_in, "paused", environment="dev")
    signed_in.open("/collect/live?source=paused")
    send(signed_in, key, event("first"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(said["fate"]["checked"])
    with page.expect_response(re.compile("/api/live")):
        pass
    button(page, said["pause"]).click()
    expect(page.get_by_text(said["paused"])).to_be_visible()
    send(signed_in, key, event("second"))
    page.wait_for_timeout(2000)
    expect(page.locator("tbody tr")).to_have_count(1)
    button(page, said["resume"]).click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_who_is_turned_away_is_shown_and_a_limit_is_set(signed_in, language, shots):
    said, page = words(language, "sources"), signed_in.page
    key = made(signed_in, "limited")
    assert send(signed_in, "qmw_nobody", event("x")) == 401
    signed_in.open("/collect/sources/limited")
    page.get_by_role("spinbutton", name=said["limits"]["per_day"]).fill("1")
    button(page, said["limits"]["save"]).click()
    expect(page.get_by_text(said["limits"]["saved"])).to_be_visible()
    for at in range(40):  # a running server knows a change within five seconds
        status = send(signed_in, key, event(f"limited-{at}"))
        if status == 429:
            break
        page.wait_for_timeout(200)
    assert (at > 0, status) == (True, 429)  # one event of a day is taken
    expect(page.get_by_role("main")).to_contain_text(said["status"]["429"], timeout=30_000)
    shoot(page, shots, "limited")
    signed_in.open("/collect/sources")
    expect(page.get_by_role("status").filter(has_text=said["status"]["401"])).to_be_visible()
    shoot(page, shots, "list")


def test_a_key_is_rolled_and_a_source_disabled(signed_in, language):
    said, page = words(language, "sources"), signed_in.page
    first = made(signed_in, "rolled")
    signed_in.open("/collect/sources/rolled")
    button(page, said["key"]["roll"]).click()
    button(page.locator(".ant-popconfirm"), said["key"]["roll"]).click()
    second = page.locator(".write-key-secret").inner_text()
    assert second != first
    button(page, said["key"]["done"]).click()
    button(page, said["key"]["disable"]).click()
    button(page.locator(".ant-popconfirm").last, said["key"]["disable"]).click()
    expect(page.get_by_role("main")).to_contain_text(said["state"]["disabled"])


@in_one("en")
def test_flagged_events_are_counted_and_found_by_their_reason(signed_in, language, shots):
    said, live, page = words(language, "sources"), words(language, "live"), signed_in.page
    traffic = words(language, "words")["traffic"]
    name = f"bots-{language.lower()}"
    key = made(signed_in, name)
    signed_in.open(f"/collect/sources/{name}")
    expect(page.get_by_text(said["one"]["noTraffic"])).to_be_visible()
    bot = {"context": {"userAgent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}}
    headless = {"context": {"userAgent": "Mozilla/5.0 HeadlessChrome/141.0"}}
    events = [event(f"{name}-1"), event(f"{name}-2", **bot), event(f"{name}-3", **bot), event(f"{name}-4", **headless)]
    assert send(signed_in, key, *events) == 200
    signed_in.open(f"/collect/live?source={name}&traffic=flagged")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(traffic["headless"])
    shoot(page, shots, "live")
    rows.nth(0).click()
    expect(page.get_by_role("dialog")).to_contain_text(traffic["headless"])
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name=live["column"]["traffic"]).click()
    page.get_by_title(live["filter"]["ordinary"]).click()
    expect(rows).to_have_count(1)
    for _ in range(60):  # the flusher takes them in beside the server
        if flagged(signed_in, name):
            break
        page.wait_for_timeout(500)
    assert flagged(signed_in, name) == {"bot": 2, "headless": 1}
    signed_in.open(f"/collect/sources/{name}")
    expect(page.get_by_text(traffic["bot"])).to_be_visible()
    shoot(page, shots, "source")
    signed_in.open("/collect/sources")
    expect(page.locator("tbody tr").filter(has_text=name)).to_contain_text("3")
    shoot(page, shots, "sources")


def flagged(watched, name):
    """Events of a source that are flagged today, by reason."""
    sources = asked(watched, "/api/sources/health")["sources"]
    return {told["reason"]: told["events"] for one in sources if one["name"] == name for told in one["flagged"]}


@in_one("zh-CN")
def test_a_source_says_what_becomes_of_undeclared_personal_data(signed_in, language, shots):
    said, page = words(language, "sources")["personal"], signed_in.page
    name = f"personal-{language.lower()}"
    key = made(signed_in, name)
    signed_in.open(f"/collect/sources/{name}")
    expect(page.get_by_text(said["none"])).to_be_visible()
    page.get_by_text(said["drop"], exact=True).click()
    for _ in range(20):
        [policy] = [one["personal_data"] for one in asked(signed_in, "/api/sources") if one["name"] == name]
        if policy == "drop":
            break
        page.wait_for_timeout(200)
    assert policy == "drop"
    assert send(signed_in, key, event(f"{name}-1")) == 200
    told = said.get("hidden_one", said["hidden_other"]).replace("{{n}}", "1")
    expect(page.get_by_text(told)).to_be_visible(timeout=30_000)
    shoot(page, shots, "policy")


@in_one("en")
def test_what_events_stated_of_consent_is_counted_and_unknown_categories_say_so(signed_in, language, shots):
    said, page = words(language, "sources")["consent"], signed_in.page
    purposes, name = words(language, "words")["purpose"], f"consent-{language.lower()}"
    key = made(signed_in, name)
    signed_in.open(f"/collect/sources/{name}")
    expect(page.get_by_text(said["none"])).to_be_visible()
    agreed = {"context": {"consent": {"categoryPreferences": {"Analytics": True, "Club": True}}}}
    refused = {"context": {"consent": {"categoryPreferences": {"Analytics": False}}}}
    assert send(signed_in, key, event(f"{name}-1", **agreed), event(f"{name}-2", **refused)) == 200
    for _ in range(60):  # the flusher takes them in beside the server
        if asked(signed_in, f"/api/sources/{name}/consent")["stated"]:
            break
        page.wait_for_timeout(500)
    page.reload()
    panel = page.get_by_role("region", name=said["title"])
    expect(panel).to_contain_text(purposes["analyse"])
    expect(panel).to_contain_text(said["nothing"])
    expect(panel.locator(".fact").filter(has_text="club")).to_contain_text(said["unknown"])
    shoot(page, shots, "consent")
