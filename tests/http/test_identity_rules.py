"""Identity rules over HTTP: tried before they hold, and refused by their place."""

from __future__ import annotations

import json

import httpx2

from tests.http.serving import Site
from tests.http.test_sources import Served, served

__all__ = ["served"]
RULES = {"text": "limits: {device: {most: 3}}"}


def test_rules_are_checked_tried_and_applied(served: Served) -> None:
    client = served.client
    before = client.get("/api/identity/rules").json()
    assert (before["own"], before["earlier"]) == (None, [])
    assert "holds_days" in before["built_in"]
    checked = client.post("/api/identity/rules/check", json=RULES).json()
    assert checked["differences"] == ["limits"]
    tried = client.post("/api/identity/simulate", json=RULES).json()
    assert tried["people_before"] == tried["people_after"]
    assert client.get("/api/identity/rules").json() == before
    applied = client.put("/api/identity/rules", json=RULES).json()
    assert (applied["version"], applied["digest"], applied["is_published"]) == (1, checked["digest"], False)
    assert client.get("/api/identity/rules").json()["own"]["text"] == RULES["text"]


def test_a_simulation_tells_who_changes_with_masked_names_and_writes_nothing(client: httpx2.Client, site: Site) -> None:
    strict = {"text": "limits: {user_id: {most: 1}, anonymous_id: {most: 1}, device: {most: 1}}"}
    jobs, user = client.get("/api/jobs").json(), site.names[0]["user_id"]
    found = client.post("/api/identity/simulate", json=strict | {"people": [user]}).json()
    assert found["people_after"] > found["people_before"] > 0
    assert (found["changed"] >= found["splits"] > 0, found["merges"]) == (True, 0)
    person = client.get("/api/identity/person", params={"namespace": "user_id", "value": user}).json()["person"]
    [asked] = found["named"]
    assert (asked["person_id"], bool(asked["names"])) == (person, True)
    raw = [name for names in site.names for name in (names["phone"], names["user_id"]) if name]
    assert not [value for value in raw if value in json.dumps(found)]
    assert found["audiences"]
    assert all(0 < one["changed"] <= one["people"] for one in found["audiences"])
    assert client.get("/api/jobs").json() == jobs
    assert client.get("/api/identity/rules").json()["own"] is None
    unknown = client.post("/api/identity/simulate", json=strict | {"people": ["nobody-at-all"]})
    assert unknown.status_code == 404


def test_rules_that_are_none_are_refused_by_their_place(served: Served) -> None:
    for method, path in (("PUT", "rules"), ("POST", "rules/check"), ("POST", "simulate")):
        answer = served.client.request(method, f"/api/identity/{path}", json={"text": "\nlimits: {device: 3}"})
        assert answer.status_code == 422
        assert (answer.json()["line"], "limits.device" in answer.json()["what"]) == (2, True)
