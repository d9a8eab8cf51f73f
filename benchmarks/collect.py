"""Collecting: events acknowledged by a served shop and taken into its lake, against a server that only answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events of a request, connections, and events a second (0 = as fast as they are acknowledged).
LOADS = ((100, 16, 20_000), (100, 16, 60_000), (100, 16, 0), (1, 64, 0))
SECONDS = {"small": 10, "full": 60}
SUSTAINED_SECONDS = 600
_PATIENCE_SECONDS = 900
_STORY = (
    "ours    `qianmian serve` with its flusher: acknowledged once in the journal on disk, then events of the lake",
    "200     the same door and parsing, and the answer at once: nothing is kept",
    "The sender is a process of its own. lag = seconds until all is in the lake, after the last acknowledgement.",
    "CPU µs an event: of the server, and of the flusher up to the lake. Full ends with ten minutes at 60,000 a second.",
)


def main() -> None:
    with asked("Collecting over HTTP.") as options:
        lines(_STORY)
        table = Table(("load", 26), ("side", 6), ("events/s", 10), ("requests/s", 10), ("p50 ms", 8), ("p99 ms", 8),
                      ("server µs", 9), ("flusher µs", 10), ("lag s", 7), ("MiB", 6))  # fmt: skip
        loads = [(*load, SECONDS[options.size]) for load in LOADS]
        loads += [(100, 16, 60_000, SUSTAINED_SECONDS)] if options.size == "full" else []
        told: dict[str, dict[str, Any]] = {}
        for count, connections, pace, seconds in loads:
            for side, serving in (("ours", served), ("200", answering)):
                shutil.rmtree(options.cache / "collected", ignore_errors=True)
                asked_for = {"count": count, "connections": connections, "seconds": seconds, "pace": pace}
                with serving(options.cache / "collected") as server:
                    told[side] = load(server, asked_for)
                row(table, asked_for, side, told[side])
            if (count, pace) == (100, 0):
                best = dict(told)
        ours = best["ours"]
        per_event = ours["server_us"] + ours["flusher_us"]
        ratio = ours["events_a_second"] / best["200"]["events_a_second"]
        Verdict(
            "collect", options.size, "the same door, nothing kept", ratio, per_event, ours["mib"], ours["events"]
        ).tell()


def load(server: Server, asked_for: dict[str, Any]) -> dict[str, Any]:
    """Put a load on a server, wait until all is in the lake, and tell what it cost."""
    before = server.used()
    command = [
        sys.executable,
        "-m",
        "benchmarks.measuring.sender",
        json.dumps({"port": server.port, "key": server.key} | asked_for),
    ]
    sent = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    ended = time.monotonic()
    server.wait()
    lag, after = time.monotonic() - ended, server.used()
    if sent["failed"]:
        raise SystemExit(f"{sent['failed']} requests were not acknowledged")
    each = {name: 1e6 * (after[name] - before[name]) / sent["events"] for name in after}
    return {
        **sent, "lag": lag if server.folder else 0.0, "events_a_second": sent["events"] / sent["seconds"],
        "server_us": each["server"], "flusher_us": each["flusher"], "mib": server.memory(),
    }  # fmt: skip


def row(table: Table, asked_for: dict[str, Any], side: str, told: dict[str, Any]) -> None:
    """One load on one side."""
    pace = f"{asked_for['pace']:,}/s" if asked_for["pace"] else "all it takes"
    name = f"{asked_for['count']} an answer, {pace}, {asked_for['seconds']} s"
    rate = told["events_a_second"]
    table.row(name, side, int(rate), int(rate / asked_for["count"]), told["p50_ms"], told["p99_ms"], told["server_us"],
              told["flusher_us"], told["lag"], int(told["mib"]))  # fmt: skip


class Server:
    """A running server, and what it used so far.

    Attributes:
        port: where it listens.
        key: a write key.
        folder: the shop; None if it keeps nothing.
        process: the server itself.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, key: str, folder: Path | None) -> None:
        self.port, self.key, self.folder = port, key, folder
        self.process = psutil.Process(process.pid)

    def used(self) -> dict[str, float]:
        """Processor seconds of the server itself and of its flusher."""
        children = self.process.children(recursive=True)
        return {"server": _seconds(self.process), "flusher": sum(_seconds(child) for child in children)}

    def memory(self) -> float:
        """Memory of all now, in MiB."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(int(one.memory_info().rss) for one in family) / 2**20

    def wait(self) -> None:
        """Wait until what was acknowledged is in the lake."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while self.folder and measure("ours.collect:waiting", shop=str(self.folder)).result:
            if time.monotonic() > until:
                raise SystemExit("the flusher does not come to an end")
            time.sleep(0.5)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A new shop, served with its flusher."""
    made = measure("ours.collect:new_shop", folder=str(folder)).result
    command = [sys.executable, "-m", "qianmian", "serve", "--workspace", str(folder), "--port", str(made["port"])]
    with running(command, folder.parent / "served.log", made["port"]) as process:
        yield Server(process, made["port"], made["key"], folder)


@contextmanager
def answering(folder: Path) -> Iterator[Server]:
    """The same door, with nothing behind it."""
    port = 30_000 + os.getpid() % 10_000
    code = f"from benchmarks.ours.collect import answer; answer({port})"
    with running([sys.executable, "-c", code], folder.parent / "answering.log", port) as process:
        yield Server(process, port, "any", None)


@contextmanager
def running(command: list[str], log: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A command that serves at a port, until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            measure("ours.collect:ready", port=port)
            yield process
        finally:
            process.terminate()
            process.wait()


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user) + float(times.system)


if __name__ == "__main__":
    main()
