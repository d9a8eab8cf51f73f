"""Matching over HTTP: off at first, applied with its author, run as a job whose proposals wait for review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import httpx2
import pytest

from qianmian.world.members import make_members
from tests.app.test_matching import SILENT, taken
from tests.app.traces import Scene
from tests.http.serving import running

PATH = "/api/identity/matching"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A shop with the members of two registers, built."""
    folder: Path = tmp_path_factory.mktemp("matching") / "shop"
    scene = Scene(folder)
    taken(scene, make_members(100, seed=5))
    token = scene.shop.token()
    scene.shop.close()
    with (
        running(folder) as (url, _),
        httpx2.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60) as client,
    ):
        yield client


def test_a_declaration_is_checked_applied_run_as_a_job_and_switched_off(client: httpx2.Client) -> None:
    before = client.get(PATH).json()
    assert (before["own"], before["earlier"], before["last"]) == (None, [], None)
    for step in ("plan", "run"):
        assert client.post(f"{PATH}/{step}").status_code == 400
    text = {"text": before["built_in"]}
    assert {"purpose", "compare", "block"} < set(client.post(f"{PATH}/check", json=text).json()["differences"])
    assert client.put(PATH, json=text).json()["version"] == 1
    assert client.post(f"{PATH}/check", json=text).json()["differences"] == []
    for step in ("plan", "run"):  # a job that may not open anything does not even begin
        refused = client.post(f"{PATH}/{step}")
        assert (refused.status_code, "match" in refused.json()["what"]) == (403, True)
    assert client.get("/api/jobs").json()[0]["kind"] != "match"

    assert client.put("/api/purposes/match", json={"basis": "consent"}).status_code == 200
    plan = client.post(f"{PATH}/plan").json()
    assert plan["without_consent"] == len(SILENT)
    started = client.post(f"{PATH}/run")
    assert started.status_code == 202
    job = f"/api/jobs/{started.json()['job']}"
    while (told := client.get(job).json())["status"] == "running":
        sleep(0.05)
    assert (told["status"], told["kind"]) == ("done", "match")
    last = client.get(PATH).json()["last"]
    assert (last["job"], last["version"], last["records"]) == (told["job"], 1, plan["records"])
    assert sum(one["pairs"] for one in last["weights"] if one["weight"] >= last["threshold"]) >= last["total"] - 1
    assert [one["weight"] for one in last["weights"]] == sorted({one["weight"] for one in last["weights"]})
    pairs = client.get("/api/identity/review").json()["pairs"]
    assert len(pairs) == last["added"] == last["total"] > 10

    assert client.put(PATH, json={"text": " "}).json()["text"] == ""
    after = client.get(PATH).json()
    assert (after["own"], len(after["earlier"]), after["last"]) == (None, 2, last)


def test_a_declaration_that_is_none_is_refused_by_its_place(client: httpx2.Client) -> None:
    for method, path in (("PUT", PATH), ("POST", f"{PATH}/check")):
        answer = client.request(method, path, json={"text": "purpose: match\ncompare: [nam]"})
        assert (answer.status_code, answer.json()["line"]) == (422, 2)
