"""The door of tracked links: anybody is led on, nowhere but where it was declared."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.collect.wire.test_opened import DESKTOP
from tests.http.serving import LINK

PEOPLE = {"user-agent": DESKTOP}


def opened(client, code):
    return client.get(f"/api/links/{code}").json()["link"]["opened"]


def test_a_link_leads_on_without_a_token_and_is_counted_soon(client, site):
    before = opened(client, LINK)
    answer = httpx2.get(f"{site.url}/l/{LINK}", headers=PEOPLE)
    assert (answer.status_code, answer.content) == (302, b"")
    assert answer.headers["cache-control"] == "no-store"
    target = urlsplit(answer.headers["location"])
    assert (target.netloc, parse_qs(target.query)["from"]) == ("shop.example", ["code"])
    for _ in range(300):
        if opened(client, LINK) > before:
            break
        time.sleep(0.1)
    assert opened(client, LINK) == before + 1


def test_a_link_is_made_led_elsewhere_and_disabled(client, site):
    asked = {"target": "https://shop.example/a", "kind": "leader", "owner": "L-7", "words": {"medium": "group"}}
    made = client.post("/api/links", json=asked).json()
    assert made["address"] == f"http://127.0.0.1:8321/l/{made['code']}"
    here = f"{site.url}/l/{made['code']}"
    time.sleep(1)  # until an unknown code is looked for again
    assert httpx2.get(here).headers["location"].startswith("https://shop.example/a?utm_medium=group&qm_click=")
    changed = client.patch(f"/api/links/{made['code']}", json={"target": "https://shop.example/b"}).json()
    assert changed["target"] == "https://shop.example/b"
    assert client.patch(f"/api/links/{made['code']}", json={"is_disabled": True}).json()["disabled_at"]
    for _ in range(100):
        answer = httpx2.get(here, headers={"accept-language": "zh-CN"})
        if answer.status_code == 410:
            break
        time.sleep(0.1)
    assert (answer.status_code, answer.text) == (410, "这个链接已停用。")
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/l/", "/l/nope", "/l/..%2Fapi", "/l/%0d%0aset-cookie:a=1", f"/l/x/{LINK}"])
def test_what_is_no_link_leads_nowhere(site, path):
    answer = httpx2.get(site.url + path, params={"target": "https://evil.example"})
    assert (answer.status_code, "location" in answer.headers) == (404, False)


def test_a_caller_cannot_choose_where_a_link_leads(site):
    answer = httpx2.get(f"{site.url}/l/{LINK}", params={"target": "https://evil.example", "utm_source": "evil"})
    assert "evil" not in answer.headers["location"]


def test_a_wrong_method_is_named_and_a_head_is_no_opening(client, site):
    answer = httpx2.post(f"{site.url}/l/{LINK}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert httpx2.head(f"{site.url}/l/{LINK}", headers=PEOPLE).status_code == 302


def test_a_qr_code_comes_as_a_picture(client):
    drawn = client.get(f"/api/links/{LINK}/qr")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    png = client.get(f"/api/links/{LINK}/qr", params={"picture": "png", "pixels": 4})
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")
    assert client.get("/api/links/nope/qr").status_code == 404


def test_what_cannot_be_a_link_is_refused(client):
    answer = client.post("/api/links", json={"target": "javascript:alert(1)", "kind": "post"})
    assert (answer.status_code, answer.json()["message"]) == (400, "link_target")
