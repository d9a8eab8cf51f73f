"""What was acknowledged becomes events, each once: whatever dies, comes twice, or cannot be used."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.lease import BRIEF, Lease
from qianmian.app.supervised import Supervised
from qianmian.app.taken import Counts, Taken
from qianmian.collect.journal.entries import Delivery, Entry, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.collect.seen import SeenEvents
from qianmian.collect.wire.contracts import Request
from qianmian.collect.wire.doors import read
from qianmian.core.clock import FixedClock
from tests.app.traces import NOW, Scene

SENT = "2026-06-01T03:59:59Z"


def track(number: int, **more: Any) -> dict[str, Any]:
    """A message of Segment's protocol."""
    at = datetime(2026, 5, 30, 3, tzinfo=UTC) + timedelta(minutes=number)
    known = {"type": "track", "messageId": f"m-{number}", "event": "Product Viewed", "userId": f"u{number % 3}"}
    return known | {"timestamp": at.isoformat(), "properties": {"product_id": "i1"}} | more


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def received(scene: Scene, *requests: Request, source: str = "web", environment: str = "prod") -> None:
    """What the door does with requests: each delivery is acknowledged only once it is on disk."""
    workspace = scene.shop.workspace

    async def append() -> None:
        folder = JournalFolder(workspace.data / "journal")
        writer = JournalWriter(folder, workspace.keys, workspace.clock, workspace.entropy)
        for request in requests:
            told = read(request, NOW, workspace.keys.journal)
            head = {"dialect": told.dialect, "source": source, "environment": environment, "received_at": NOW}
            refused = [
                Delivery(**head, count=1, lines=one.raw.encode(), reason=str(one.reason)) for one in told.refused
            ]
            await writer.append(Delivery(**head, count=told.count, lines=told.lines), *refused)
        await writer.close()

    asyncio.run(append())


def batch(*messages: dict[str, Any]) -> Request:
    body = json.dumps({"batch": messages, "sentAt": SENT}, ensure_ascii=False).encode()
    return Request("POST", "/v1/batch", b"", {}, body)


def form(*events: dict[str, Any]) -> Request:
    data = base64.b64encode(json.dumps(events).encode()).decode().replace("+", "%2B").replace("=", "%3D")
    return Request("POST", "/sa", b"project=shop", {}, f"data_list={data}".encode())


def flushed(scene: Scene, flusher: Flusher | None = None) -> Counts:
    return (flusher or Flusher(scene.shop.workspace)).flush_all().counts


def ids(scene: Scene) -> list[str]:
    return sorted(row["event_id"] for row in scene.rows("events"))


def test_what_was_acknowledged_is_in_the_lake_once(scene: Scene) -> None:
    received(scene, batch(track(1), track(2)), batch(track(2), track(3)), batch(track(3)))
    assert flushed(scene) == Counts(received=5, stored=3, duplicates=2)
    assert ids(scene) == ["m-1", "m-2", "m-3"]
    received(scene, batch(track(1), track(4)))
    assert flushed(scene) == Counts(received=2, stored=1, duplicates=1)
    assert flushed(scene) == Counts()
    assert Taken(scene.shop.workspace.catalogue, FixedClock(NOW)).counts() == {("web", "prod"): Counts(7, 4, 3)}


def test_it_becomes_profiles(scene: Scene) -> None:
    paid = {
        "event": "Order Completed",
        "properties": {"order_id": "A", "total": 30, "products": [{"product_id": "i1"}]},
    }
    received(
        scene,
        batch(track(1, userId=None, anonymousId="a")),
        batch(track(2, type="identify", event=None, userId="anna", anonymousId="a")),
        batch(track(3, userId="anna", **paid)),
        form({"type": "track", "event": "ProductViewed", "time": 1780200000000, "distinct_id": "anna",
              "_track_id": 7, "properties": {"$is_login_id": True, "item_id": "i1"}}),
    )  # fmt: skip
    assert flushed(scene).stored == 4
    scene.shop.build()
    profile = scene.shop.profile("anna")
    assert profile["orders_total"] == 1
    assert len(scene.rows("history", f"WHERE person_id = {scene.person('anna')} AND line = 0")) == 4


