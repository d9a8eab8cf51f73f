"""The account: tokens that open the API and are withdrawn, another password, and the way out everywhere."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def status(site, token):
    with site.client(token) as program:
        return program.get("/api/tags").status_code


def sure(page, label):
    page.locator(".ant-popconfirm").get_by_role("button", name=re.compile(label.replace(" ", r"\s*"))).last.click()


@BOTH_AND_LOOKS
def test_a_token_is_told_once_opens_the_api_and_is_withdrawn(signed_in, language, scheme, shots):
    said, page, name = words(language, "account")["tokens"], signed_in.page, f"report {language} {scheme}"
    signed_in.open("/system/account")
    page.get_by_label(said["name"], exact=True).fill(name)
    page.keyboard.press("Enter")
    secret = page.locator(".token-secret").inner_text()
    row = page.locator("tbody tr").filter(has_text=name)
    expect(row).to_contain_text(f"qm_…{secret[-4:]}")
    expect(row).to_contain_text(said["never"])
    assert status(signed_in.site, secret) == 200
    if shots:
        page.screenshot(path=shots)
    page.reload()
    expect(page.locator("tbody tr").filter(has_text=name)).not_to_contain_text(said["never"])
    assert secret not in page.content()

    row.get_by_role("button", name=said["withdrawOne"].replace("{{name}}", name)).click()
    sure(page, said["withdraw"])
    expect(page.locator("tbody tr").filter(has_text=name)).to_have_count(0)
    assert status(signed_in.site, secret) == 401
    assert name not in [one["name"] for one in asked(signed_in, "/api/tokens")]


@BOTH
def test_a_name_that_is_taken_is_refused_in_the_language_of_the_page(signed_in, language):
    said, page = words(language, "account")["tokens"], signed_in.page
    asked(signed_in, "/api/tokens", {"name": f"taken {language}"})
    signed_in.open("/system/account")
    page.get_by_label(said["name"], exact=True).fill(f"taken {language}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text({"zh-CN": "已有令牌", "en": "there is a token"}[language])
    assert signed_in.refusals == ["400 POST /tokens"]
    signed_in.refusals.clear()


@pytest.fixture
def with_password(signed_in):
    """Changes the password of the page's account, and back at the end, so that other tests may sign in."""
    site, page = signed_in.site, signed_in.page

    def change(current, new):
        headers = {"x-qianmian-console": "1"}
        body = {"current": current, "new": new}
        return page.request.put(f"{site.url}/api/session/password", data=body, headers=headers)

    new = "four words make it"
    yield new
    page.goto("about:blank")  # what a page asks while its session is renewed may be refused
    page.request.post(
        f"{site.url}/api/session", data={"user": site.user, "password": new}, headers={"x-qianmian-console": "1"}
    )
    assert change(new, site.password).ok


def fill(page, said, current, new, again):
    for label, text in ((said["current"], current), (said["new"], new), (said["again"], again)):
        page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")


def can_sign_in(browser, site, password):
    context = browser.new_context()
    answer = context.request.post(
        f"{site.url}/api/session", data={"user": site.user, "password": password}, headers={"x-qianmian-console": "1"}
    )
    context.close()
    return answer.ok


@BOTH
def test_after_a_change_the_old_password_fails_and_the_new_one_opens(signed_in, browser, language, with_password):
    said, page, site = words(language, "account")["password"], signed_in.page, signed_in.site
    signed_in.open("/system/account")
    fill(page, said, site.password, with_password, with_password)
    expect(page.get_by_role("status").filter(has_text=said["done"])).to_be_visible()
    assert not can_sign_in(browser, site, site.password)
    assert can_sign_in(browser, site, with_password)
    signed_in.open("/overview")  # this browser goes on
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_a_question_that_is_refused_while_the_session_is_renewed_is_asked_again(signed_in, language):
    said, page = words(language, "account")["tokens"], signed_in.page
    refusal = {"code": "sign_in", "what": "not signed in", "hint": ""}
    page.route("**/api/tokens", lambda route: route.fulfill(status=401, json=refusal), times=1)
    with page.expect_response(lambda answer: answer.url.endswith("/api/tokens") and answer.ok):
        signed_in.open("/system/account")
    expect(page.get_by_label(said["name"], exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert signed_in.refusals == ["401 GET /tokens"]
    signed_in.refusals.clear()


@BOTH
def test_a_wrong_password_and_two_that_differ_change_nothing(signed_in, browser, language):
    said, page, site = words(language, "account")["password"], signed_in.page, signed_in.site
    signed_in.open("/system/account")
    fill(page, said, site.password, "four words make it", "four words break it")
    expect(page.get_by_text(said["differs"])).to_be_visible()
    fill(page, said, "not this one", "four words make it", "four words make it")
    expect(page.get_by_role("alert").filter(has_text=said["wrong"])).to_be_visible()
    assert signed_in.refusals == ["401 PUT /session/password"]
    signed_in.refusals.clear()
    assert can_sign_in(browser, site, site.password)


def test_signing_out_everywhere_ends_the_other_browser_too(signed_in, browser, language):
    said, page, site = words(language, "account")["browsers"], signed_in.page, signed_in.site
    other = browser.new_context()
    headers = {"x-qianmian-console": "1"}
    body = {"user": site.user, "password": site.password}
    assert other.request.post(f"{site.url}/api/session", data=body, headers=headers).ok
    assert other.request.get(f"{site.url}/api/session").ok
    signed_in.open("/system/account")
    page.get_by_role("main").get_by_role("button", name=said["out"]).click()
    sure(page, said["out"])
    expect(page.get_by_role("heading", name=words(language, "signIn")["title"], exact=True)).to_be_visible()
    assert other.request.get(f"{site.url}/api/session").status == 401
    other.close()
    signed_in.refusals.clear()
