"""Clusters over HTTP: a job finds them, the last run is told, one becomes an audience."""

from __future__ import annotations

import time


def test_a_job_groups_people_and_a_cluster_is_saved(client):
    job = client.post("/api/clusters", json={"most": 4}).json()["job"]
    while (ended := client.get(f"/api/jobs/{job}").json())["status"] == "running":
        time.sleep(0.1)
    assert ended["status"] == "done", ended
    told = client.get("/api/clusters").json()
    assert max(one["clusters"] for one in told["tried"]) <= 4
    one = next(one for one in told["clusters"] if one["condition"])
    saved = client.post(f"/api/clusters/{one['cluster']}/save", json={"name": "同类"}).json()
    try:
        assert (saved["condition"], saved["people"], saved["kind"]) == (one["condition"], one["told"], "dynamic")
        again = client.post(f"/api/clusters/{one['cluster']}/save", json={"name": "同类"})
        assert (again.status_code, again.json()["message"]) == (400, "audience_exists")
    finally:
        client.delete(f"/api/audiences/{saved['audience']}")
