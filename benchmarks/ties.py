"""Ties: from events to who is close to whom, one event in a hundred more, and the closest of somebody."""

from __future__ import annotations

import shutil
from functools import partial

from benchmarks.measuring.process import Cost, in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events and people.
SIZES = {
    "small": ((200_000, 10_000), (2_000_000, 100_000)),
    "full": ((2_000_000, 100_000), (20_000_000, 1_000_000)),
}
_END = "2026-11-01T00:00:00+00:00"
_QUESTIONS = 500
_STORY = (
    "ours      the three tasks that a build ties people with, durable and released; more = a hundredth more events",
    "duckdb    one SQL script over the same files into DuckDB's own file; more = the same script again over all",
    "arrays    scipy's compressed sparse rows in memory, loaded from DuckDB's result, only asked",
    "asked     the twenty closest of 500 random people, one after the other, in ms",
    "Kinds, ties, events and weights of both sides are compared.",
)


def main() -> None:
    with asked("Ties between people.") as options:
        lines(_STORY)
        table = Table(
            ("events", 11), ("side", 7), ("build s", 8), ("CPU s", 7), ("peak MiB", 8), ("more s", 7),
            ("median ms", 9), ("p99 ms", 8), ("ties", 11), ("MiB", 6),
        )  # fmt: skip
        for events, people in SIZES[options.size]:
            folder = options.cache / f"ties-{events}"
            shutil.rmtree(folder, ignore_errors=True)
            measure("ours.ties:prepare", folder=str(folder), first=0, last=events, people=people, batch=1)
            ratio, cost, more = _sides(table, str(folder), events, people)
            shutil.rmtree(folder)
        cpu = 1e6 * cost.cpu_seconds / events
        Verdict("ties", options.size, "a DuckDB script", ratio, cpu, max(cost.peak_mib, more.peak_mib), events).tell()


def _sides(table: Table, folder: str, events: int, people: int) -> tuple[float, Cost, Cost]:
    """Measure both sides once; returns the ratio of the builds, and what our build and the increment cost."""
    about = {"folder": folder, "people": people, "questions": _QUESTIONS}
    plain = measure("peers.ties_duckdb:build", folder=folder, batch=1, now=_END)
    first = measure("ours.ties:build", folder=folder, number=1)
    _compare(measure("ours.ties:totals", folder=folder).result, plain.result)
    measure("ours.ties:prepare", folder=folder, first=events, last=events * 101 // 100, people=people, batch=2)
    more = measure("ours.ties:build", folder=folder, number=2)
    again = measure("peers.ties_duckdb:build", folder=folder, batch=2, now=_END)
    _compare(measure("ours.ties:totals", folder=folder).result, again.result)
    sides = {
        "ours": partial(measure, "ours.ties:neighbours", **about),
        "duckdb": partial(measure, "peers.ties_duckdb:neighbours", **about),
        "arrays": partial(measure, "peers.ties_duckdb:arrays", **about),
    }
    costs = in_turns(sides, 3)
    told = {name: (cost.result["median"], cost.result["p99"]) for name, cost in costs.items()}
    lines((f"{first.result['seconds']} s in {first.result['parts']} parts, more: {more.result['seconds']} s",))
    size = more.result["ties_mib"] + more.result["interactions_mib"]
    ours = (first.seconds, first.cpu_seconds, int(first.peak_mib), more.seconds, *told["ours"])
    table.row(f"{events:,}", "ours", *ours, first.result["ties"], size)
    theirs = (plain.seconds, plain.cpu_seconds, int(plain.peak_mib), again.seconds, *told["duckdb"])
    table.row(f"{events:,}", "duckdb", *theirs, sum(row[1] for row in plain.result), "–")
    loaded = costs["arrays"]
    table.row(
        f"{events:,}", "arrays", loaded.result["loaded"], "–", int(loaded.peak_mib), "–", *told["arrays"], "–", "–"
    )
    return plain.seconds / first.seconds, first, more


def _compare(ours: list[list[object]], theirs: list[list[object]]) -> None:
    """Kinds, ties and events exactly; weights to what their rounding allows."""
    for mine, other in zip(ours, theirs, strict=True):
        if mine[:3] != other[:3] or abs(float(str(mine[3])) / float(str(other[3])) - 1) > 1e-3:
            raise SystemExit(f"ours {mine} differs from theirs {other}")


if __name__ == "__main__":
    main()
