"""Decisions by hand over HTTP: seen, taken with a reason, listed with who took them, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.app.traces import Scene, trace
from tests.http.serving import running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder: Path = tmp_path_factory.mktemp("by-hand") / "shop"
    scene = Scene(folder)
    scene.take(
        [
            trace("Product Viewed", "2026-05-01", user="anna", anon="a-1"),
            trace("Product Viewed", "2026-05-02", phone="13900000001", anon="a-2"),
        ]
    )
    scene.shop.build()
    token = scene.shop.token()
    scene.shop.close()
    with (
        running(folder) as (url, _),
        httpx2.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60) as client,
    ):
        yield client


def test_a_merge_is_seen_taken_listed_and_undone(client: httpx2.Client) -> None:
    wish = {"kind": "merge", "one": "anna", "others": ["phone:13900000001"]}
    seen = client.post("/api/identity/decisions/preview", json=wish)
    assert seen.status_code == 200
    assert (seen.json()["people_before"], seen.json()["people_after"], seen.json()["events"]) == (2, 1, 1)
    assert client.get("/api/identity/decisions").json() == []
    made = client.post("/api/identity/decisions", json=wish | {"reason": "she showed her card"}).json()
    assert (made["decision"], made["stands"], made["is_published"]) == (1, True, False)
    assert made["others"][0] == {"id": made["others"][0]["id"], "namespace": "phone", "value": "139****0001"}
    assert client.post("/api/identity/decisions", json={"kind": "undo", "undoes": 1, "reason": "no"}).status_code == 200
    newest, first = client.get("/api/identity/decisions").json()
    assert (newest["kind"], newest["undoes"], first["undone_by"], first["stands"]) == ("undo", 1, 2, False)


def test_what_cannot_be_decided_is_refused(client: httpx2.Client) -> None:
    def status(**asked: object) -> int:
        return client.post("/api/identity/decisions", json=asked | {"reason": "x"}).status_code

    assert status(kind="merge", one="anna", others=[]) == 400
    assert status(kind="merge", one="anna", others=["anonymous_id:a-1"]) == 400
    assert status(kind="merge", one="anna", others=["nobody"]) == 404
    assert status(kind="split", one="anna", others=["anna"]) == 400
    assert status(kind="undo", undoes=99) == 404
    assert status(kind="split", one="anna", others=["anonymous_id:a-1"], since="soon") == 422
