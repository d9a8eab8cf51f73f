"""Kill -9 of server and flusher under eight real clients: what was acknowledged is in the lake, once, and counted."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import sensorsanalytics
from segment.analytics.client import Client

import qianmian
from qianmian.app.flusher import Flusher
from qianmian.app.sources import Sources
from qianmian.app.taken import Counts, Taken
from qianmian.collect.journal.entries import Place
from qianmian.lake.connection import fetch

SEGMENT_CLIENTS, SENSORS_CLIENTS = 6, 2
#: Places of the flusher alone.
FLUSHING = ("flush.after_share", "flush.after_counting")
#: Where a server or its flusher dies, and at which time it comes there.
DEATHS = (
    *(f"{name}:1" for name in (*FLUSHING, "lake.after_files", "lake.after_followers", "lake.after_leader")),
    *("import.after_vault:1", "journal.after_commit:20", "journal.after_rows:20"),
)
_PATIENCE_SECONDS = 60


@dataclass
class Ledger:
    """What clients said and were told, outside of the server.

    Attributes:
        acknowledged: numbers that were answered with success.
    """

    acknowledged: set[str] = field(default_factory=set)


@dataclass
class Crowd:
    """Clients that go on sending, and send again what was not acknowledged, until they are told to end."""

    port: int
    key: str
    ledger: Ledger = field(default_factory=Ledger)
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to send."""
        senders = [self._segment] * SEGMENT_CLIENTS + [self._sensors] * SENSORS_CLIENTS
        for number, sender in enumerate(senders):
            self.threads.append(threading.Thread(target=self._go_on, args=(number, sender()), daemon=True))
            self.threads[-1].start()

    def end(self) -> None:
        """Send what is not acknowledged yet, then end."""
        self.ending.set()
        for thread in self.threads:
            thread.join(_PATIENCE_SECONDS)

    def _go_on(self, client: int, send: Callable[[str, datetime], None]) -> None:
        number = 0
        while not self.ending.is_set():
            name, at = f"c{client}-{number}", datetime.now(UTC)
            while not self._acknowledged(send, name, at):
                time.sleep(0.05)
            self.ledger.acknowledged.add(name)
            number += 1

    @staticmethod
    def _acknowledged(send: Callable[[str, datetime], None], name: str, at: datetime) -> bool:
        try:
            send(name, at)
        except Exception:  # noqa: BLE001  # whatever a client raises, its event is not acknowledged
            return False
        return True

    def _segment(self) -> Callable[[str, datetime], None]:
        client = Client(self.key, host=f"http://127.0.0.1:{self.port}", sync_mode=True, max_retries=0, timeout=5)

        def send(name: str, at: datetime) -> None:
            client.track(f"user-{name}", "Product Viewed", {"number": name}, timestamp=at, message_id=name)

        return send

    def _sensors(self) -> Callable[[str, datetime], None]:
        url = f"http://127.0.0.1:{self.port}/sa?project=shop&token={self.key}"
        client = sensorsanalytics.SensorsAnalytics(sensorsanalytics.DefaultConsumer(url, 5))

        def send(name: str, at: datetime) -> None:
            client.track(f"user-{name}", "ProductViewed", {"number": name, "$time": at}, is_login_id=True)

        return send


@contextmanager
def serving(folder: Path, port: int, crash_at: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers, with its flusher; both are gone afterwards, by kill -9 if they must."""
    command = [sys.executable, "-m", "qianmian", "serve", "--workspace", str(folder), "--port", str(port)]
    with (folder.parent / "log").open("ab") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "QIANMIAN_CRASH_AT": crash_at}
        )  # fmt: skip
        try:
            yield server
        finally:
            family = [server.pid, *(child.pid for child in _children(server))]
            for process in family:
                _kill(process)
            server.wait()
            psutil.wait_procs([psutil.Process(pid) for pid in family if psutil.pid_exists(pid)], _PATIENCE_SECONDS)


def trial(folder: Path, port: int, ledger: Ledger, seed: int) -> str:
    """Let a server live for a while, then kill it, or first its flusher; says who died where."""
    chance = random.Random(seed)
    crash_at = DEATHS[seed % len(DEATHS)] if seed % 2 else ""
    before = len(ledger.acknowledged)
    with serving(folder, port, crash_at) as server:
        until = time.monotonic() + _PATIENCE_SECONDS
        while len(ledger.acknowledged) < before + 20 and server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(chance.uniform(0.0, 3.0))
        if not crash_at and chance.random() < 0.5:
            for child in _children(server):
                _kill(child.pid)
            time.sleep(chance.uniform(0.0, 2.0))
    return crash_at or "a random moment"


def judge(folder: Path, ledger: Ledger) -> dict[str, int]:
    """Take in what waits, then hold the lake, the counts and the raw files against the ledger."""
    shop = qianmian.open(folder)
    try:
        Flusher(shop.workspace).flush_all()
        snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
        with shop.workspace.connected(snapshot, "events") as connection:
            numbers = fetch(connection, "SELECT properties->>'number' AS number FROM events")["number"].to_pylist()
        found = Counter(numbers)
        (counts,) = Taken(shop.workspace.catalogue, shop.workspace.clock).counts().values()
        return {
            "acknowledged": len(ledger.acknowledged),
            "lost": len(ledger.acknowledged - found.keys()),
            "duplicated": sum(times - 1 for times in found.values()),
            "miscounted": _miscounted(shop, counts, len(numbers)),
        }
    finally:
        shop.close()


def _miscounted(shop: qianmian.Shop, counts: Counts, events: int) -> int:
    """How far the counts are from what the raw files and the lake hold."""
    told = counts.stored + counts.duplicates + counts.skipped + counts.refused
    return abs(counts.received - raw_events(shop)) + abs(counts.received - told) + abs(counts.stored - events)


def raw_events(shop: qianmian.Shop) -> int:
    """Events in the raw files."""
    journal, received = shop.workspace.journal, 0
    for file in journal.files():
        at = 0
        while some := journal.read(Place(file.stream, at)):
            received += sum(entry.count for entry in some)
            at = some[-1].position
    return received


def _children(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        return psutil.Process(server.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kill(pid: int) -> None:
    if psutil.pid_exists(pid):
        psutil.Process(pid).kill()


def run(top: Path, trials: int, tell: Callable[[str], None] = print) -> dict[str, int]:
    """Kill so many times, and judge at the end."""
    folder = top / "shop"
    shop = qianmian.init(folder, name="shop")
    key = Sources(shop.workspace.catalogue, shop.workspace.clock).add("web", shop.workspace.entropy)
    shop.close()
    port = 20_000 + os.getpid() % 12_000
    crowd = Crowd(port, key)
    crowd.begin()
    for seed in range(trials):
        tell(f"{trial(folder, port, crowd.ledger, seed)}: {len(crowd.ledger.acknowledged)} acknowledged")
    with serving(folder, port):
        crowd.end()
    return {"trials": trials, **judge(folder, crowd.ledger)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), told.trials)
    print(json.dumps({"name": "collector", "unreadable": 0, **counts}))
    return 1 if counts["lost"] or counts["duplicated"] or counts["miscounted"] or not counts["acknowledged"] else 0


if __name__ == "__main__":
    sys.exit(main())
