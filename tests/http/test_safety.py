"""Who may ask, how much, what for; and what never leaves: in answers, in logs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx2
import pytest

import qianmian
from qianmian.http import console
from qianmian.http.application import ROUTERS, application, routes
from qianmian.http.gate import MOST_BYTES, OPEN_PATHS
from qianmian.unify.identity.match.matching import built_in_text
from tests.http.serving import LINK

#: Routes that tell nothing computed from people. Whatever is not named here must ask for a purpose.
NOT_DATA = {
    "POST /api/imports",
    "POST /api/imports/preview",
    "GET /api/imports",
    "GET /api/imports/templates",
    "GET /api/imports/{batch}",
    "POST /api/imports/{batch}/undo",
    "POST /api/imports/{batch}/replay",
    "GET /api/tags",
    "POST /api/erasures",
    "GET /api/purposes",
    "PUT /api/purposes/{name}",
    "DELETE /api/purposes/{name}",
    "GET /api/builds/plan",
    "POST /api/builds",
    "GET /api/jobs",
    "GET /api/jobs/{job}",
    "POST /api/jobs/{job}/cancel",
    "GET /healthz",
    "GET /readyz",
    "POST /api/session",
    "GET /api/session",
    "DELETE /api/session",
    "DELETE /api/sessions",
    "PUT /api/session/password",
    "GET /api/tokens",
    "POST /api/tokens",
    "DELETE /api/tokens/{name}",
    "GET /api/sources",
    "GET /api/sources/health",
    "GET /api/plan",
    "GET /api/plan/event",
    "GET /api/plan/violations",
    "GET /api/plan/quarantine",
    "GET /api/plan/history",
    "GET /api/plan/starters",
    "POST /api/plan/check",
    "PUT /api/plan",
    "POST /api/plan/starters",
    "POST /api/plan/promote",
    "PUT /api/plan/mode",
    "POST /api/plan/replay",
    "PUT /api/sources/{name}/limits",
    "PUT /api/sources/{name}/consent",
    "PUT /api/sources/{name}/personal-data",
    "PUT /api/traffic/rules",
    "PUT /api/identity/rules",
    "PUT /api/identity/matching",
    "PUT /api/ties/kinds",
    "PUT /api/facts/rules",
    "POST /api/tag-definitions/text/read",
    "POST /api/tag-definitions/text/write",
    "PUT /api/tag-definitions/text",
    "PUT /api/tag-definitions/{name}",
    "DELETE /api/tag-definitions/{name}",
    "PUT /api/clean/rules",
    "POST /api/quality/check",
    "PUT /api/quality/acknowledged",
    "POST /api/traffic/marked",
    "DELETE /api/traffic/marked/{node_id}",
    "POST /api/sources",
    "POST /api/sources/{name}/key",
    "POST /api/sources/{name}/disable",
    "GET /api/pulls",
    "POST /api/pulls",
    "POST /api/pulls/{name}/run",
    "DELETE /api/pulls/{name}",
    "PATCH /api/pulls/{name}",
    "GET /api/pulls/{name}/runs",
    "GET /api/folders",
    "POST /api/folders",
    "GET /api/folders/{name}/files",
    "PATCH /api/folders/{name}",
    "POST /api/folders/{name}/run",
    "DELETE /api/folders/{name}",
    "POST /api/links",
    "PATCH /api/links/{code}",
    "GET /api/links/{code}/qr",
    "DELETE /api/patterns/{pattern}",
    "PATCH /api/campaigns/{campaign}",
    "DELETE /api/campaigns/{campaign}",
    "POST /api/campaigns/{campaign}/send",
    "POST /api/campaigns/{campaign}/file",
    "PATCH /api/syncs/{sync}",
    "DELETE /api/syncs/{sync}",
    "POST /api/syncs/{sync}/decision",
    "POST /api/syncs/{sync}/run",
}
#: What is asked of a thing that this shop does not have, or of none.
NOT_HERE = {
    "GET /api/audiences/overlap": 422,
    "GET /api/metrics/{name}": 404,
    "GET /api/journeys/person": 422,
    "POST /api/clusters": 400,
    "POST /api/clusters/{cluster}/save": 404,
    "POST /api/patterns": 404,
    "POST /api/patterns/keep": 404,
    "GET /api/patterns/{pattern}": 404,
    "POST /api/patterns/{pattern}/tag": 404,
    "GET /api/plan/quarantine/event": 422,
    "GET /api/sources/{name}/consent": 404,
    "GET /api/identity/explain": 422,
    "GET /api/identity/person": 422,
    "POST /api/identity/decisions": 404,
    "POST /api/identity/decisions/preview": 404,
    "POST /api/identity/review/{number}": 404,
    "POST /api/identity/review/{number}/preview": 404,
    "POST /api/identity/matching/plan": 400,
    "POST /api/identity/matching/run": 400,
    "GET /api/people/{person}/ties/{other}": 404,
    "GET /api/quality/field": 422,
    "GET /api/tag-history/{name}/person": 422,
    "GET /api/tag-history/{name}/flow/people": 422,
    "POST /api/tag-definitions/{name}/try": 422,
    "GET /api/quality/examples": 422,
    "GET /api/campaigns/{campaign}": 404,
    "GET /api/campaigns/{campaign}/plan": 404,
    "GET /api/campaigns/{campaign}/report": 404,
    "GET /api/syncs/{sync}": 404,
    "GET /api/clean/flags": 422,
    "GET /api/clean/filled": 422,
}
ROUTES = {f"{method} {route.path}": route for route in routes() for method in route.methods}
DATA = sorted(ROUTES.keys() - NOT_DATA)
UNDO = {"kind": "undo", "undoes": 999_999, "reason": "asked once"}
BODIES = {
    "/api/metrics/values": {"names": ["orders"]},
    "/api/identity/decisions": UNDO,
    "/api/identity/decisions/preview": UNDO,
    "/api/identity/review/999999": {"verdict": "accept", "reason": "asked once"},
    "/api/identity/review/999999/preview": {"verdict": "accept"},
    "/api/identity/rules/check": {"text": ""},
    "/api/identity/simulate": {"text": ""},
    "/api/clean/rules/check": {"text": ""},
    "/api/identity/matching/check": {"text": built_in_text()},
    "/api/ties/kinds/check": {"text": ""},
    "/api/facts/rules/check": {"text": ""},
    "/api/tag-definitions/text/check": {"text": ""},
    "/api/tag-definitions/lifecycle/try": {"entry": {"kind": "statistic", "title": "n"}},
    "/api/clusters": {"measures": ["lifecycle", "views_30d"]},
    "/api/clusters/999999/save": {},
    "/api/patterns": {"outcome": "No Such Event"},
    "/api/patterns/keep": {"pattern": "m999999", "name": "asked once"},
    "/api/patterns/m999999/tag": {},
    "/api/campaigns": {"name": "a", "condition": "orders_total > 0", "purpose": "operate"},
    "/api/syncs": {"name": "a", "tags": ["orders_total"], "sink": "crm", "purpose": "operate"},
    "/api/audiences/clauses": {"condition": "orders_total > 0"},
    "/api/audiences/size": {"condition": "orders_total > 0"},
    "/api/audiences/members": {"condition": "orders_total > 0"},
    "/api/audiences/check": {"condition": "orders_total > 0"},
    "/api/audiences/write": {"tree": {"type": "null", "name": "preferred_category"}},
    "/api/audiences/insight": {"condition": "orders_total > 0"},
    "/api/audiences/lookalike": {"condition": "orders_total > 0", "people": 20},
    "/api/audiences/compare": {"first": "orders_total > 0"},
    "/api/audiences": {"condition": "orders_total > 0", "name": "asked once"},
    "/api/audiences/1": {"note": "n"},
    "/api/people/search": {"condition": "orders_total > 0"},
    "/api/people/export": {"condition": "orders_total > 0"},
    "/api/people/recent": {"name": "u-1"},
}


def asked(route: str, site) -> tuple[str, str]:
    """Method and path of a route with its gaps filled."""
    method, path = route.split(" ")
    fill = {
        "source": site.item[0],
        "item": site.item[1],
        "person": site.person,
        "name": site.names[0]["user_id"] if "profiles" in path else "lifecycle",
        "batch": "2",
        "audience": "1",
        "campaign": "999999",
        "sync": "999999",
        "cluster": "999999",
        "pattern": "m999999",
        "job": "1",
        "code": LINK,
        "node_id": "1",
        "number": "999999",
        "other": site.person,
        "trait": "gender",
    }
    return method, re.sub(r"\{(\w+)(:path)?\}", lambda gap: fill[gap[1]], path)


def test_the_list_of_routes_without_people_names_real_routes_only():
    assert ROUTES.keys() > NOT_DATA
    assert len(DATA) >= 15


@pytest.mark.parametrize("route", sorted(ROUTES))
@pytest.mark.parametrize("token", ["", "wrong", "wröng"])
def test_no_route_answers_without_the_token(site, route, token):
    method, path = asked(route, site)
    headers = {"authorization": f"Bearer {token}".encode()} if token else {}
    answer = httpx2.request(method, f"{site.url}{path}", json=BODIES.get(path), headers=headers)
    if path in OPEN_PATHS:
        assert answer.json() == {"status": "ok"}
        return
    if route == "POST /api/session":
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        return
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == ("token" if token else "sign_in")


def test_without_the_purpose_every_route_that_tells_of_people_refuses(site, client):
    for purpose in ("analyse", "operate"):
        assert client.delete(f"/api/purposes/{purpose}").status_code == 200
    try:
        for route in DATA:
            method, path = asked(route, site)
            answer = client.request(method, path, json=BODIES.get(path))
            assert (route, answer.status_code, answer.json()["code"]) == (route, 403, "purpose")
    finally:
        for purpose, basis in (("analyse", "consent"), ("operate", "contract")):
            client.put(f"/api/purposes/{purpose}", json={"basis": basis})
    for route in DATA:
        method, path = asked(route, site)
        assert client.request(method, path, json=BODIES.get(path)).status_code == NOT_HERE.get(route, 200), route


def test_a_purpose_of_the_callers_own_is_checked_by_name(site, client):
    for route in DATA:
        method, path = asked(route, site)
        answer = client.request(method, path, json=BODIES.get(path), params={"purpose": "advertise"})
        assert (route, answer.status_code) == (route, 403)


def test_the_log_tells_routes_and_never_a_name_or_the_token(site, client):
    user, phone = site.names[1]["user_id"], site.names[1]["phone"]
    secret = "no such person 名字"
    for name in (user, f"phone:{phone}", secret):
        client.get(f"/api/profiles/{quote(name)}")
        client.get(f"/api/profiles/{quote(name)}/export", params={"purpose": name[:50]})
        client.post("/api/erasures", json={"names": [name]}, params={"plan": True})
        client.get(f"/{quote(name)}")
    httpx2.get(f"{site.url}/api/tags", headers={"authorization": f"Bearer {user}"})
    written = site.log.read_bytes()
    for value in (user, phone, secret, quote(secret), site.token):
        assert value.encode() not in written, value
    lines = [json.loads(line) for line in written.splitlines()]
    assert "/api/profiles/{name:path}" in {line.get("route") for line in lines}
    told = {line["route"] for line in lines if line["event"] == "request"}
    assert told <= {route.path for route in (*routes(), *console.router.routes)} | {"none", "open"}


def test_a_body_beyond_the_limit_is_refused_stated_or_not(site, client):
    big = b'{"condition": "' + b" " * MOST_BYTES + b'"}'
    stated = client.post("/api/audiences/size", content=big)
    assert (stated.status_code, stated.json()["code"]) == (413, "too_large")
    pieces = (big[at : at + 65536] for at in range(0, len(big), 65536))
    unstated = client.post("/api/audiences/size", content=pieces, headers={"content-type": "application/json"})
    assert unstated.status_code == 413
    with site.client("wrong") as stranger:
        assert stranger.post("/api/imports", content=b"x" * 4_000_000).status_code == 401


async def _ask(app, token: str, method: str, path: str, **body) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=app)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop", headers=headers) as client:
        return await client.request(method, path, **body)


def test_an_upload_beyond_its_limit_is_refused_while_it_comes(site):
    shop = qianmian.open(site.shop)
    app = application(shop, most_upload=10_000)
    files = {"file": ("orders.csv", b"x" * 20_000), "mapping": ("orders.yaml", b"source: till")}
    answer = anyio.run(lambda: _ask(app, site.token, "POST", "/api/imports", files=files))
    shop.close()
    assert answer.status_code == 413


def test_the_unexpected_tells_its_kind_only(site, capfd):
    shop = qianmian.open(site.shop)
    app = application(shop)

    def broken() -> None:
        raise KeyError("13800138000")

    app.add_api_route("/api/broken", broken, tags=["broken"])
    app.router.routes.insert(0, app.router.routes.pop())  # before the console's page, which answers what is left
    answer = anyio.run(lambda: _ask(app, site.token, "GET", "/api/broken"))
    shop.close()
    assert answer.status_code == 500
    assert answer.json()["what"] == "unexpected KeyError."
    written = capfd.readouterr()
    assert "13800138000" not in answer.text + written.out + written.err


def test_every_route_is_documented_with_its_answer_and_its_errors(client, root: Path):
    schema = client.get("/api/openapi.json").json()
    page = (root / "docs/reference/api.md").read_text("utf-8")
    for name in ROUTES:
        method, path = name.replace(":path", "").split(" ")
        told = schema["paths"][path][method.lower()]
        assert told["summary"], name
        assert told["responses"]["200" if "200" in told["responses"] else "202"]["content"], name
        assert f"## {method} {path}\n" in page
        if path not in OPEN_PATHS and name != "POST /api/session":
            assert {"401", "422", "500"} <= told["responses"].keys(), name
            assert told["security"], name
    models = schema["components"]["schemas"]
    silent = [
        f"{model}.{field}"
        for model, told in models.items()
        if not model.startswith(("HTTPValidation", "ValidationError"))
        for field, one in told.get("properties", {}).items()
        if "description" not in one and "$ref" not in one
    ]
    assert silent == []


def test_only_the_loopback_address_is_served(site):
    assert site.url.startswith("http://127.0.0.1:")
    assert len(ROUTERS) == 35
