"""Patterns over HTTP: a job mines them, the library tells them, one is kept and becomes a tag."""

from __future__ import annotations

import time

CONDITION = "sequence(did('Product Viewed'), did('Order Completed'), within='7d')"


def test_a_job_mines_patterns_and_one_is_kept(client):
    job = client.post("/api/patterns", json={"longest": 2, "days": 400}).json()["job"]
    while (ended := client.get(f"/api/jobs/{job}").json())["status"] == "running":
        time.sleep(0.1)
    assert ended["status"] == "done", ended
    told = client.get("/api/patterns").json()
    assert (told["run"]["asked"]["longest"], told["run"]["levels"]) == (2, 2)
    assert len([one for one in told["patterns"] if one["origin"] == "built_in"]) >= 12
    kept = client.post("/api/patterns/keep", json={"pattern": CONDITION, "name": "看后下单"}).json()
    key = f"k{kept['pattern']}"
    try:
        shown = client.get(f"/api/patterns/{key}").json()
        size = client.post("/api/audiences/size", json={"condition": shown["pattern"]["condition"]}).json()["size"]
        assert (shown["pattern"]["people"], shown["reached"][-1]["people"]) == (size, size)
        tagged = client.post(f"/api/patterns/{key}/tag", json={"name": "pattern_viewed"}).json()
        assert client.get(f"/api/tag-definitions/{tagged['tag']}").json()["entry"]["select"] == tagged["select"]
        client.delete(f"/api/tag-definitions/{tagged['tag']}")
        again = client.post("/api/patterns/keep", json={"pattern": CONDITION, "name": "看后下单"})
        assert (again.status_code, again.json()["message"]) == (400, "pattern_exists")
    finally:
        assert client.delete(f"/api/patterns/{key}").json()["name"] == "看后下单"
