"""The tracking plan over HTTP: a request of an SDK is judged by the running flusher, kept apart, and comes in later."""

from __future__ import annotations

import time
from urllib.parse import quote

import httpx2

PLAN = """
events:
  Parcel Weighed:
    properties:
      grams: {type: whole, required: true, unit: g}
      carrier: {type: text, personal: name}
"""


def sent(client, key, *events):
    batch = [{"type": "track", "messageId": f"pw-{n}", "userId": "u-1", **event} for n, event in enumerate(events)]
    answer = client.post("/v1/batch", json={"batch": batch}, auth=(key, ""))
    assert answer.status_code == 200


def write_key(site):
    """A source's key, made by somebody who signed in: no token makes one."""
    owner, page = {"user": site.user, "password": site.password}, {"x-qianmian-console": "1"}
    with httpx2.Client(base_url=site.url, headers=page) as browser:
        assert browser.post("/api/session", json=owner).status_code == 200
        return browser.post("/api/sources", json={"name": "scales"}).json()["write_key"]


def until(ask, is_so):
    for _ in range(300):
        told = ask()
        if is_so(told):
            return told
        time.sleep(0.2)
    raise AssertionError(told)


def test_a_deviating_event_is_kept_apart_and_comes_in_once_the_plan_has_it(client, site):
    key = write_key(site)
    assert client.put("/api/plan", json={"text": PLAN}).json()["version"] == 1
    chosen = client.put("/api/plan/mode", json={"mode": "strict", "source": "scales"}).json()
    assert (chosen["mode"], [one["mode"] for one in chosen["modes"]]) == ("observe", ["strict"])
    event = {"event": "Parcel Weighed"}
    sent(
        client,
        key,
        event | {"properties": {"grams": 500, "carrier": "欧阳长风"}},
        event | {"properties": {"grams": 1, "fragile": True}},
    )
    told = until(
        lambda: client.get("/api/plan").json(),
        lambda plan: any(one["events"] for one in plan["events"] if one["name"] == "Parcel Weighed"),
    )
    assert told["waiting"] == [{"source": "scales", "reason": "unplanned_property", "events": 1}]
    line = next(one for one in told["events"] if one["name"] == "Parcel Weighed")
    assert (line["events"], line["deviations"], line["properties"], line["sources"]) == (2, 1, 2, ["scales"])
    shown = client.get("/api/plan/event", params={"event": "Parcel Weighed"}).json()
    fragile = next(one for one in shown["properties"] if one["name"] == "fragile")
    assert (fragile["planned"], fragile["types"], fragile["sample"]) == (None, [{"type": "flag", "events": 1}], "true")
    chinese = client.get("/api/plan/quarantine", headers={"accept-language": "zh-CN"}).json()
    assert "埋点方案" in chinese[0]["detail"]
    assert "欧阳" not in client.get("/api/plan/violations").text
    assert (chinese[0]["event"], chinese[0]["source"]) == ("Parcel Weighed", "scales")
    looked = client.get("/api/plan/quarantine/event", params={"id": chinese[0]["id"]}).json()
    assert looked["content"]["properties"] == {"grams": 1, "fragile": True}
    assert client.get("/api/plan/quarantine/event", params={"id": "nothing:7"}).status_code == 404

    promoted = client.post("/api/plan/promote", json={"event": "Parcel Weighed", "property": "fragile"}).json()
    assert (promoted["version"], promoted["origin"]) == (2, "promoted")
    assert client.post("/api/plan/replay", json={"only": ["nothing"]}).status_code == 404
    replayed = client.post("/api/plan/replay", json={"only": [chinese[0]["id"]]}).json()
    assert replayed == {"read": 1, "stored": 1, "duplicates": 0, "waiting": 0}
    assert client.get("/api/plan").json()["waiting"] == []
    assert [one["version"] for one in client.get("/api/plan/history").json()] == [2, 1]


def test_what_is_no_plan_is_told_by_its_place(client):
    answer = client.put("/api/plan", json={"text": "events: {A: {properties: {b: strin}}}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "plan")
    assert "events.A.properties.b.type" in answer.json()["what"]
    assert client.post("/api/plan/check", json={"text": "[]"}).status_code == 422
    assert client.put("/api/plan/mode", json={"mode": "severe"}).status_code == 400
    assert client.post("/api/plan/starters", json={"names": ["nothing"]}).status_code == 404
    assert client.get(f"/api/plan/event?event={quote('Never Seen')}").status_code == 404


def test_the_starters_are_told_in_both_languages(client):
    told = client.get("/api/plan/starters").json()
    assert len(told) == 8
    assert all(one["title"]["en"] and one["title"]["zh"] and one["events"] for one in told)