def test_what_cannot_be_used_is_kept_beside_what_can(scene: Scene) -> None:
    received(scene, batch(track(1), track(2, timestamp="yesterday"), {"type": "track"}, track(3)))
    counts = flushed(scene)
    assert (counts.received, counts.stored, counts.refused) == (4, 2, 2)
    refused = scene.shop.workspace.refused
    kept = list(refused.bodies())
    (stream,) = {row.stream for row in kept}
    assert len({row.position for row in refused.rows(stream)}) == 2
    assert [row.body for row in kept if '"yesterday"' in (row.body or "")]


def test_a_flusher_that_begins_again_takes_nothing_twice(scene: Scene) -> None:
    received(scene, *(batch(track(number)) for number in range(6)))
    small = Flusher(scene.shop.workspace, most_bytes=1)
    assert small.flush().counts.stored == 1
    assert small.flush().counts.stored == 1
    begun_again = Flusher(scene.shop.workspace, most_bytes=1)  # looks at the first two again, one at a time
    assert flushed(scene, begun_again) == Counts(received=4, stored=4)
    assert len(ids(scene)) == 6


def test_sources_and_protocols_are_counted_apart(scene: Scene) -> None:
    received(scene, batch(track(1)), source="web")
    received(scene, batch(track(1)), form({"type": "track", "event": "x", "time": 1780200000000, "distinct_id": "d"}),
             source="app")  # fmt: skip
    assert flushed(scene).stored == 3
    assert {row["source"] for row in scene.rows("events")} == {"web", "app"}
    counts = Taken(scene.shop.workspace.catalogue, FixedClock(NOW)).counts()
    assert {key: found.stored for key, found in counts.items()} == {("web", "prod"): 1, ("app", "prod"): 2}


def test_events_of_a_source_in_development_are_checked_and_not_stored(scene: Scene) -> None:
    received(scene, batch(track(1), track(2, timestamp="yesterday")), environment="dev")
    assert flushed(scene) == Counts(received=2, stored=1, refused=1)
    assert ids(scene) == []
    counts = Taken(scene.shop.workspace.catalogue, FixedClock(NOW)).counts()
    assert counts == {("web", "dev"): Counts(received=2, stored=1, refused=1)}
    assert flushed(scene, Flusher(scene.shop.workspace)) == Counts()


def test_a_file_that_is_taken_in_is_released_and_its_raw_bodies_go_after_their_days(scene: Scene) -> None:
    received(scene, batch(track(1)))
    flushed(scene)
    (file,) = scene.shop.workspace.journal.files()
    assert file.is_released
    scene.shop.close()
    scene.shop = Scene(scene.folder, NOW + timedelta(days=8)).shop
    received(scene, batch(track(2)))
    flushed(scene)
    names = [one.name for one in scene.shop.workspace.journal.files()]
    assert names
    assert file.name not in names


def test_a_file_that_could_not_be_read_for_a_while_is_taken_in_after_later_ones(scene: Scene) -> None:
    received(scene, batch(track(1)), batch(track(2)))
    Flusher(scene.shop.workspace, most_bytes=1).flush()
    (file,) = scene.shop.workspace.journal.files()
    scene.shop.workspace.journal.close()  # it may have read ahead
    sound = file.path.read_bytes()
    file.path.write_bytes(b"no database" * 1000)
    received(scene, batch(track(4)))
    told = Flusher(scene.shop.workspace).flush_all()
    assert (told.counts, told.damaged) == (Counts(received=1, stored=1), (file.name,))
    file.path.write_bytes(sound)
    assert flushed(scene) == Counts(received=1, stored=1)
    received(scene, batch(track(5), track(1)))
    assert flushed(scene) == Counts(received=2, stored=1, duplicates=1)
    assert ids(scene) == ["m-1", "m-2", "m-4", "m-5"]
    assert all(one.is_released for one in scene.shop.workspace.journal.files())


def test_a_file_that_is_damaged_as_it_is_released_stops_no_other(scene: Scene) -> None:
    received(scene, batch(track(1)))
    flusher = Flusher(scene.shop.workspace)
    flusher.flush()
    (file,) = scene.shop.workspace.journal.files()
    scene.shop.workspace.journal.close()
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    received(scene, batch(track(2)))
    told = flusher.flush_all()
    assert (told.counts.stored, told.damaged) == (1, (file.name,))
    assert ids(scene) == ["m-1", "m-2"]


