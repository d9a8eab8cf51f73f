"""Overload: a server that gets 0.8 times, and then twice, what it can take in; what is refused, and how fast."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.collect import Server, served
from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SECONDS = {"small": 8, "full": 60}
#: Events of a request; connections that find the knee, each waiting for its answer.
COUNT, CONNECTIONS = 100, 32
LOADS = (0.8, 2.0)
_STORY = (
    "knee     requests a second that are acknowledged when 32 connections send as fast as they are answered",
    "0.8, 2   requests leave at that pace, however slowly they are answered; times count from when they should leave",
    "Server on the first core, flusher and senders on the second. lost = acknowledged, and not in the lake at the end.",
)


def main() -> None:
    with asked("Overload of the door for tracking SDKs.") as options:
        lines(_STORY)
        seconds, folder = SECONDS[options.size], options.cache / "overloaded"
        shutil.rmtree(folder, ignore_errors=True)
        table = Table(("load", 10), ("sent/s", 8), ("taken/s", 8), ("refused", 8), ("p50 ms", 8), ("p99 ms", 8),
                      ("refused p50", 11), ("refused p99", 11), ("broken", 7), ("MiB", 6))  # fmt: skip
        with served(folder) as server, _pinned(server):
            knee = _knee(server, seconds)
            table.row("knee", int(knee), int(knee), 0, "", "", "", "", 0, int(_of_server(server)))
            told = {
                load: _under(server, knee * load, seconds, options.cache / f"acknowledged-{load}") for load in LOADS
            }
            for load, one in told.items():
                table.row(str(load), int(knee * load), int(one["taken_a_second"]), one["refusals"],
                          one["accepted"]["p50_ms"], one["accepted"]["p99_ms"], one["refused"]["p50_ms"],
                          one["refused"]["p99_ms"], one["broken"] + one["unsent"], int(one["mib"]))  # fmt: skip
            server.wait()
        lost = sum(_lost(folder, options.cache / f"acknowledged-{load}") for load in LOADS)
        print(f"  lost: {lost}")
        most = told[LOADS[-1]]
        goodput, events = most["taken_a_second"] / knee, int(most["taken_a_second"] * seconds * COUNT)
        cpu = 1e6 * most["server_seconds"] / max(events, 1)
        Verdict("overload", options.size, "what it takes at its knee", goodput, cpu, most["mib"], events).tell()
        if lost:
            raise SystemExit(f"{lost} acknowledged requests are not in the lake")


def _knee(server: Server, seconds: float) -> float:
    given = {"port": server.port, "key": server.key, "count": COUNT, "connections": CONNECTIONS, "pace": 0}
    told = _run("benchmarks.measuring.sender", given | {"seconds": seconds})
    return float(told["events"] / COUNT / told["seconds"])


def _under(server: Server, pace: float, seconds: float, acknowledged: Path) -> dict[str, Any]:
    given = {"port": server.port, "key": server.key, "count": COUNT, "pace": pace, "seconds": seconds}
    before = server.used()["server"]
    with _peak(server) as mib:
        told = _run("benchmarks.measuring.crowd", given | {"acknowledged": str(acknowledged)})
    statuses = {int(status): number for status, number in told["statuses"].items()}
    return told | {
        "taken_a_second": statuses.get(200, 0) / seconds,
        "refusals": sum(number for status, number in statuses.items() if status != 200),
        "server_seconds": server.used()["server"] - before,
        "mib": max(mib),
    }


def _run(module: str, given: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", module, json.dumps(given)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        _to_core(psutil.Process(process.pid), -1)
        out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{module} ended with {process.returncode}")
    told: dict[str, Any] = json.loads(out)
    return told


@contextmanager
def _pinned(server: Server) -> Iterator[None]:
    """The server for itself on the first core; its flusher is with the senders, and lets them go first."""
    _to_core(server.process, 0)
    for child in server.process.children(recursive=True):
        _to_core(child, -1)
        child.nice(19)
    yield


def _to_core(process: psutil.Process, core: int) -> None:
    if hasattr(process, "cpu_affinity"):
        process.cpu_affinity([process.cpu_affinity()[core]])


@contextmanager
def _peak(server: Server) -> Iterator[list[float]]:
    """Resident memory of the server, looked at five times a second."""
    seen, over = [_of_server(server)], threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            seen.append(_of_server(server))

    thread = threading.Thread(target=look)
    thread.start()
    yield seen
    over.set()
    thread.join()


def _of_server(server: Server) -> float:
    return float(server.process.memory_info().rss) / 2**20


def _lost(folder: Path, acknowledged: Path) -> int:
    """Acknowledged requests whose first event is not in the lake."""
    begun = time.monotonic()
    lost = measure("ours.collect:missing", shop=str(folder), acknowledged=str(acknowledged)).result
    print(f"  looked for {len(acknowledged.read_text().split()):,} ids in {time.monotonic() - begun:.1f} s")
    return int(lost)


if __name__ == "__main__":
    main()
