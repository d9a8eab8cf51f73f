"""Traffic over HTTP: what is set there holds for the events that come after it."""

from __future__ import annotations

import time

from tests.http.test_sources import Served, event, served

__all__ = ["served"]


def test_rules_and_marks_hold_for_what_comes_after_them(served: Served) -> None:
    client = served.client
    rules = {"text": "rules: [{reason: load_test, holds: [okjmeter]}]"}
    assert client.put("/api/traffic/rules", json=rules).json()["version"] == 1
    marked = client.post("/api/traffic/marked", json={"identifier": "tester-1", "note": "QA"}).json()
    agents = ("okjmeter/1", "curl/8", "Mozilla/5.0")
    told = [event(70 + number, context={"userAgent": agent}) for number, agent in enumerate(agents)]
    assert served.send(*told, event(79, userId="tester-1")) == 200
    for _ in range(100):
        if [one for one in client.get("/api/traffic").json()["sources"] if one["events"] >= 4]:
            break
        time.sleep(0.2)
    answer = client.get("/api/traffic").json()
    [source] = answer["sources"]
    assert {one["reason"]: one["events"] for one in source["flagged"]} == {"load_test": 1, "script": 1, "internal": 1}
    assert answer["own"]["text"] == rules["text"]
    assert client.get("/api/live", params={"traffic": "load_test"}).json()["events"][0]["event_id"] == "s-70"
    assert client.delete(f"/api/traffic/marked/{marked['node_id']}").json() == []
    assert client.delete(f"/api/traffic/marked/{marked['node_id']}").status_code == 404


def test_rules_that_are_none_are_refused_by_their_place(served: Served) -> None:
    answer = served.client.put("/api/traffic/rules", json={"text": "rules: [{reason: x}]"})
    assert answer.status_code == 422
    assert "rules.0.holds" in answer.text
