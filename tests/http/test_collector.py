"""The door of tracking SDKs, in front of another application."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from qianmian.collect.wire.contracts import Delivery
from qianmian.core.clock import FixedClock
from qianmian.core.errors import NotTakenError, TokenError
from qianmian.http.collector import Collector
from tests.collect.wire.requests import KEY, RECEIVED_AT, form

TRACK = b'{"type":"track","event":"Seen","messageId":"m-1","userId":"u-1"}'
BATCH = b'{"batch":[' + TRACK + b"]}"


class Heard:
    """An answer."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Site:
    """A collector whose deliveries are kept in a list."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.error: Exception | None = None
        self.collector = Collector(self._behind, self._accept, FixedClock(RECEIVED_AT), KEY)

    async def _accept(self, delivery: Delivery) -> None:
        if self.error:
            raise self.error
        self.deliveries.append(delivery)

    async def _behind(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def ask(self, method: str, path: str, *chunks: bytes, **headers: str) -> Heard:
        path, _, query = path.partition("?")
        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": told}
        waiting: Iterator[dict[str, Any]] = iter(
            [
                {"type": "http.request", "body": chunk, "more_body": n + 1 < len(chunks)}
                for n, chunk in enumerate(chunks)
            ]
            or [{"type": "http.request"}]
        )
        sent: list[dict[str, Any]] = []

        async def receive() -> Any:
            return next(waiting)

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.collector(scope, receive, send))
        return Heard(sent)


@pytest.fixture
def site() -> Site:
    return Site()


def test_success_is_exactly_200_with_a_small_object(site: Site) -> None:
    heard = site.ask("POST", "/v1/batch", BATCH[:9], BATCH[9:])
    assert (heard.status, heard.json) == (200, {"success": True})
    assert heard.headers["content-type"] == "application/json"
    assert [delivery.count for delivery in site.deliveries] == [1]


def test_what_is_no_address_of_an_sdk_goes_on(site: Site) -> None:
    assert [site.ask("GET", path).status for path in ("/", "/api/people", "/v1/projects/x", "/v2/batch")] == [418] * 4


def test_an_error_has_code_and_message_and_can_be_read_by_any_page(site: Site) -> None:
    heard = site.ask("POST", "/v1/batch", b"{", origin="https://shop.example.com")
    assert heard.status == 400
    assert (heard.json["code"], heard.json["message"]) == ("wire", "the body is not JSON.")
    assert heard.headers["access-control-allow-origin"] == "https://shop.example.com"
    assert heard.headers["access-control-expose-headers"] == "Retry-After"
    chinese = site.ask("POST", "/v1/batch", b"{", accept_language="zh-CN")
    assert chinese.json["message"] == "请求内容不是 JSON。"


def test_a_page_of_any_site_may_send(site: Site) -> None:
    asked = {"origin": "https://shop.example.com", "access_control_request_headers": "authorization,content-type"}
    heard = site.ask("OPTIONS", "/v1/t", **asked)
    assert 200 <= heard.status < 300
    assert heard.headers["access-control-allow-headers"] == "authorization,content-type"
    assert heard.headers["access-control-allow-origin"] == "https://shop.example.com"
    assert "POST" in heard.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("error", "status", "wait"),
    [
        (NotTakenError("not_taken", seconds=7), 503, "7"),
        (OSError(28, "no room"), 503, "5"),
        (TokenError("no_token"), 401, None),
    ],
)
def test_what_is_not_durable_is_never_acknowledged(site: Site, error: Exception, status: int, wait: str | None) -> None:
    site.error = error
    heard = site.ask("POST", "/v1/batch", BATCH)
    assert (heard.status, heard.headers.get("retry-after")) == (status, wait)
    assert heard.json["message"]
    assert "no room" not in heard.json["message"]


def test_a_large_body_is_cut_off_by_its_stated_and_by_its_true_size(site: Site) -> None:
    chunk = b" " * (1 << 20)
    assert site.ask("POST", "/v1/batch", content_length=str(5 << 20)).status == 413
    heard = site.ask("POST", "/v1/batch", *[chunk] * 6)
    assert (heard.status, heard.headers["connection"]) == (413, "close")
    assert site.deliveries == []


def test_a_connection_that_will_end_is_said_to_end(site: Site) -> None:
    assert site.ask("POST", "/sa", form([]), connection="close").headers["connection"] == "close"
    assert "connection" not in site.ask("POST", "/v1/batch", BATCH).headers


def test_settings_are_what_the_browsers_sdks_wait_for(site: Site) -> None:
    told = site.ask("GET", "/v1/projects/key-1/settings").json
    assert told["integrations"] == {"Segment.io": {"apiKey": "key-1"}}
    source = site.ask("GET", "/sourceConfig/?p=npm&writeKey=key-1").json["source"]
    assert (source["writeKey"], source["enabled"], source["destinations"]) == ("key-1", True, [])


def test_metrics_of_the_sdk_itself_are_taken_and_left(site: Site) -> None:
    assert site.ask("POST", "/v1/m", b'{"series":[]}').status == 200
    assert site.deliveries == []


def test_a_picture_is_answered_with_a_picture(site: Site) -> None:
    heard = site.ask("GET", "/sa.gif?" + form({"type": "track", "event": "Seen"}, "data", packed=False).decode())
    assert (heard.status, heard.headers["content-type"]) == (200, "image/gif")
    assert heard.body.startswith(b"GIF89a")
    assert [delivery.count for delivery in site.deliveries] == [1]


def test_a_rehearsal_stores_nothing_and_says_what_is_wrong(site: Site) -> None:
    sound, odd = form({"type": "track", "event": "Seen"}, "data"), form({"type": "look"}, "data")
    assert site.ask("POST", "/debug?project=shop", sound, dry_run="true").status == 200
    heard = site.ask("POST", "/debug?project=shop", odd, dry_run="true")
    assert heard.status == 400
    assert "track_signup" in heard.json["message"]
    assert site.deliveries == []
    assert site.ask("POST", "/debug?project=shop", sound).status == 200
    assert len(site.deliveries) == 1


def test_a_wrong_method_is_named(site: Site) -> None:
    heard = site.ask("GET", "/v1/batch")
    assert (heard.status, heard.headers["allow"]) == (405, "POST")
