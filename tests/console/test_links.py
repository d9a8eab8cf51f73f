"""Tracked links on the screen: made, drawn, opened by a stranger, counted, led elsewhere and disabled."""

from __future__ import annotations

import re
import time

import httpx2
import pytest

from tests.collect.wire.test_opened import IOS
from tests.console.catalogue import BOTH, exactly, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@in_one("en")
def test_a_link_is_made_opened_counted_and_disabled(signed_in, language, shots):
    said, page, code = words(language, "links"), signed_in.page, f"post-{language.lower()}"
    signed_in.open("/collect/links")
    page.get_by_role("button", name=said["new"]["open"]).click()
    page.get_by_label(said["column"]["target"], exact=True).fill("https://shop.example/item/7")
    page.get_by_label(said["column"]["owner"], exact=True).fill("p-17")
    page.get_by_label(said["utm"]["source"], exact=True).fill("weibo")
    page.get_by_label(said["column"]["code"], exact=True).fill(code)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile(rf"/collect/links/{code}$"))
    drawn = page.get_by_role("img", name=said["qr"].replace("{{code}}", code))
    expect(drawn).to_be_visible()
    assert drawn.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100

    time.sleep(1)  # until the server looks for a code that it did not know
    address = f"{signed_in.site.url}/l/{code}"
    answer = httpx2.get(address, headers={"user-agent": f"{IOS} MicroMessenger/8.0"})
    assert answer.headers["location"].startswith("https://shop.example/item/7?utm_source=weibo&qm_click=")
    opened = (
        page.locator(".stat").filter(has=page.get_by_text(exactly(said["column"]["opened"]))).locator(".stat-value")
    )
    for _ in range(30):
        page.reload()
        expect(opened).to_have_text(re.compile("[01]"))
        if opened.inner_text() == "1":
            break
    expect(opened).to_have_text("1")
    if shots:
        page.screenshot(path=shots)

    page.get_by_role("button", name=said["disable"]["action"]).click()
    sure = page.locator(".ant-popconfirm").get_by_role("button")
    sure.filter(has_text=re.compile(r"\s*".join(said["disable"]["action"]))).click()
    expect(page.get_by_role("button", name=said["enable"])).to_be_visible()


@BOTH
def test_a_target_that_is_no_web_address_is_refused_in_the_language_of_the_page(signed_in, language, shots):
    said, page = words(language, "links"), signed_in.page
    signed_in.open("/collect/links?make=1")
    page.get_by_label(said["column"]["target"], exact=True).fill("javascript:alert(1)")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text(
        {"zh-CN": "短链的目标须为", "en": "must be a web address"}[language]
    )
    if shots:
        page.screenshot(path=shots)
    assert signed_in.refusals == ["400 POST /links"]
    signed_in.refusals.clear()
