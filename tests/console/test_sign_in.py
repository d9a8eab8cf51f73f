"""Signing in at the console: the way in, the way out, and what a wrong password is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.console.catalogue import BOTH_AND_LOOKS

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

ROOT = Path(__file__).parents[2]
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"], indirect=True)


def words(language, file):
    """A catalogue of the console, so that the test asks for what people read."""
    return json.loads((ROOT / "console/src/i18n" / language / f"{file}.json").read_text("utf-8"))


def fill(page, said, user, password):
    page.get_by_label(said["user"], exact=True).fill(user)
    page.get_by_label(said["password"], exact=True).fill(password)
    page.get_by_role("button", name=re.compile(said["submit"].replace(" ", r"\s*"))).click()


@BOTH_AND_LOOKS
def test_who_signs_in_sees_the_address_they_asked_for(visitor, language, shots):
    said, page = words(language, "signIn"), visitor.page
    visitor.open("/profile/people")
    expect(page.get_by_role("heading", name=said["title"])).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    visitor.refusals.clear()  # asking who is there, before anybody is
    if shots:
        page.screenshot(path=shots)
    fill(page, said, visitor.site.user, visitor.site.password)
    expect(page.get_by_role("heading", name=said["title"])).to_have_count(0)
    expect(page.get_by_role("navigation").first).to_be_visible()
    assert page.url.partition("?")[0].endswith("/profile/people")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert (cookies["qianmian_session"]["httpOnly"], cookies["qianmian_session"]["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""


@LANGUAGES
def test_a_wrong_password_is_told_as_such_and_kept_nowhere(visitor, language):
    said, page = words(language, "signIn"), visitor.page
    visitor.open()
    expect(page.get_by_role("heading", name=said["title"])).to_be_visible()
    fill(page, said, visitor.site.user, "quite wrong")
    expect(page.get_by_role("alert")).to_contain_text(said["wrong"])
    assert "quite wrong" not in page.url
    assert page.context.cookies() == []
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").find("quite wrong") == -1
    assert visitor.refusals.count("401 POST /session") == 1
    visitor.refusals.clear()


def test_who_signs_out_is_out_in_every_tab_at_the_next_step(signed_in, language):
    frame, page = words(language, "frame"), signed_in.page
    signed_in.open()
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name=re.compile(signed_in.site.user)).click()
    page.get_by_role("menuitem", name=re.compile(rf"^(logout )?{frame['account']['signOut']}$")).click()
    title = words(language, "signIn")["title"]
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name=title)).to_be_visible()
    signed_in.refusals.clear()
