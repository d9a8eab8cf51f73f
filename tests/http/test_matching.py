"""Matching over HTTP: off at first, applied with its author, refused by its place."""

from __future__ import annotations

from tests.http.test_sources import Served, served

__all__ = ["served"]
PATH = "/api/identity/matching"


def test_a_declaration_is_applied_planned_and_switched_off(served: Served) -> None:
    client = served.client
    before = client.get(PATH).json()
    assert (before["own"], before["earlier"]) == (None, [])
    assert client.post(f"{PATH}/plan").status_code == 400
    applied = client.put(PATH, json={"text": before["built_in"]}).json()
    assert applied["version"] == 1
    refused = client.post(f"{PATH}/plan")
    assert (refused.status_code, "match" in refused.json()["what"]) == (403, True)
    assert client.put(PATH, json={"text": " "}).json()["text"] == ""
    after = client.get(PATH).json()
    assert (after["own"], len(after["earlier"])) == (None, 2)


def test_a_declaration_that_is_none_is_refused_by_its_place(served: Served) -> None:
    answer = served.client.put(PATH, json={"text": "purpose: match\ncompare: [nam]"})
    assert (answer.status_code, answer.json()["line"]) == (422, 2)
