"""What the routes answer."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest

ORDERS = "order,at,user,total\nA1,2026-10-01 09:00,u-1,10.00\nA3,never,13800138000,30.00\n"
MAPPING = """
source: till
format: csv
event: {event_id: order, name: {value: Order Completed}, occurred_at: {column: at, format: "%Y-%m-%d %H:%M"},
  order_id: order, total: total}
identifiers: {user_id: user}
"""


def upload(client, orders=ORDERS, mapping=MAPPING, file="orders.csv", **params):
    files = {"file": (file, orders.encode()), "mapping": ("orders.yaml", mapping.encode())}
    return client.post("/api/imports", files=files, params=params)


def wait_for(client, job):
    for _ in range(600):
        told = client.get(f"/api/jobs/{job}").json()
        if told["status"] != "running":
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def test_a_person_is_the_same_by_every_name_and_names_the_build(client, site):
    user, phone = site.names[0]["user_id"], site.names[0]["phone"]
    told = client.get(f"/api/profiles/{user}")
    assert told.status_code == 200
    assert told.headers["cache-control"] == "no-store"
    profile = told.json()
    assert phone not in told.text
    assert {"build", "computed_at", "today", "snapshot"} <= profile["computed"].keys()
    assert client.get(f"/api/profiles/person:{profile['person']}").json()["tags"] == profile["tags"]
    views = next(tag for tag in profile["tags"] if tag["name"] == "views_30d")
    assert views["value"] == views["evidence"]["rows"]


def test_an_export_holds_the_persons_own_data_whole(client, site):
    user = site.names[0]["user_id"]
    told = client.get(f"/api/profiles/{user}/export").json()
    assert user in [known["value"] for known in told["identifiers"]]
    assert told["tables"]["events"]
    assert told["computed"]["build"] >= 1


def test_a_tag_covers_people_and_its_shares_add_up(client):
    definitions = client.get("/api/tags").json()
    assert {"lifecycle", "rfm"} <= {tag["name"] for tag in definitions}
    told = client.get("/api/tags/lifecycle").json()
    assert sum(share["people"] for share in told["shares"]) == told["covered"] == told["people"]
    assert told["computed"]["snapshot"]


def test_members_are_as_many_as_the_size_says(client):
    condition = {"condition": "orders_total >= 2 and did('Order Completed') >= 2"}
    size = client.post("/api/audiences/size", json=condition).json()
    members = client.post("/api/audiences/members", json=condition).json()
    assert 0 < size["size"] == members["size"] == len(set(members["members"])) < size["of_people"]
    some = client.post("/api/audiences/members", json={**condition, "limit": 2}).json()
    assert some["members"] == members["members"][:2]


def test_the_screens_questions_agree_with_each_other(client, site):
    overview = client.get("/api/overview").json()
    everybody = client.post("/api/people/search", json={"limit": 1}).json()
    assert overview["people"] == everybody["total"] == client.get("/api/coverage").json()["people"]
    stage = overview["lifecycle"][0]
    listed = client.post("/api/people/search", json={"condition": stage["condition"], "sort": "net_revenue"}).json()
    assert listed["total"] == stage["people"]
    assert {one["lifecycle"] for one in listed["people"]} == {stage["label"]}
    orders = client.get(f"/api/people/{site.person}/orders").json()
    [person] = client.post("/api/people/search", json={"name": site.person}).json()["people"]
    assert orders["total"] == person["orders_total"]
    sessions = client.get(f"/api/people/{site.person}/timeline", params={"limit": 50}).json()["sessions"]
    assert sessions[0]["ended_at"] == person["last_seen_at"]
    told = {overview["computed"]["build"], orders["computed"]["build"], everybody["computed"]["build"]}
    assert len(told) == 1


def test_a_condition_is_put_together_from_parts_and_its_mistakes_are_told(client):
    loyal = {"type": "compare", "name": "lifecycle", "operator": "=", "value": {"type": "text", "text": "loyal"}}
    bought = {"type": "did", "event": "Order Completed", "window": {"last_days": 7}, "times": 2}
    friends = {"type": "friends", "term": bought, "tied": {"kinds": ["invite"], "direction": "out"}}
    told = client.post("/api/audiences/write", json={"tree": {"type": "and", "terms": [loyal, friends]}}).json()
    text = "lifecycle = 'loyal' and friends(did('Order Completed', last='7d') >= 2, kind = 'invite', direction = 'out')"
    assert (told["text"], told["condition"], told["problems"]) == (text, text, [])
    assert client.post("/api/audiences/check", json={"condition": text}).json() == told
    assert told["sentence"].startswith("Lifecycle stage is loyal; and at least 1 of their friends (by invitation")
    wrong = {"tree": {"type": "or", "terms": [loyal, {"type": "null", "name": "lifecycel"}]}}
    told = client.post("/api/audiences/write", json=wrong).json()
    assert (told["text"], told["condition"]) == ("lifecycle = 'loyal' or lifecycel is null", None)
    assert told["tree"]["terms"][1] == {"type": "null", "name": "lifecycel"}
    assert "lifecycel" in told["problems"][0]["what"]
    hostile = {"type": "null", "name": "x is null or y"}
    assert client.post("/api/audiences/write", json={"tree": hostile}).status_code == 422


def test_a_conditions_mistake_is_placed_and_its_words_are_told(client):
    told = client.post("/api/audiences/check", json={"condition": "性别 = '女' and lifecycle = loyal"})
    assert told.status_code == 200
    assert told.json()["condition"] is None
    assert told.json()["problems"][0]["line"] == 1
    assert "lifecycle" in {tag["name"] for tag in client.get("/api/vocabulary").json()["tags"]}


def test_an_item_opens_the_people_who_bought_it(client):
    page = client.get("/api/goods", params={"limit": 20}).json()
    assert page["total"] >= len(page["goods"]) > 0
    items = [client.get(f"/api/goods/{one['source']}/{quote(one['item_id'], safe='')}").json() for one in page["goods"]]
    best = max(items, key=lambda one: one["buyers"]["people"])
    assert best["buyers"]["people"] > 0
    for who in (best["buyers"], best["viewers"]):
        size = client.post("/api/audiences/size", json={"condition": who["condition"]}).json()["size"]
        assert size == who["people"]
    assert best["history"][0] == best["item"]
    word = best["item"]["title"][:3]
    found = client.get("/api/goods", params={"text": word.upper()}).json()
    assert best["item"]["item_id"] in [one["item_id"] for one in found["goods"]]
    assert client.get("/api/goods", params={"text": "%' OR 1=1 --"}).json()["total"] == 0
    assert client.get("/api/goods/shop/nothing").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/profiles/nobody-by-this-name", None, 404, "unknown_name"),
        ("GET", "/api/profiles/..%2F..%2Fetc%2Fpasswd", None, 404, "unknown_name"),
        ("GET", "/api/profiles/person:13800138000", None, 400, "input"),
        ("GET", "/api/tags/nope", None, 404, "unknown_name"),
        ("GET", "/api/tags/lifecycle?purpose=ads", None, 403, "purpose"),
        ("GET", "/api/jobs/999999", None, 404, "unknown_name"),
        ("GET", "/api/jobs/one", None, 422, "input"),
        ("GET", "/api/imports/999999", None, 404, "unknown_name"),
        ("GET", "/api/nothing", None, 404, "unknown_path"),
        ("PATCH", "/api/tags", None, 405, "unknown_method"),
        ("POST", "/api/audiences/size", {"condition": "spend = "}, 422, "condition"),
        ("POST", "/api/audiences/size", {"wrong": "13800138000"}, 422, "input"),
        ("POST", "/api/erasures", {"names": ["nobody-by-this-name"]}, 404, "unknown_name"),
        ("PUT", "/api/purposes/Ads", {"basis": "consent"}, 400, "input"),
    ],
)
def test_an_error_has_its_status_and_one_shape(client, method, path, body, status, code):
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json().keys() == {"code", "message", "what", "hint"}
    assert answer.json()["code"] == code
    assert "13800138000" not in answer.text


def test_an_upload_is_tried_imported_listed_and_undone(client, site):
    dry = upload(client, dry_run=True).json()
    assert (dry["batch"], dry["accepted"], dry["refused_rows"]) == (0, 1, 1)
    assert client.get("/api/jobs?limit=1").json()[0]["kind"] == "dry_run"
    made = upload(client, file="../../../evil name.csv").json()
    assert client.get("/api/jobs?limit=1").json()[0]["kind"] == "import"
    batch = made["batch"]
    assert made["accepted"] == 1
    assert client.get(f"/api/imports/{batch}").json()["file"] == "evil_name.csv"
    assert batch in [row["batch"] for row in client.get("/api/imports").json()]
    refused = client.get(f"/api/imports/{batch}/refused")
    assert [row["reason"] for row in refused.json()] == ["bad_time"]
    assert "13800138000" not in refused.text
    assert client.post(f"/api/imports/{batch}/replay").json()["batch"] == 0
    assert client.post(f"/api/imports/{batch}/undo").json() == {"batch": batch, "stood": True}
    assert not list((site.shop / "data" / "uploads").iterdir())
    assert not list((site.shop / "data" / "spool").iterdir())
    assert [path.name for path in site.folder.rglob("*evil*")] == []


def test_a_preview_shows_rows_masked_and_keeps_nothing(client, site):
    files = {"file": ("orders.csv", ORDERS.encode()), "mapping": ("orders.yaml", MAPPING.encode())}
    before = client.get("/api/imports").json()
    told = client.post("/api/imports/preview", files=files, params={"rows": 2})
    assert [row["refused"] for row in told.json()] == ["", "bad_time"]
    assert "13800138000" not in told.text
    assert client.get("/api/imports").json() == before
    assert not list((site.shop / "data" / "uploads").iterdir())


def test_a_mapping_that_does_not_fit_is_refused(client):
    answer = upload(client, mapping=MAPPING.replace("column: at", "column: when"))
    assert (answer.status_code, answer.json()["code"]) == (422, "mapping")
    assert "when" in answer.json()["what"]


def test_a_build_goes_on_by_itself_and_only_one_at_a_time(client):
    before = client.get("/api/tags/lifecycle").json()["computed"]["build"]
    assert client.get("/api/builds/plan").json()["build"] == before + 1
    started = client.post("/api/builds")
    assert started.status_code == 202
    second = client.post("/api/builds")
    told = wait_for(client, started.json()["job"])
    assert told["status"] == "done"
    if second.status_code == 202:  # the first was done before the second came
        wait_for(client, second.json()["job"])
    else:
        assert (second.status_code, second.json()["code"]) == (409, "lease_held")
        assert client.get("/api/tags/lifecycle").json()["computed"]["build"] == before + 1


def test_an_erasure_is_planned_and_then_carried_out(client, site):
    names = {"names": [site.names[-1]["user_id"]]}
    plan = client.post("/api/erasures", json=names, params={"plan": True})
    assert (plan.status_code, plan.json()["job"]) == (200, None)
    assert client.get(f"/api/profiles/{names['names'][0]}").status_code == 200
    started = client.post("/api/erasures", json=names)
    assert started.status_code == 202
    assert wait_for(client, started.json()["job"])["status"] == "done"
    assert client.get(f"/api/profiles/{names['names'][0]}").status_code == 404


def test_an_audience_is_saved_changed_counted_deleted_and_brought_back(client):
    body = {"name": "多买的", "condition": "orders_total>=2", "note": "<b>x</b>"}
    made = client.post("/api/audiences", json=body).json()
    assert (made["condition"], made["created_by"]) == ("orders_total >= 2", "")
    assert made["people"] == client.post("/api/audiences/size", json=body).json()["size"]
    path = f"/api/audiences/{made['audience']}"
    assert client.get(path).json() == made
    assert client.post("/api/audiences", json=body).status_code == 400
    changed = client.patch(path, json={"condition": "orders_total >= 3"}).json()
    assert (changed["name"], changed["condition"]) == ("多买的", "orders_total >= 3")
    assert changed["people"] < made["people"]
    assert client.post(f"{path}/size").json() == changed
    assert client.delete(path).json()["deleted_at"]
    assert made["audience"] not in [one["audience"] for one in client.get("/api/audiences").json()]
    gone = client.get("/api/audiences", params={"deleted": True}).json()
    assert made["audience"] in [one["audience"] for one in gone]
    assert client.post(f"{path}/restore").json() == changed
    client.delete(path)
    for wrong in ({"name": "长" * 3_400}, {"name": ""}, {"condition": "orders_total >="}, {"note": "x" * 3_000}):
        assert client.patch(path, json=wrong).status_code in (400, 422), wrong
    assert client.get("/api/audiences/999").status_code == 404


def test_a_fixed_audience_its_changes_and_an_overlap_open_their_people(client):
    frozen = {"name": "固定", "condition": "orders_total >= 2", "kind": "fixed"}
    made = client.post("/api/audiences", json=frozen).json()
    number = made["audience"]
    assert (made["kind"], made["lists"]) == ("fixed", f"audience({number})")
    path = f"/api/audiences/{number}"
    assert client.patch(path, json={"condition": "orders_total >= 3"}).status_code == 400
    assert client.post(f"{path}/freeze").status_code == 400
    told = client.get(f"{path}/changes").json()
    [built] = told["builds"]
    assert built["build"] == made["frozen_in"] == told["last_build"] == told["computed"]["build"]
    [entered] = built["entered"]
    assert (entered["cause"], entered["people"], built["people"]) == ("definition", made["people"], made["people"])
    size = client.post("/api/audiences/size", json={"condition": entered["condition"]}).json()["size"]
    assert size == made["people"] > 0
    again = client.post("/api/audiences", json={"name": "动态", "condition": "orders_total >= 3"}).json()
    assert client.get(f"/api/audiences/{again['audience']}/changes").json()["builds"] == []
    frozen_later = client.post(f"/api/audiences/{again['audience']}/freeze").json()
    assert (frozen_later["kind"], frozen_later["people"]) == ("fixed", again["people"])
    asked = {"audience": [number, again["audience"]]}
    overlap = client.get("/api/audiences/overlap", params=asked).json()
    numbers = [*overlap["audiences"], *overlap["pairs"], *overlap["intersections"]]
    for one in numbers:
        size = client.post("/api/audiences/size", json={"condition": one["condition"]}).json()["size"]
        assert size == one["people"], one
    assert sum(one["people"] for one in overlap["intersections"]) == overlap["people"]
    assert client.get("/api/audiences/overlap", params={"audience": [1]}).status_code == 422
    assert client.get("/api/audiences/overlap", params={"audience": [number, number]}).status_code == 400
    for one in (number, again["audience"]):
        client.delete(f"/api/audiences/{one}")


def test_a_file_of_people_tells_how_many_it_holds_and_nothing_raw(client, site):
    told = client.post("/api/people/export", json={"condition": "orders_total > 0", "sort": "net_revenue"})
    listed = client.post(
        "/api/people/search", json={"condition": "orders_total > 0", "sort": "net_revenue", "limit": 200}
    ).json()
    assert told.headers["content-type"].startswith("text/csv")
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["x-qianmian-people"] == told.headers["x-qianmian-rows"] == str(listed["total"])
    rows = told.text.removeprefix("\ufeff").splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == [one["person"] for one in listed["people"]]
    assert not [name for name in site.names if name["phone"] in told.text]
    assert client.post("/api/people/export", json={"condition": "spend ="}).json()["code"] == "condition"


def test_what_sets_an_audience_apart_and_two_side_by_side_open_their_people(client):
    found = client.post("/api/audiences/insight", json={"condition": "orders_total >= 2", "limit": 3}).json()
    for one in found["typical"]:
        size = client.post("/api/audiences/size", json={"condition": one["condition_here"]}).json()["size"]
        assert size == one["here"]
    sides = client.post("/api/audiences/compare", json={"first": "orders_total >= 2", "tags": ["region"]}).json()
    assert sides["first"]["people"] == sides["both"] == found["people"]
    assert sides["second"] == {"condition": None, "people": found["of_people"]}
    some = client.get("/api/tags/region/values").json()["values"][0]
    assert client.post("/api/audiences/size", json={"condition": some["condition"]}).json()["size"] == some["people"]
    assert client.get("/api/tags/net_revenue/values").status_code == 400
