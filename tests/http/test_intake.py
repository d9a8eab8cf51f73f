"""What comes in by itself, at a real server: files that are dropped into a folder, rows of other databases."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

import qianmian
from qianmian.cli.access import new_account
from tests.app.intake.test_pulls import MAPPING, Erp
from tests.app.traces import EVENTS
from tests.cli.test_folders import ROW
from tests.databases import PostgreSQL
from tests.http.serving import running

PHONE = "13800138000"


@dataclass(frozen=True)
class Place:
    folder: Path
    log: Path
    client: httpx2.Client
    browser: httpx2.Client

    def folders(self) -> list[dict[str, object]]:
        return self.client.get("/api/folders").json()

    def files(self) -> dict[str, dict[str, object]]:
        return {told["file"]: told for told in self.client.get("/api/folders/till/files").json()}


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    """A new shop that looks every second, its server, and who asks: a program, and somebody who signed in."""
    shop = qianmian.init(folder / "shop", name="shop", memory_mib=512, look_seconds=1)
    token, password = shop.token(), new_account(shop, "owner")
    shop.close()
    with running(folder / "shop") as (url, log):
        headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
        console = {"x-qianmian-console": "1", "accept-language": "en"}
        with (
            httpx2.Client(base_url=url, headers=headers, timeout=60) as client,
            httpx2.Client(base_url=url, headers=console, timeout=60) as browser,
        ):
            assert browser.post("/api/session", json={"user": "owner", "password": password}).is_success
            yield Place(folder / "shop", log, client, browser)


@pytest.fixture(scope="module")
def erps(tmp_path_factory: pytest.TempPathFactory, postgres: PostgreSQL) -> dict[str, Erp]:
    """Databases of the shop by the variable that names them: a file of SQLite, and a real server."""
    schema = postgres.new()
    there = sa.make_url(schema.url).update_query_dict({"options": f"-csearch_path={schema.schema}"})
    file = sa.URL.create("sqlite", database=str(tmp_path_factory.mktemp("erp") / "s3cret.db"))
    return {"QIANMIAN_PULL_FILE": Erp(file), "QIANMIAN_PULL_SERVER": Erp(there)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, erps: dict[str, Erp]) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        for variable, erp in erps.items():
            patch.setenv(variable, erp.url)
        with opened(tmp_path_factory.mktemp("intake")) as place:
            yield place


def until(told, wanted):
    """Ask until the answer is as wanted, or half a minute is over."""
    for _ in range(300):
        if (answer := told()) == wanted:
            break
        time.sleep(0.1)
    return answer


def test_a_dropped_file_comes_in_by_itself_and_a_paused_folder_waits(place):
    asked = {"name": "till", "path": "till", "mapping": EVENTS}
    assert place.client.post("/api/folders", json=asked).json()["message"] == "no_tokens_here"
    assert place.browser.post("/api/folders", json=asked).json()["source"] == "shop"
    assert until(lambda: place.folders()[0]["problem"][:19], "'till' is not there") == "'till' is not there"
    drop = place.folder / "folders" / "till"
    drop.mkdir(parents=True)
    (drop / f"{PHONE}.jsonl").write_text(ROW)
    (drop / "bad.jsonl").symlink_to("nowhere")
    name = "138****8000.jsonl"
    assert until(lambda: place.files().get(name, {}).get("accepted"), 1) == 1
    assert until(lambda: place.files()["bad.jsonl"]["status"], "failed") == "failed"
    [listed] = place.folders()
    assert (listed["taken"], listed["failed"], listed["problem"]) == (1, 1, "")
    batch = place.files()[name]["batch"]
    assert place.client.get(f"/api/imports/{batch}").json()["file"] == name
    assert place.browser.patch("/api/folders/till", json={"is_paused": True}).json()["paused_at"]
    (drop / "later.jsonl").write_text(ROW.replace("e1", "e2"))
    time.sleep(2.5)  # two looks of a folder that is watched
    assert "later.jsonl" not in place.files()
    assert place.browser.patch("/api/folders/till", json={"is_paused": False}).json()["paused_at"] is None
    assert until(lambda: place.files().get("later.jsonl", {}).get("status"), "taken") == "taken"


def test_what_failed_is_tried_again_and_nothing_new_is_no_job(place):
    for _ in range(2):  # a link fails again before any job begins, and holds nobody up
        assert place.client.post("/api/folders/till/run").json()["message"] == "folder_nothing_new"


@pytest.mark.parametrize("variable", ["QIANMIAN_PULL_FILE", "QIANMIAN_PULL_SERVER"])
def test_a_pull_runs_when_it_is_due_and_when_somebody_asks(place, erps, variable):
    erp, name = erps[variable], variable.rpartition("_")[2].lower()
    mapping = MAPPING.replace("source: erp", f"source: {name}")
    erp.put(1, 10)
    asked = {"name": name, "url_variable": variable, "relation": "orders", "cursor_col": "changed", "overlap": 5}
    made = place.browser.post("/api/pulls", json={**asked, "every_minutes": 60, "mapping": mapping}).json()
    assert (made["every_minutes"], made["overlap"]) == (60, 5)

    def pull() -> dict[str, Any]:
        return next(one for one in place.client.get("/api/pulls").json() if one["name"] == name)

    def ended(runs: int) -> bool:
        told = place.client.get(f"/api/pulls/{name}/runs").json()
        return len(told) == runs and told[0]["ended_at"] is not None

    assert until(lambda: ended(1), True), "it is due as soon as it is declared"
    assert pull()["mark"] == "10"
    assert pull()["next_at"] > pull()["ran_at"]
    erp.put(2, 12)
    erp.put(3, 8)  # late
    assert place.client.post(f"/api/pulls/{name}/run").status_code == 202
    assert until(lambda: ended(2), True)
    runs = place.client.get(f"/api/pulls/{name}/runs").json()
    assert [(one["read"], one["accepted"], one["duplicates"]) for one in runs] == [(3, 2, 1), (1, 1, 0)]
    [batch] = runs[0]["batches"]
    assert place.client.get(f"/api/imports/{batch}").json()["accepted"] == 2
    nothing = place.client.post(f"/api/pulls/{name}/run").json()
    assert nothing["message"] == "pull_nothing_new"
    assert place.browser.patch(f"/api/pulls/{name}", json={"is_paused": True}).json()["next_at"] is None
    told = place.client.get("/api/pulls").text + place.log.read_text()
    assert all(secret not in told for secret in ("s3cret", "search_path", erp.url))


def test_a_pull_that_fails_says_why_and_keeps_its_secret(place, erps):
    asked = {"name": "gone", "url_variable": "QIANMIAN_PULL_FILE", "relation": "no_such_table", "mapping": MAPPING}
    place.browser.post("/api/pulls", json=asked)
    refused = place.client.post("/api/pulls/gone/run")
    assert (refused.status_code, "no_such_table" in refused.json()["what"]) == (400, True)
    [run] = place.client.get("/api/pulls/gone/runs").json()
    assert "the database refuses" in run["problem"]
    assert "s3cret" not in run["problem"] + refused.text


def test_a_template_does_as_a_mapping(place):
    known = {one["name"] for one in place.client.get("/api/imports/templates").json()}
    assert "taobao/order_lines" in known
    asked = {"name": "orders", "path": "orders", "template": "taobao/order_lines"}
    assert place.browser.post("/api/folders", json=asked).json()["source"] == "taobao"
    neither = place.browser.post("/api/folders", json={"name": "other", "path": "orders"}).json()
    assert neither["message"] == "folder_needs_mapping"
    assert [one["name"] for one in place.browser.delete("/api/folders/orders").json()] == ["till"]


def test_an_upload_of_the_past_is_marked(place):
    parts = {"file": ("old.jsonl", ROW.replace("e1", "old")), "mapping": ("shop.yaml", EVENTS)}
    made = place.client.post("/api/imports?backfill=true", files=parts).json()
    assert place.client.get(f"/api/imports/{made['batch']}").json()["is_backfill"] is True


def test_the_log_names_no_file(place):
    written = place.log.read_text()
    assert PHONE not in written
    assert "jsonl" not in written
    assert all(json.loads(line) for line in written.splitlines())
