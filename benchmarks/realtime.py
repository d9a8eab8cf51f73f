"""Recent events of a person, over HTTP while a shop takes events in, against typing every event as it comes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.collect import Server, load, running
from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SECONDS = {"small": 20, "full": 120}
#: Events a second, and whose page is looked at: nobody's, always the same one, always another one.
LOADS = ((5_000, 0), (5_000, 1), (5_000, 50), (60_000, 1))
_A_QUARTER, _TIMES = 1250, 40
_STORY = (
    "A built shop under `qianmian serve` with its flusher; a process sends requests of 100 events at a pace.",
    "Another one does something as a person twice a second, and asks for the person's recent events until it is told.",
    "p50, p99: from the acknowledgement to the answer that tells it. asks: answers until then, of which `behind` said",
    "that more waited. server µs: processor time of the server for each event, whatever it did, beside the flusher.",
    "typing  the peer: all that comes in a quarter of a second, typed as the import types it, whoever looks or not",
)


def main() -> None:
    with asked("Recent events of a person.") as options:
        lines(_STORY)
        table = Table(("load", 26), ("looks", 6), ("asks", 6), ("behind", 6), ("p50 ms", 8), ("p99 ms", 8),
                      ("worst ms", 8), ("server µs", 9), ("flusher µs", 10), ("MiB", 6))  # fmt: skip
        told: dict[tuple[int, int], dict[str, Any]] = {}
        for pace, people in LOADS:
            told[pace, people] = _looked_at(options.cache / "looked-at", pace, people, SECONDS[options.size])
            _row(table, pace, people, told[pace, people])
        shutil.rmtree(options.cache / "typed", ignore_errors=True)
        measure("ours.realtime:new_shop", folder=str(options.cache / "typed"))
        typing = measure("ours.realtime:typing", folder=str(options.cache / "typed"), events=_A_QUARTER, times=_TIMES)
        print(f"typing: {typing.result:.1f} µs an event")
        ours = told[5_000, 1]
        looking = max(ours["server_us"] - told[5_000, 0]["server_us"], 0.1)
        print(f"one page that is looked at: {looking:.1f} µs an event; nobody's: 0")
        Verdict("realtime", options.size, "typing every event as it comes", typing.result / looking, looking,
                ours["mib"], ours["events"]).tell()  # fmt: skip


def _looked_at(folder: Path, pace: int, people: int, seconds: int) -> dict[str, Any]:
    """What a load cost, and what was seen meanwhile."""
    shutil.rmtree(folder, ignore_errors=True)
    made = measure("ours.realtime:new_shop", folder=str(folder)).result
    command = [sys.executable, "-m", "qianmian", "serve", "--workspace", str(folder), "--port", str(made["port"])]
    with running(command, folder.parent / "looked-at.log", made["port"]) as process:
        server = Server(process, made["port"], made["key"], folder)
        looker = _looker(made, people, seconds) if people else None
        told = load(server, {"count": 100, "connections": 16, "seconds": seconds, "pace": pace})
        looked = json.loads(looker.communicate()[0]) if looker else {}
    return told | {name if name in ("looks", "asked", "behind") else f"seen_{name}": v for name, v in looked.items()}


def _looker(made: dict[str, Any], people: int, seconds: int) -> subprocess.Popen[bytes]:
    names = ("port", "key", "token")
    asked_for = {name: made[name] for name in names} | {"people": made["people"][:people], "seconds": seconds}
    command = [sys.executable, "-m", "benchmarks.measuring.looker", json.dumps(asked_for)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def _row(table: Table, pace: int, people: int, told: dict[str, Any]) -> None:
    who = {0: "nobody", 1: "one"}.get(people, f"{people} in turns")
    seen = [told.get(f"seen_{name}", "–") for name in ("p50_ms", "p99_ms", "worst_ms")]
    counted = [told.get(name, "–") for name in ("looks", "asked", "behind")]
    table.row(f"{pace:,}/s, looked at: {who}", *counted, *seen, told["server_us"], told["flusher_us"], int(told["mib"]))


if __name__ == "__main__":
    main()
