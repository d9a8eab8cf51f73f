"""How a full build grows with the events, and plain aggregates beside chDB at each size."""

from __future__ import annotations

import math

from benchmarks.build import aggregated, build_copy
from benchmarks.measuring.process import Cost, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (1_000_000, 5_000_000), "full": (1_000_000, 5_000_000, 20_000_000, 100_000_000)}
_STORY = (
    "build       everything `qianmian build` does, on a shop that was not built yet, once a size: 20 events a person",
    "aggregates  21 counts and 4 sums over windows, grouped by person, by our kernels and by chDB (ClickHouse in",
    "            this process) over the same sorted rows; medians of three runs in turns. ratio = chDB's time ÷ ours",
    "slope       of log seconds over log events, by least squares: 1 = twice the events take twice the time",
)


def main() -> None:
    with asked("Growth of a full build.") as options:
        lines(_STORY)
        table = Table(
            ("events", 13), ("people", 10), ("build s", 8), ("CPU s", 8), ("µs/event", 9), ("MiB", 7),
            ("ours s", 7), ("chDB s", 7), ("ratio", 6),
        )  # fmt: skip
        grown = [_size(table, str(options.cache), events) for events in SIZES[options.size]]
        rows, seconds = [rows for rows, _, _ in grown], [cost.seconds for _, cost, _ in grown]
        print(f"  slope of seconds {slope(rows, seconds):.3f}, of processor seconds "
              f"{slope(rows, [cost.cpu_seconds for _, cost, _ in grown]):.3f}")  # fmt: skip
        largest, cost, ratio = grown[-1]
        per_event = 1e6 * cost.cpu_seconds / largest
        Verdict("growth", options.size, "chDB", ratio, per_event, cost.peak_mib, largest).tell()


def _size(table: Table, cache: str, events: int) -> tuple[int, Cost, float]:
    """Events, what the build cost, and chDB's time divided by ours."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    files = measure("ours.shops:some_files", world=world["folder"]).result
    shop = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=files).result
    built = build_copy(shop, f"{cache}/built")
    costs = aggregated(cache, ("ours", "chDB"))
    rows, ours, chdb = int(world["rows"]), costs["ours"].seconds, costs["chDB"].seconds
    per_event = 1e6 * built.cpu_seconds / rows
    table.row(
        f"{rows:,}", built.result["people"], built.seconds, built.cpu_seconds, per_event, int(built.peak_mib),
        ours, chdb, chdb / ours,
    )  # fmt: skip
    print("    stages: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in built.result["seconds"].items()))
    return rows, built, chdb / ours


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Least-squares slope of log seconds over log sizes.

    >>> round(slope([1, 10, 100], [2.0, 20.0, 200.0]), 6)
    1.0
    """
    x, y = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return rise / sum((a - mean_x) ** 2 for a in x)


if __name__ == "__main__":
    main()
