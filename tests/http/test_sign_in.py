"""Signing in through the real door: the cookie, what it opens, and whom it does not serve."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack

import httpx2
import pytest

from qianmian.http.application import OPEN_ROUTERS, routes
from qianmian.http.gate import OPEN_PATHS

HEADER = {"x-qianmian-console": "1"}
UNSAFE = sorted(
    f"{method} {route.path}"
    for route in routes()
    for method in route.methods
    if method not in {"GET", "HEAD"} and route not in [one for router in OPEN_ROUTERS for one in router.routes]
)


@pytest.fixture
def sign_in(site):
    """Opens a browser and signs it in; gives the browser and the answer."""
    with ExitStack() as open_browsers:

        def signed_in(**changed):
            client = httpx2.Client(base_url=site.url, timeout=60, headers=HEADER)
            browser = open_browsers.enter_context(client)
            return browser, browser.post("/api/session", json={"user": site.user, "password": site.password} | changed)

        yield signed_in


@pytest.fixture
def browser(sign_in):
    browser, answer = sign_in()
    assert answer.status_code == 200, answer.text
    return browser


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_do_not_get(site, sign_in):
    _, answer = sign_in()
    cookie = answer.headers["set-cookie"]
    assert re.match(r"qianmian_session=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=strict$", cookie)
    told = answer.json()
    assert (told["user"], told["shop"]["name"], told["shop"]["currency"]) == ("owner", "拾野集", "CNY")
    assert told["computed"]["build"] >= 1
    assert site.password not in answer.text


def test_a_signed_in_browser_sees_what_a_token_sees(browser, client):
    assert browser.get("/api/session").json()["user"] == "owner"
    assert client.get("/api/session").json()["user"] == ""
    assert browser.get("/api/tags/lifecycle").json() == client.get("/api/tags/lifecycle").json()
    size = {"condition": "orders_total > 0"}
    assert browser.post("/api/audiences/size", json=size).json() == client.post("/api/audiences/size", json=size).json()


def test_wrong_passwords_and_unknown_accounts_get_one_answer(sign_in):
    answers = [sign_in(**wrong)[1] for wrong in ({"password": "wrong"}, {"user": "nobody-here"})]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert "set-cookie" not in answers[0].headers


def test_too_many_tries_are_told_when_to_come_back(sign_in):
    for _ in range(5):
        sign_in(user="somebody-else", password="wrong")
    answer = sign_in(user="somebody-else", password="wrong")[1]
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 300


@pytest.mark.parametrize(
    "headers",
    [
        {"x-qianmian-console": "0"},
        HEADER | {"origin": "https://evil.example"},
        HEADER | {"origin": "null"},
        HEADER | {"sec-fetch-site": "cross-site"},
        HEADER | {"sec-fetch-site": "same-site"},
        HEADER | {"host": "evil.example:80", "origin": "http://evil.example:80"},
    ],
    ids=["no header", "origin", "no origin", "cross-site", "same-site", "rebound name"],
)
def test_another_sites_page_changes_nothing_with_the_cookie(browser, headers):
    assert len(UNSAFE) > 10
    for route in UNSAFE:
        method, path = route.split(" ")
        path = re.sub(r"\{\w+(:path)?\}", "1", path)
        answer = browser.request(method, path, headers=headers, json={})
        assert (route, answer.status_code, answer.json()["code"]) == (route, 403, "cross_site")


def test_another_sites_page_cannot_sign_somebody_in(site):
    body = {"user": site.user, "password": site.password}
    for headers in ({}, HEADER | {"origin": "https://evil.example"}):
        assert httpx2.post(f"{site.url}/api/session", json=body, headers=headers).json()["code"] == "cross_site"


def test_the_browsers_own_headers_pass(site, browser):
    headers = {"origin": site.url, "sec-fetch-site": "same-origin"}
    assert browser.post("/api/audiences/check", json={"condition": "x"}, headers=headers).status_code != 403


def test_a_made_up_cookie_opens_nothing(site):
    for secret in ("", "x", "'; DROP TABLE console_sessions; --", "A" * 4000):
        answer = httpx2.get(f"{site.url}/api/tags", headers={"cookie": f"qianmian_session={secret}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_a_wrong_token_is_not_saved_by_a_right_cookie(browser):
    assert browser.get("/api/tags", headers={"authorization": "Bearer wrong"}).json()["code"] == "token"


def test_signing_out_ends_this_browser_and_everywhere_ends_all(browser, sign_in):
    other, _ = sign_in()
    assert browser.delete("/api/session").json() == {"ended": 1}
    assert browser.get("/api/session").status_code == 401
    third, _ = sign_in()
    assert third.delete("/api/sessions").json()["ended"] >= 2
    for left in (other, third):
        assert left.get("/api/session").status_code == 401


def test_a_password_is_changed_and_other_browsers_leave(site, browser, sign_in):
    other, _ = sign_in()
    change = {"current": site.password, "new": "quite another one"}
    assert browser.put("/api/session/password", json=change | {"current": "wrong"}).status_code == 401
    assert browser.put("/api/session/password", json=change | {"new": "short"}).status_code == 422
    assert browser.put("/api/session/password", json=change).status_code == 200
    try:
        assert other.get("/api/session").status_code == 401
        assert browser.get("/api/session").status_code == 200
        assert sign_in()[1].status_code == 401
    finally:
        back = {"current": "quite another one", "new": site.password}
        assert browser.put("/api/session/password", json=back).status_code == 200


def test_a_token_is_made_shown_once_used_and_withdrawn(site, browser):
    made = browser.post("/api/tokens", json={"name": "till 1"}).json()
    with site.client(made["token"]) as program:
        assert program.get("/api/tags").status_code == 200
        assert program.get("/api/session").json()["user"] == "owner"
        for method, path, body in (
            ("POST", "/api/tokens", {"name": "more"}),
            ("DELETE", "/api/tokens/till%201", None),
            ("DELETE", "/api/sessions", None),
            ("PUT", "/api/session/password", {"current": "x", "new": "0123456789"}),
        ):
            assert program.request(method, path, json=body).json()["code"] == "sign_in", path
        listed = browser.get("/api/tokens")
        assert [(one["name"], one["shown"]) for one in listed.json()] == [("till 1", f"qm_…{made['token'][-4:]}")]
        assert made["token"] not in listed.text
        assert browser.delete("/api/tokens/till%201").json() == []
        assert program.get("/api/tags").status_code == 401


def test_the_log_holds_no_password_no_cookie_and_no_account(site, browser, sign_in):
    sign_in(user="li.ming.private", password="my secret words")
    written = site.log.read_text("utf-8")
    for value in (site.password, browser.cookies["qianmian_session"], "my secret words", "li.ming.private"):
        assert value not in written
    assert {"/api/session"} <= {json.loads(line).get("route") for line in written.splitlines()}


def test_every_open_path_holds_no_data():
    assert {"/healthz", "/readyz", "/api/openapi.json", "/csp-report"} == OPEN_PATHS


def test_a_source_is_made_rolled_and_disabled_by_who_signed_in_only(site, browser, client):
    asked = {"name": "web", "environment": "dev", "dialects": ["segment"]}
    assert client.post("/api/sources", json=asked).json()["code"] == "sign_in"
    made = browser.post("/api/sources", json=asked).json()
    assert client.post("/api/sources/web/key", json={}).json()["code"] == "sign_in"
    rolled = browser.post("/api/sources/web/key", json={"grace_hours": 1}).json()
    assert made["write_key"] != rolled["write_key"]
    listed = client.get("/api/sources")
    told = next(one for one in listed.json() if one["name"] == "web")
    assert (told["name"], told["environment"], told["dialects"]) == ("web", "dev", ["segment"])
    assert told["shown"] == f"qmw_…{rolled['write_key'][-4:]}"
    assert rolled["write_key"] not in listed.text
    assert client.post("/api/sources/web/disable").json()["code"] == "sign_in"
    disabled = browser.post("/api/sources/web/disable").json()
    assert [one["name"] for one in disabled if one["disabled_at"]] == ["web"]
    assert browser.post("/api/sources/app/key", json={}).status_code == 404
    assert browser.post("/api/sources", json={"name": "Web"}).status_code == 400
    for key in (made["write_key"], rolled["write_key"]):
        assert key not in site.log.read_text("utf-8")
