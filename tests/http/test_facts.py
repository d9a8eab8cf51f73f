"""Facts over HTTP: a person's traits with who said what, the report, who is disputed, and the rules."""

from __future__ import annotations


def test_traits_tell_who_said_what(client, site):
    people = client.post("/api/people/search", json={"limit": 200}).json()["people"]
    told = (client.get(f"/api/people/{one['person']}/traits").json() for one in people)
    traits = next(one["traits"] for one in told if one["traits"])
    gender = next(one for one in traits if one["trait"] == "gender")
    assert gender["value"] in {"female", "male"}
    assert 0.5 < gender["confidence"] < 1
    assert any(said["counts"] and said["supports"] for said in gender["statements"])


def test_the_report_and_its_people_are_told(client, site):
    report = client.get("/api/facts/report").json()
    gender = next(one for one in report["traits"] if one["trait"] == "gender")
    assert 0 < gender["people"] <= report["people"]
    assert client.get("/api/facts/disputed/gender").json()["total"] == gender["disputed"]
    assert client.get("/api/facts/disputed/shoes").status_code == 404
    assert client.get("/api/facts/disputed/gender", params={"cursor": "x"}).status_code == 400
    assert client.get("/api/facts/report", params={"purpose": "curiosity"}).status_code == 403


def test_rules_are_shown_checked_and_what_is_wrong_names_its_line(client):
    told = client.get("/api/facts/rules").json()
    assert (told["own"], told["is_published"]) == (None, True)
    same = client.post("/api/facts/rules/check", json={"text": told["built_in"]}).json()
    assert same == {"digest": told["digest"], "differences": []}
    more = f"{told['built_in']}\n  height: {{kind: number, properties: [height]}}\n"
    assert client.post("/api/facts/rules/check", json={"text": more}).json()["differences"] == ["traits"]
    text = "trust:\n  crm: 2\n"
    for wrong in (
        client.put("/api/facts/rules", json={"text": text}, headers={"accept-language": "en"}),
        client.post("/api/facts/rules/check", json={"text": text}, headers={"accept-language": "en"}),
    ):
        assert wrong.status_code == 422
        assert (wrong.json()["line"], "0.01 to 0.99" in wrong.json()["what"]) == (2, True)
