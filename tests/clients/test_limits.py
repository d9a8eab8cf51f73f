"""Real clients beyond the limit of their source: they come again, or wait, and every event is stored once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import sensorsanalytics
from rudderstack.analytics.client import Client as Rudder
from segment.analytics.client import Client as Segment

import qianmian
from qianmian.app.arrivals import TAKEN, Arrivals, Sender
from qianmian.app.flusher import Flusher
from qianmian.app.sources import Sources
from qianmian.app.workspace import Workspace
from qianmian.lake.connection import fetch
from tests.http.serving import running

EVENTS = 60
#: Each batch of ten must wait a second for the one before it.
LIMITS = {"events_per_second": 10, "burst_events": 1}
Send = Callable[[str, str], None]


def segment(url: str, key: str) -> None:
    client = Segment(key, host=url, upload_size=10, upload_interval=0.05, timeout=15)
    for number in range(EVENTS):
        client.track("u-1", "Seen", {"number": number}, timestamp=datetime.now(UTC), message_id=f"segment-{number}")
    client.flush()
    client.join()


def rudder(url: str, key: str) -> None:
    client = Rudder(key, host=url, upload_size=10, upload_interval=0.05, timeout=15)
    for number in range(EVENTS):
        client.track("u-1", "Seen", {"number": number}, timestamp=datetime.now(UTC), message_id=f"rudder-{number}")
    client.flush()
    client.join()


def sensors(url: str, key: str) -> None:
    client = sensorsanalytics.SensorsAnalytics(sensorsanalytics.BatchConsumer(f"{url}/sa?project={key}", max_size=10))
    for number in range(EVENTS):
        client.track("u-1", "Seen", {"number": number}, is_login_id=True)
    client.flush()
    client.close()


CLIENTS: dict[str, Send] = {"segment": segment, "rudder": rudder, "sensors": sensors}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop to which every client sent more than it may at once, each as a source of its own."""
    folder = tmp_path_factory.mktemp("limits") / "shop"
    shop = qianmian.init(folder, name="shop")
    sources = Sources(shop.workspace.catalogue, shop.workspace.clock)
    keys = {name: sources.add(name, shop.workspace.entropy) for name in CLIENTS}
    for name in CLIENTS:
        sources.limit(name, LIMITS)
    shop.close()
    with running(folder) as (url, _):
        threads = [Thread(target=send, args=(url, keys[name]), daemon=True) for name, send in CLIENTS.items()]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 120
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        assert not any(thread.is_alive() for thread in threads)
    return folder


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Iterator[Workspace]:
    shop = qianmian.open(folder)
    Flusher(shop.workspace).flush_all()
    yield shop.workspace
    shop.close()


@pytest.mark.parametrize("name", CLIENTS)
def test_every_event_is_stored_once(workspace: Workspace, name: str) -> None:
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, "events") as connection:
        query = "SELECT CAST(properties->>'number' AS INTEGER) AS number FROM events WHERE source = $source"
        numbers = fetch(connection, query, {"source": name})["number"].to_pylist()
    assert sorted(numbers) == list(range(EVENTS))


@pytest.mark.parametrize(("name", "turned_away"), [("segment", True), ("rudder", True), ("sensors", False)])
def test_who_understands_it_was_told_to_come_again(workspace: Workspace, name: str, turned_away: bool) -> None:
    counts = Arrivals(workspace.catalogue, workspace.clock).answered(datetime(2020, 1, 1, tzinfo=UTC))
    by_status = {status: sums for (sender, status), sums in counts.items() if sender == Sender(name, "prod")}
    assert by_status[TAKEN].events == EVENTS
    assert set(by_status) == ({TAKEN, 429} if turned_away else {TAKEN})
