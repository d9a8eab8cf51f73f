"""The unmodified SDKs for browsers, in a real Chromium, from a page of another origin."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from tests.clients.conftest import HERE
from tests.clients.receiving import Received, lossy
from tests.clients.telling import SEGMENT, once
from tests.console.conftest import browser  # noqa: F401  # a fixture

SENSORS = Counter(["track"] * 9 + ["track_signup", "profile_set", "profile_set_once"])


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without telling of it."""

    def log_message(self, *told: Any) -> None:
        pass


@pytest.fixture(scope="module")
def pages(node: str) -> Iterator[str]:
    """A site of another origin, with the pages and the SDKs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=HERE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/speakers"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Any, pages: str) -> Iterator[Any]:  # noqa: F811
    """Opens a page with what it is asked; gives what it told."""
    context = browser.new_context()
    complaints: list[str] = []

    def open_(page: str, to: str, asked: str = "", errors: bool = False) -> str:
        tab = context.new_page()
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(f"{pages}/{page}.html?to={quote(to)}&{asked}")
        told: str = tab.evaluate("() => window.told")
        assert errors or complaints == []
        return told

    yield open_
    context.close()


@pytest.mark.parametrize("asked", ["", "batch"])
def test_every_event_of_segment_comes_once(received: Received, visit: Any, asked: str) -> None:
    anonymous = visit("segment_browser", received.url, asked)
    told = received.wait_for(SEGMENT.total())
    assert Counter(event["type"] for event in told) == SEGMENT
    assert len({event["messageId"] for event in told}) == len(told)
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
    assert {event["anonymousId"] for event in told if "anonymousId" in event} == {anonymous}
    said = {event.get("event"): event.get("properties") for event in told}
    assert said["Product Viewed"]["说"] == '😀 "a"&b=c+d%'
    assert said["Odd"]["cut"] == "\ufffd"


def test_every_event_of_rudderstack_comes_once(received: Received, visit: Any) -> None:
    anonymous = visit("rudder_browser", received.url)
    expected = SEGMENT - Counter(["screen"])  # this SDK has none
    told = received.wait_for(expected.total())
    assert Counter(event["type"] for event in told) == expected
    assert len({event["messageId"] for event in told}) == len(told)
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
    assert {event["anonymousId"] for event in told} == {anonymous}


@pytest.mark.parametrize("page", ["segment_browser", "rudder_browser"])
def test_after_a_lost_answer_the_same_ids_come_again(received: Received, visit: Any, page: str) -> None:
    expected = SEGMENT if page == "segment_browser" else SEGMENT - Counter(["screen"])
    with lossy(received.url, to_lose=1) as wire:
        visit(page, wire.url, errors=True)
        told = received.wait_for(expected.total() + 1)
        assert wire.lost == 1
    assert len(told) > expected.total()
    assert once(told) == expected


@pytest.mark.parametrize("send", ["image", "ajax", "beacon", "batch"])
def test_every_event_of_sensors_comes_once(received: Received, visit: Any, send: str) -> None:
    visit("sensors_browser", received.url, f"send={send}")
    told = received.wait_for(SENSORS.total())
    assert Counter(event["type"] for event in told) == SENSORS
    assert len({event["eventId"] for event in told}) == len(told)
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
    assert {event["project"] for event in told} == {"key-1"}
    assert sorted(event["properties"]["tap"] for event in told if event.get("event") == "Tapped") == list(range(6))