def test_who_wants_the_lease_is_let_in_between_two_flushes(scene: Scene) -> None:
    lease, another = scene.shop.workspace.lease, Lease(scene.shop.workspace.data)
    let_in = Event()

    def want() -> None:
        with another.held("a build"):
            let_in.set()

    with lease.held(BRIEF):
        waiting = Thread(target=want)
        waiting.start()
        while not lease.is_wanted():
            sleep(0.01)
        assert not let_in.is_set()
    waiting.join()
    assert let_in.is_set()
    assert not lease.is_wanted()


def test_a_flusher_that_is_killed_is_begun_again_and_ends_with_its_server(scene: Scene) -> None:
    beside = Supervised("flusher", ["flush", "--follow", "--workspace", str(scene.folder)])
    first = psutil.Process(beside.pid)
    first.kill()
    while beside.pid == first.pid:
        sleep(0.05)
    received(scene, batch(track(1)))
    while any(not file.is_released for file in scene.shop.workspace.journal.files()):
        sleep(0.05)
    second = beside.pid
    beside.close()
    assert not psutil.pid_exists(second)
    assert ids(scene) == ["m-1"]


def test_an_erasure_reaches_what_was_received_and_is_not_taken_in_yet(scene: Scene) -> None:
    received(scene, batch(track(1), track(2)))
    flushed(scene)
    scene.shop.build()
    received(scene, batch(track(4), track(5)))
    scene.shop.close()
    scene.shop = Scene(scene.folder, NOW + timedelta(hours=1)).shop
    scene.shop.erase(scene.shop.plan_erase(["u1"]))  # of the numbers, 1 and 4 are u1's
    assert ids(scene) == ["m-2", "m-5"]
    raw = [entry.lines for file in scene.shop.workspace.journal.files() for entry in _entries(scene, file.stream)]
    assert not any(b'"u1"' in lines for lines in raw)
    assert any(b'"u2"' in lines for lines in raw)


def test_a_backup_holds_what_was_acknowledged(scene: Scene, tmp_path: Path) -> None:
    received(scene, batch(track(1)))
    scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    qianmian.restore(tmp_path / "data.tar", tmp_path / "keys.tar", tmp_path / "again")
    again = Scene(tmp_path / "again")
    assert ids(again) == ["m-1"]
    again.shop.close()


def _entries(scene: Scene, stream: str) -> list[Entry]:
    return scene.shop.workspace.journal.read(Place(stream))


class Suspicious(SeenEvents):
    """Suspects every event."""

    def may_hold(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.ones(len(keys), np.bool_)


@pytest.mark.parametrize("seen", [SeenEvents, Suspicious])
def test_what_comes_again_is_a_duplicate_and_what_is_only_suspected_is_stored(
    scene: Scene, seen: type[SeenEvents]
) -> None:
    flusher = Flusher(scene.shop.workspace, _seen=seen())
    received(scene, batch(*(track(number) for number in range(20))))
    assert flushed(scene, flusher) == Counts(20, 20)
    days_away = {"timestamp": "2026-05-12T03:00:00Z"}
    received(scene, batch(*(track(number) for number in range(15, 25))), batch(track(3, **days_away), track(26)))
    assert flushed(scene, flusher) == Counts(12, 6, 6)
    assert scene.query("SELECT count(*), count(DISTINCT event_id) FROM events").to_pydict() == {
        "count_star()": [26],
        "count(DISTINCT event_id)": [26],
    }


def test_a_flusher_knows_what_others_wrote_and_what_was_merged(scene: Scene) -> None:
    flusher = Flusher(scene.shop.workspace)
    for number in range(6):
        received(scene, batch(track(number)))
        assert flushed(scene) == Counts(1, 1)  # another flusher, as after a restart
    received(scene, batch(*(track(number) for number in range(8))))
    assert flushed(scene, flusher) == Counts(8, 2, 6)
    flusher._tidy()
    received(scene, batch(*(track(number) for number in range(9))))
    assert flushed(scene, flusher) == Counts(9, 1, 8)
