"""Who is who over HTTP."""

from __future__ import annotations


def test_a_chain_is_told_in_the_language_asked_for_and_names_no_value(client, site):
    user, phone = site.names[0]["user_id"], site.names[0]["phone"]
    asked = {"a": f"phone:{phone}", "b": user}
    told = client.get("/api/identity/explain", params=asked, headers={"accept-language": "en"})
    assert told.status_code == 200
    assert phone not in told.text
    assert told.json()["verdict"] == "one_person"
    assert "signed in on" in told.json()["steps"][0]["words"]
    chinese = client.get("/api/identity/explain", params=asked, headers={"accept-language": "zh-CN"}).json()
    assert "登录" in chinese["steps"][0]["words"]
    person = client.get("/api/identity/explain", params={"a": user}).json()
    assert {one["id"] for one in person["identifiers"]} >= {step["end"] for step in person["steps"]}


def test_nobody_and_no_purpose_are_refused(client):
    assert client.get("/api/identity/explain", params={"a": "phone:13800138000"}).status_code == 404
    assert client.get("/api/identity/explain", params={"a": "u", "purpose": "curiosity"}).status_code == 403
    assert client.get("/api/identity/explain").status_code == 422


def test_whose_a_name_is_large_people_and_links_are_told(client, site):
    user, phone = site.names[0]["user_id"], site.names[0]["phone"]
    found = client.get("/api/identity/person", params={"namespace": "user_id", "value": user}).json()
    again = client.get("/api/identity/person", params={"namespace": "person", "value": found["person"]})
    assert again.json()["person"] == found["person"]
    assert client.get("/api/identity/person", params={"namespace": "phone", "value": "13800138000"}).status_code == 404
    large = client.get("/api/identity/large", params={"limit": 2}).json()
    assert large["total"] > 0
    assert large["people"][0]["hub"]["beside"] > 0
    links = client.get("/api/identity/links")
    assert links.headers["content-type"].startswith("text/csv")
    assert links.text.startswith("left,right,kind,rule,source,event_id,at\r\n")
    assert phone not in links.text
