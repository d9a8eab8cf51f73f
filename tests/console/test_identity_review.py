"""Who is who by hand in the console: pairs side by side, by keys too, seen before they are decided; splits undone."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.console.catalogue import BOTH, asked, words

PATIENCE = 30_000
OWN = {"x-qianmian-console": "1"}

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.fixture
def pairs(signed_in):
    """A tablet of five that two of them use day after day, which rules join with nobody; built."""
    shop = uuid4().hex[:6]
    guests = [f"w-{shop}-{number}" for number in range(5)]
    told = [(guest, number + 1) for number, guest in enumerate(guests)]
    told += [(guests[day % 2], day) for day in range(8, 26)]
    with signed_in.site.sender(f"tablet-{shop}") as sender:
        for number, (guest, day) in enumerate(told):
            event = {
                "messageId": f"{shop}-{number}",
                "event": "Product Viewed",
                "timestamp": f"2026-05-{day:02}T10:00:00Z",
            }
            names = {
                "anonymousId": f"a-{guest}",
                "context": {"device": {"id": f"tab-{shop}"}, "traits": {"wechat_unionid": guest}},
            }
            assert sender.post("/v1/track", json=event | names).status_code == 200
    return shop


def waiting(watched):
    return asked(watched, "/api/identity/review")["pairs"]


@pytest.fixture
def queue(signed_in, pairs):
    """Pairs that wait, once a build has counted the tablet."""
    page, url = signed_in.page, signed_in.site.url
    while True:  # a build counts what the flusher has brought in before it
        page.request.post(f"{url}/api/builds", headers=OWN, timeout=0)
        page.wait_for_timeout(500)
        found = page.request.get(f"{url}/api/profiles/wechat_unionid:w-{pairs}-1")
        if found.ok and page.request.post(f"{url}/api/identity/review/find", headers=OWN, timeout=0).json()["added"]:
            return waiting(signed_in)


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_pairs_are_looked_at_by_keys_seen_before_and_decided_with_a_reason(signed_in, language, queue, shots):
    said, page = words(language, "identity"), signed_in.page
    signed_in.open("/unify/review")
    shown = page.locator(".review-pair")
    expect(shown).to_have_count(len(queue))
    expect(page.locator(".side-by-side .person")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator(".reason")).to_have_count(3)
    page.keyboard.press("j")
    expect(shown.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(shown.nth(0)).to_have_attribute("aria-current", "true")
    if shots:
        page.screenshot(path=shots)
    page.keyboard.press("a")
    form = page.get_by_role("region", name=said["review"]["accept"])
    expect(form.locator(".decide-people tbody tr").first).to_be_visible(timeout=PATIENCE)
    expect(form.get_by_label(said["decide"]["reason"])).to_be_focused()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-seen"))
    page.keyboard.type("are a pair")  # letters of keys are letters here
    form.get_by_role("button", name=said["review"]["accept"]).click()
    expect(shown).to_have_count(len(queue) - 1, timeout=PATIENCE)
    assert asked(signed_in, "/api/identity/decisions")[0]["reason"] == "are a pair"
    page.get_by_text(said["review"]["states"]["accepted"]).click()
    expect(page.locator(".review-pair").first).to_be_visible()


@BOTH
def test_an_empty_queue_says_what_would_wait_here(signed_in, language, shots):
    said, page = words(language, "identity")["review"], signed_in.page
    signed_in.open("/unify/review?state=expired")
    expect(page.locator(".state")).to_contain_text(said["noneState"])
    if shots:
        page.screenshot(path=shots)


@BOTH
def test_a_person_is_split_and_the_split_undone_beside_the_graph(signed_in, language, shots):
    said, page = words(language, "identity"), signed_in.page
    name = signed_in.site.names[0]["user_id"]
    person = asked(signed_in, f"/api/identity/person?namespace=user_id&value={name}")["person"]
    signed_in.open(f"/profile/people/{person}?identity=1")
    drawer = page.get_by_role("dialog")
    own = drawer.locator(".identity-node[data-mine=true]:not([data-kind=user])")
    own.first.click(timeout=PATIENCE)
    drawer.get_by_role("button", name=said["decide"]["split"]).click()
    form = drawer.get_by_role("region", name=said["decide"]["splitTitle"])
    expect(form.locator(".decide-people tbody tr").first).to_be_visible(timeout=PATIENCE)
    form.get_by_label(said["decide"]["reason"]).fill("not hers")
    if shots:
        form.scroll_into_view_if_needed()
        page.screenshot(path=shots)
    form.get_by_role("button", name=said["decide"]["submit"], exact=True).click()
    log = drawer.get_by_role("table", name=said["history"]["title"])
    expect(log).to_contain_text("not hers", timeout=PATIENCE)
    expect(log).to_contain_text(said["history"]["pending"])
    log.get_by_role("button", name=said["history"]["undo"]).first.click()
    undo = drawer.get_by_role("region", name=re.compile(said["history"]["undoTitle"].split("{{")[0]))
    undo.get_by_label(said["decide"]["reason"]).fill("hers after all")
    expect(undo.get_by_role("button", name=said["decide"]["submit"], exact=True)).to_be_enabled(timeout=PATIENCE)
    undo.get_by_role("button", name=said["decide"]["submit"], exact=True).click()
    expect(log).to_contain_text("hers after all", timeout=PATIENCE)
    if shots:
        log.scroll_into_view_if_needed()
        page.screenshot(path=shots.with_stem(f"{shots.stem}-undone"))


@BOTH
def test_a_merge_tells_first_and_two_accounts_only_where_that_is_said(signed_in, language, shots):
    said, page = words(language, "identity"), signed_in.page
    one, other = (site_name["user_id"] for site_name in signed_in.site.names[1:3])
    person = asked(signed_in, f"/api/identity/person?namespace=user_id&value={one}")["person"]
    signed_in.open(f"/profile/people/{person}?identity=1")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name=said["decide"]["merge"]).click(timeout=PATIENCE)
    form = drawer.get_by_role("region", name=said["decide"]["mergeTitle"])
    form.get_by_label(said["decide"]["other"]).fill(other)
    expect(form.get_by_role("alert")).to_contain_text("--accounts-too", timeout=PATIENCE)
    form.get_by_label(said["decide"]["accountsTooWords"]).check()
    expect(form.locator(".decide-people tbody tr")).to_have_count(2, timeout=PATIENCE)
    if shots:
        form.scroll_into_view_if_needed()
        page.screenshot(path=shots)
    signed_in.refusals.clear()
