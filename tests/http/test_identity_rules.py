"""Identity rules over HTTP: tried before they hold, and refused by their place."""

from __future__ import annotations

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


def test_rules_that_are_none_are_refused_by_their_place(served: Served) -> None:
    for method, path in (("PUT", "rules"), ("POST", "rules/check"), ("POST", "simulate")):
        answer = served.client.request(method, f"/api/identity/{path}", json={"text": "\nlimits: {device: 3}"})
        assert answer.status_code == 422
        assert (answer.json()["line"], "limits.device" in answer.json()["what"]) == (2, True)
