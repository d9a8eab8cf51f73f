"""A generated world as wire JSON of Segment and 神策, against a dict an event written by orjson."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: People, of whom each leaves about 24 events.
SIZES = {"small": (4_000, 20_000), "full": (20_000, 80_000)}
ROUNDS = {"small": 2, "full": 1}
_STORY = (
    "events    `qianmian world generate` itself: people, behaviour, truth, Parquet",
    "lines     every message as a line: calls beside events, retries, clocks, in order of arrival",
    "requests  the same, and the bytes of every HTTP request (神策: gzip, base64, form) in Parquet",
    "orjson    a dict an event, one after the other: no calls beside events, no requests",
)


def main() -> None:
    with asked("A world as wire JSON.") as options:
        lines(_STORY)
        table = Table(("people", 8), ("side", 18), ("messages", 10), ("seconds", 8), ("messages/s", 10),
                      ("CPU µs each", 11), ("MiB", 6))  # fmt: skip
        for people in SIZES[options.size]:
            told = write(table, str(options.cache), people, ROUNDS[options.size])
        Verdict("world", options.size, "orjson, a dict an event", *told).tell()


def write(table: Table, cache: str, people: int, rounds: int) -> tuple[float, float, float, int]:
    """Write one world in every way; returns the numbers of the verdict, of Segment's lines."""
    world = f"{cache}/wire-{people}"
    sides = {
        "events": partial(measure, "ours.wire:make", folder=world, people=people),
        "orjson": partial(measure, "peers.wire_orjson:write", world=world, file=f"{cache}/peer.jsonl"),
    }
    for protocol in ("segment", "sensors"):
        for side, carried in (("lines", False), ("requests", True)):
            given = {"world": world, "protocol": protocol, "folder": f"{cache}/{protocol}", "carried": carried}
            sides[f"{protocol} {side}"] = partial(measure, "ours.wire:write", **given)
    costs = in_turns(sides, rounds)
    for name, cost in costs.items():
        count = cost.result["count"]
        each = 1e6 * cost.cpu_seconds / count
        table.row(f"{people:,}", name, count, cost.seconds, int(count / cost.seconds), each, int(cost.peak_mib))
    ours, count = costs["segment lines"], costs["segment lines"].result["count"]
    return costs["orjson"].seconds / ours.seconds, 1e6 * ours.cpu_seconds / count, ours.peak_mib, count


if __name__ == "__main__":
    main()
