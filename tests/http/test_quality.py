"""Quality of the data over HTTP: measured by a job, shown, looked after, and judged by other rules."""

from __future__ import annotations

from time import sleep

from tests.http.test_sources import Served, served

__all__ = ["served"]


def test_nothing_is_told_before_the_first_check_which_is_a_job(served: Served) -> None:
    client = served.client
    before = client.get("/api/quality").json()
    assert (before["checked_at"], before["fields"]) == (None, [])
    started = client.post("/api/quality/check")
    assert started.status_code == 202
    job = f"/api/jobs/{started.json()['job']}"
    while (told := client.get(job).json())["status"] == "running":
        sleep(0.05)
    assert (told["status"], told["kind"]) == ("done", "check")
    after = client.get("/api/quality").json()
    assert after["is_current"]
    assert after["checked_at"] is not None


def test_what_is_not_there_is_refused_by_its_name(served: Served) -> None:
    client = served.client
    answer = client.get("/api/quality/field", params={"source": "shop", "field": "colour"})
    assert (answer.status_code, "colour" in answer.json()["what"]) == (404, True)
    asked = {"source": "shop", "field": "total", "kind": "late", "by": "李雷"}
    assert client.put("/api/quality/acknowledged", json=asked).status_code == 404
    assert client.put("/api/quality/acknowledged", json={**asked, "by": " "}).status_code == 400


def test_rules_are_checked_applied_and_refused_by_their_place(served: Served) -> None:
    client, rules = served.client, {"text": "late_after_hours: 48"}
    before = client.get("/api/clean/rules").json()
    assert (before["own"], "bounds:" in before["built_in"]) == (None, True)
    checked = client.post("/api/clean/rules/check", json=rules).json()
    assert checked["differences"] == ["late_after_hours"]
    assert client.get("/api/clean/rules").json() == before
    applied = client.put("/api/clean/rules", json=rules).json()
    assert (applied["version"], applied["digest"]) == (1, checked["digest"])
    for method, path in (("PUT", "rules"), ("POST", "rules/check")):
        answer = client.request(method, f"/api/clean/{path}", json={"text": "\nlate_after_hours: soon"})
        assert answer.status_code == 422
        assert (answer.json()["line"], "late_after_hours" in answer.json()["what"]) == (2, True)
