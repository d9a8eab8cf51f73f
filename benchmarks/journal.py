"""Acknowledging what is received: sealed in the journal and on disk, against a plain file with fdatasync."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events in a body, and how many callers deliver at a time.
SHAPES = [(100, 1), (100, 16), (100, 64), (1, 1), (1, 16), (1, 64)]
SECONDS = {"small": 2.0, "full": 10.0}
ROUNDS = {"small": 2, "full": 3}
_STORY = (
    "journal   one commit of SQLite a group, what gathers meanwhile is the next; bodies compressed (zstd 1) and sealed",
    "group     the same bodies as they are, appended to one plain file, fdatasync a group: no reader finds its place",
    "each      fdatasync for each body",
    "Callers share one event loop, each waits for its last body to be on disk; the processor time is of all of it.",
)


def main() -> None:
    with asked("Acknowledging what is received.") as options:
        lines(_STORY)
        table = Table(("events a body", 13), ("callers", 7), ("side", 8), ("acks/s", 7), ("events/s", 9),
                      ("CPU µs/event", 12), ("p50 ms", 7), ("p99 ms", 7), ("bytes/event", 11))  # fmt: skip
        ours: list[tuple[float, float, float, int]] = []
        for events, callers in SHAPES:
            ours.append(side_by_side(table, str(options.cache), events, callers, options.size))
        Verdict(
            "journal", options.size, "a plain file, fdatasync a group, nothing compressed or sealed", *ours[2]
        ).tell()


def side_by_side(table: Table, cache: str, events: int, callers: int, size: str) -> tuple[float, float, float, int]:
    """One shape on all sides; returns the numbers of the verdict."""
    given = {"folder": f"{cache}/journal", "events": events, "callers": callers, "seconds": SECONDS[size]}
    sides = {
        "journal": partial(measure, "ours.journal:acknowledge", **given),
        "group": partial(measure, "peers.journal_file:acknowledge", **given, grouped=True),
        "each": partial(measure, "peers.journal_file:acknowledge", **given, grouped=False),
    }
    costs = in_turns(sides, ROUNDS[size])
    speed = {name: cost.result["acks"] / cost.result["seconds"] for name, cost in costs.items()}
    for name, cost in costs.items():
        told = cost.result
        done = told["acks"] * events
        table.row(f"{events:,}", callers, name, int(speed[name]), int(speed[name] * events),
                  1e6 * told["cpu"] / done, told["p50_ms"], told["p99_ms"], told["bytes"] / done)  # fmt: skip
    ours = costs["journal"]
    done = ours.result["acks"] * events
    return speed["journal"] / speed["group"], 1e6 * ours.result["cpu"] / done, ours.peak_mib, done


if __name__ == "__main__":
    main()
