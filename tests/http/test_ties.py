"""Ties over HTTP: a person's, one with its events, and the kinds that the shop declares."""

from __future__ import annotations


def _somebody_with_ties(client, site) -> dict:
    for names in site.names:
        if user := names["user_id"]:
            person = client.get("/api/identity/person", params={"namespace": "user_id", "value": user}).json()["person"]
            told = client.get(f"/api/people/{person}/ties", params={"limit": 1}).json()
            if told["total"] > 1:
                return told
    raise AssertionError("nobody has ties")


def test_ties_are_listed_by_pages_and_told_with_their_events(client, site):
    first = _somebody_with_ties(client, site)
    person, other = first["person"], first["ties"][0]["person"]
    second = client.get(f"/api/people/{person}/ties", params={"limit": 1, "cursor": first["next"]}).json()
    assert second["ties"][0]["strength"] <= first["ties"][0]["strength"] <= 1
    told = client.get(f"/api/people/{person}/ties/{other}").json()
    assert told["strength"] == first["ties"][0]["strength"]
    assert all(one["first"]["event_id"] for one in told["kinds"])
    back = client.get(f"/api/people/{other}/ties/{person}").json()
    assert back["strength"] == told["strength"]


def test_nobody_no_purpose_and_no_kind_are_refused(client, site):
    person = _somebody_with_ties(client, site)["person"]
    assert client.get(f"/api/people/{person}/ties/{person}").status_code == 404
    assert client.get(f"/api/people/{person}/ties", params={"purpose": "curiosity"}).status_code == 403
    assert client.get(f"/api/people/{person}/ties", params={"kind": "friend"}).status_code == 400


def test_kinds_are_shown_and_what_is_wrong_names_its_line(client):
    told = client.get("/api/ties/kinds").json()
    assert told["own"] is None
    assert told["is_published"] is True
    assert "half_life_days" in told["built_in"]
    for method, path in (("PUT", ""), ("POST", "/check")):
        asked, english = {"text": "like:\n  weight: -1\n"}, {"accept-language": "en"}
        wrong = client.request(method, f"/api/ties/kinds{path}", json=asked, headers=english)
        assert wrong.status_code == 422
        assert (wrong.json()["line"], "above 0" in wrong.json()["what"]) == (2, True)
    other = {"text": "like:\n  weight: 7\n"}
    assert client.post("/api/ties/kinds/check", json=other).json()["differences"] == ["like"]
    assert client.post("/api/ties/kinds/check", json={"text": told["built_in"]}).json()["differences"] == []


def test_the_summary_tells_kinds_with_pairs_that_are_there(client):
    told = client.get("/api/ties/summary").json()
    kinds = {one["kind"]: one for one in told["kinds"]}
    assert kinds["like"]["people"] <= told["people"]
    [*_, pair] = kinds["like"]["strongest"]
    one = client.get(f"/api/people/{pair['person']}/ties/{pair['other']}").json()
    assert one["strength"] == pair["strength"]
    assert "like" in {tie["kind"] for tie in one["kinds"]}
