"""A source over HTTP: its events are seen arriving, each is accounted for, and who may set its limits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

import qianmian
from qianmian.app.access.accounts import OWNER
from qianmian.app.sources import Sources
from qianmian.cli.access import new_account
from tests.http.serving import running

PARTS = ("stored", "duplicates", "skipped", "refused", "waiting")


@dataclass(frozen=True)
class Served:
    """An empty shop with one source, its write key, and clients with a token and with a session."""

    url: str
    key: str
    client: httpx2.Client
    browser: httpx2.Client

    def send(self, *events: dict[str, object]) -> int:
        return httpx2.post(f"{self.url}/v1/batch", json={"batch": events}, auth=(self.key, "")).status_code

    def health(self) -> dict[str, object]:
        [one] = self.client.get("/api/sources/health").json()["sources"]
        return dict(one)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("sources") / "shop"
    shop = qianmian.init(folder, name="shop")
    key = Sources(shop.workspace.catalogue, shop.workspace.clock).add("web", shop.workspace.entropy)
    token, password = shop.token(), new_account(shop, OWNER)
    shop.close()
    with running(folder) as (url, _):
        bearer, own = {"authorization": f"Bearer {token}"}, {"x-qianmian-console": "1"}
        with (
            httpx2.Client(base_url=url, headers=bearer, timeout=60) as client,
            httpx2.Client(base_url=url, headers=own, timeout=60) as browser,
        ):
            assert browser.post("/api/session", json={"user": OWNER, "password": password}).status_code == 200
            yield Served(url, key, client, browser)


def event(number: int, **more: object) -> dict[str, object]:
    return {"type": "track", "event": "Seen", "messageId": f"s-{number}", "userId": "13700137000"} | more


def test_an_event_is_seen_arriving_and_each_is_accounted_for(served: Served) -> None:
    cursor = served.client.get("/api/live").json()["cursor"]
    assert served.send(event(1), event(2, timestamp="never")) == 200
    asked, english = {"source": "web", "cursor": cursor}, {"accept-language": "en"}
    for _ in range(20):  # another look may have been half a second ago
        answer = served.client.get("/api/live", params=asked, headers=english)
        if told := answer.json()["events"]:
            break
        time.sleep(0.2)
    assert [(one["event_id"], one["fate"], one["why"]) for one in told] == [
        ("s-2", "refused", "client_at: expected a time"),
        ("s-1", "stored", "it is taken in within seconds, unless it was there before"),
    ]
    assert "13700137000" not in answer.text
    one = served.health()
    assert (one["received"], sum(int(str(one[part])) for part in PARTS)) == (2, 2)


def test_a_limit_is_set_by_who_signed_in_only(served: Served) -> None:
    asked = {"events_per_day": 7}
    assert served.client.put("/api/sources/web/limits", json=asked).json()["code"] == "sign_in"
    assert served.browser.put("/api/sources/nobody/limits", json=asked).status_code == 404
    assert served.browser.put("/api/sources/web/limits", json={"events_per_second": -1}).status_code == 400
    told = served.browser.put("/api/sources/web/limits", json=asked).json()
    assert told["limits"] == {"events_per_second": None, "burst_events": None, "events_per_day": 7}
    assert served.health()["allowance"] == {"events_per_second": 0, "burst_events": 0, "events_per_day": 7}
    assert served.browser.put("/api/sources/web/limits", json={}).json()["limits"]["events_per_day"] is None


def test_meanings_of_consent_are_declared_by_who_signed_in_only(served: Served) -> None:
    asked = {"own": {"Club": "loyalty"}}
    assert served.client.put("/api/sources/web/consent", json=asked).json()["code"] == "sign_in"
    assert served.browser.put("/api/sources/nobody/consent", json=asked).status_code == 404
    assert served.browser.put("/api/sources/web/consent", json={"own": {"Club": "No Purpose"}}).status_code == 400
    assert served.browser.put("/api/sources/web/consent", json=asked).json()["own"] == {"Club": "loyalty"}
    told = served.client.get("/api/sources/web/consent").json()
    assert (told["own"], told["usual"]["ads"]) == ({"Club": "loyalty"}, "marketing")


def test_a_policy_for_personal_data_is_set_by_who_signed_in_only(served: Served) -> None:
    asked = {"policy": "refuse"}
    assert served.client.put("/api/sources/web/personal-data", json=asked).json()["code"] == "sign_in"
    assert served.browser.put("/api/sources/web/personal-data", json={"policy": "keep"}).status_code == 400
    assert served.browser.put("/api/sources/nobody/personal-data", json=asked).status_code == 404
    assert served.browser.put("/api/sources/web/personal-data", json=asked).json()["personal_data"] == "refuse"
    assert served.browser.put("/api/sources/web/personal-data", json={"policy": "mask"}).status_code == 200
