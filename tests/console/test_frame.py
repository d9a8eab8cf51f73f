"""The frame: every screen in both languages and both looks, the palette, and what is never there."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

#: Address → the part of the catalogue that holds its title; the title of some is that of their object.
SCREENS = {
    "/overview": "overview",
    "/collect/imports": "imports",
    "/collect/imports/new": None,
    "/collect/imports/1": None,
    "/collect/intake": "intake",
    "/collect/intake?make=1": "intake",
    "/collect/sources": "sources",
    "/collect/live": "live",
    "/collect/plan": "plan",
    "/collect/plan/apart": None,
    "/collect/plan/edit": None,
    "/collect/context": "context",
    "/collect/goods": "goods",
    "/collect/links": "links",
    "/collect/links?make=1": "links",
    "/collect/links/front-door": None,
    "/unify/quality": "quality",
    "/unify/quality/rules": "cleaning",
    "/unify/rules": "identityRules",
    "/unify/ties": "tieKinds",
    "/unify/matching": "matching",
    "/profile/people": "people",
    "/profile/tags": "tags",
    "/profile/tags/lifecycle": None,
    "/profile/tags/rfm": None,
    "/profile/tags/region": None,
    "/profile/tags/last_seen_at": None,
    "/segment/audiences": "audiences",
    "/segment/audiences?show=deleted": "audiences",
    "/segment/audiences?peek=1": "audiences",
    "/segment/audiences/new": None,
    "/segment/audiences/new?condition=orders_total>0": None,
    "/segment/audiences/new?condition=orders_total>0&form=text": None,
    "/segment/audiences/new?condition=orders_total>0&save=1": None,
    "/segment/audiences/1": None,
    "/segment/audiences/1?export=1": None,
    "/segment/audiences/1?save=1": None,
    "/segment/compare": None,
    "/segment/compare?first=orders_total>1": None,
    "/overview?people=orders_total>1": "overview",
    "/profile/tags?peek=lifecycle": "tags",
    "/act/campaigns": "campaigns",
    "/act/campaigns?make=1": "campaigns",
    "/system/jobs": "jobs",
    "/system/jobs?job=1": "jobs",
    "/system/jobs/1": None,
    "/system/jobs?build=1": "jobs",
    "/system/account": None,
}


#: Of these all text is measured against what it stands on.
LEGIBLE = {
    *("/overview", "/profile/people", "/profile/tags/lifecycle", "/system/jobs", "/unify/ties", "/unify/matching"),
    *("/segment/audiences", "/segment/audiences/1?export=1", "/segment/compare?first=orders_total>1"),
    *("/segment/audiences/new?condition=orders_total>0", "/overview?people=orders_total>1", "/unify/quality/rules"),
}


@BOTH_AND_LOOKS
@pytest.mark.parametrize("stage", dict.fromkeys(path.split("/")[1].partition("?")[0] for path in SCREENS))
def test_every_screen_shows_its_title_and_no_raw_key_and_can_be_read(signed_in, language, scheme, stage):
    page = signed_in.page
    somebody = asked(signed_in, "/api/people/search", {"limit": 1})["people"][0]["person"]
    for path, part in {**SCREENS, f"/profile/people/{somebody}": None}.items():
        if not path.startswith(f"/{stage}"):
            continue
        signed_in.open(path)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_visible()
        if part:
            expect(heading).to_have_text(words(language, part)["title"])
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        text = page.locator("body").inner_text()
        assert not re.search(
            r"\b(words|frame|people|states|overview|tags|jobs|audiences):?[a-z]*\.[a-zA-Z_.]+\b", text
        ), path
        assert not re.search(r"undefined|NaN|\[object|Invalid Date|\{\{", text), path
        assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:", text), f"a raw instant on {path}"
        if path in LEGIBLE:
            assert page.evaluate(_FAINT) == [], path


def test_language_and_look_change_at_once_and_stay(signed_in):
    zh, en, page = words("zh-CN", "nav"), words("en", "nav"), signed_in.page
    signed_in.open("/profile/tags")
    page.get_by_role("button", name=words("zh-CN", "frame")["language"]).click()
    page.get_by_role("menuitem", name="English").click()
    expect(page.get_by_role("link", name=en["page"]["audiences"])).to_be_visible()
    expect(page.get_by_role("link", name=zh["page"]["audiences"])).to_have_count(0)
    page.get_by_role("button", name=words("en", "frame")["theme"]["label"]).click()
    page.get_by_role("menuitem", name=words("en", "frame")["theme"]["dark"]).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("en", "tags")["title"])
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@BOTH
def test_the_palette_goes_to_screens_tags_and_people(signed_in, language):
    frame, page = words(language, "frame")["palette"], signed_in.page
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name=frame["label"])
    expect(box).to_be_focused()
    box.fill("lifecycle")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/profile/tags/lifecycle"))

    name = asked(signed_in, "/api/people/search", {"limit": 1})["people"][0]["person"]
    page.keyboard.press("Control+k")
    box.fill(name)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"name={name}"))
    expect(page.locator("tbody tr")).to_have_count(1)


def test_enter_that_ends_a_chinese_composition_runs_nothing(signed_in, language):
    page = signed_in.page
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name=words(language, "frame")["palette"]["label"])
    box.fill("标签")
    box.evaluate(
        "(field) => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(box).to_be_visible()
    expect(page).to_have_url(re.compile("/overview"))


def test_signing_out_everywhere_ends_other_browsers_too(signed_in, browser, language):
    frame, title = words(language, "frame")["account"], words(language, "signIn")["title"]
    elsewhere = browser.new_context(locale=language)
    body = {"user": signed_in.site.user, "password": signed_in.site.password}
    elsewhere.request.post(f"{signed_in.site.url}/api/session", data=body, headers={"x-qianmian-console": "1"})
    page = signed_in.page
    signed_in.open("/profile/tags")
    page.get_by_role("button", name=frame["label"].replace("{{user}}", signed_in.site.user)).click()
    page.get_by_role("menuitem", name=re.compile(re.escape(frame["signOutEverywhere"]))).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    other = elsewhere.new_page()
    other.goto(f"{signed_in.site.url}/profile/tags")
    expect(other.get_by_role("heading", name=title)).to_be_visible()
    elsewhere.close()
    signed_in.refusals.clear()


def test_single_keys_can_be_turned_off(signed_in, language):
    said, page = words(language, "frame")["keys"], signed_in.page
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()
    page.keyboard.press("?")
    page.get_by_role("checkbox", name=said["single"]).uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/overview"))


def test_an_unknown_address_says_so(signed_in, language):
    page = signed_in.page
    signed_in.open("/no/such/page")
    expect(page.get_by_text(words(language, "states")["unknown"]["title"])).to_be_visible()
    page.get_by_role("main").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/overview"))


def test_an_unknown_tag_is_an_error_that_can_be_read(signed_in):
    page = signed_in.page
    signed_in.open("/profile/tags/no_such_tag")
    expect(page.get_by_role("alert")).to_contain_text("no_such_tag")
    assert signed_in.refusals == ["404 GET /tag-definitions/no_such_tag"]
    signed_in.refusals.clear()


#: Texts whose contrast with the nearest opaque background is below 4.5.
_FAINT = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const holder = node.parentElement;
    if (!node.data.trim() || !holder.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (holder.closest('[disabled], .visually-hidden, [aria-hidden=true]')) continue;
    const [a, b] = [light(rgb(getComputedStyle(holder).color)), light(ground(holder))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) faint.add(`${node.data.trim().slice(0, 20)} ${contrast.toFixed(2)}`);
  }
  return [...faint];
}"""
