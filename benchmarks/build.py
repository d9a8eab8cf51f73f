"""Full build of profiles, against a tuned DuckDB script that leaves the same tables."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.measuring.process import Cost, in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (400_000, 2_000_000), "full": (2_000_000, 20_000_000)}
ROUNDS = {"small": 2, "full": 1}
THREADS, MEMORY_MIB = 2, 3072
KEYS = {
    "persons": ["node_id", "since"],
    "orders": ["source", "order_id"],
    "refunds": ["source", "refund_id"],
    "profiles": ["person_id"],
}
_STORY = (
    "ours    everything `qianmian build` does: who is who, orders, history that the next build goes on from, partials,",
    "        of which each tag's value is a formula that is worked out when asked",
    "script  benchmarks/peers/build_duckdb.py: the same persons, orders and refunds, and all values; no history",
    f"Both read the same Parquet files, with {THREADS} threads and {MEMORY_MIB:,} MiB, and end with fsync. Medians of",
    "runs in turns; interpreter start and imports are left out, the compiled kernels come from numba's cache.",
)
_AGGREGATES = (
    "",
    "A smaller task: 21 counts and 4 sums over windows, grouped by person. People are found beforehand: ours reads",
    "history (sorted by person) and runs the mask, count and sum kernels; chDB (ClickHouse in this process) and DuckDB",
    "read the same rows as Parquet, sorted alike. All write Parquet. No preference, no session, no distinct date.",
)


def main() -> None:
    with asked("Build of all profiles.") as options:
        lines(_STORY)
        table = Table(
            ("events", 26), ("side", 8), ("seconds", 8), ("CPU s", 7), ("µs/event", 9), ("MiB", 7), ("ratio", 6)
        )
        shops = [compare(table, str(options.cache), events, options.size) for events in SIZES[options.size]]
        check(str(options.cache), shops[0])
        ours, script, rows = shops[-1]["ours"], shops[-1]["script"], shops[-1]["rows"]
        aggregates(str(options.cache), rows)
        per_event = 1e6 * ours.cpu_seconds / rows
        Verdict(
            "build", options.size, "tuned DuckDB script", script.seconds / ours.seconds, per_event, ours.peak_mib, rows
        ).tell()


def compare(table: Table, cache: str, events: int, size: str) -> dict[str, Any]:
    """Both sides at one size; the run of ours stays in the cache folder, built."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    shop = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    inputs = measure("ours.shops:inputs", shop=shop).result
    script = partial(
        measure,
        "peers.build_duckdb:build",
        inputs={name: inputs[name] for name in ("events", "event_lines", "links", "nodes", "items")},
        out=f"{cache}/script",
        today="2026-11-18",
        now="2026-11-18 15:59:59+00",
        threads=THREADS,
        memory_mib=MEMORY_MIB,
    )
    costs = in_turns({"ours": partial(build_copy, shop, f"{cache}/built"), "script": script}, ROUNDS[size])
    rows = world["rows"]
    for name, cost in costs.items():
        per_event, ratio = 1e6 * cost.cpu_seconds / rows, costs["script"].seconds / cost.seconds
        table.row(f"{rows:,}", name, cost.seconds, cost.cpu_seconds, per_event, int(cost.peak_mib), ratio)
    written = measure("ours.shops:results", shop=f"{cache}/built", tables=["profiles"], to=f"{cache}/values")
    print(f"    ours works values out when asked; all of everybody's, written too: {written.seconds:.1f} s more")
    print("    stages of ours: " + ", ".join(f"{k} {v:.1f}" for k, v in costs["ours"].result["seconds"].items()))
    differences = [measure("ours.compare:results", shop=f"{cache}/built", script=f"{cache}/script", keys=KEYS).result]
    return {**costs, "rows": rows, "differences": differences[0]}


def build_copy(shop: str, to: str) -> Cost:
    """Build a fresh copy; copying is not measured."""
    measure("ours.shops:copy_shop", shop=shop, to=to)
    return measure("ours.build:build", shop=to)


def check(cache: str, found: dict[str, Any]) -> None:
    """Say whether both sides came to the same rows.

    Raises:
        SystemExit: they did not.
    """
    for name, told in found["differences"].items():
        same = not told["differ"] and not any(told["missing"].values())
        print(f"    {name}: {told['rows']:,} rows, {told['columns']} columns {'equal' if same else f'DIFFER: {told}'}")
        if not same:
            raise SystemExit(1)


def aggregates(cache: str, rows: int) -> None:
    """The same plain aggregates here, in chDB and in DuckDB, over what the last build left."""
    lines(_AGGREGATES)
    costs = aggregated(cache, ("ours", "chDB", "DuckDB"))
    table = Table(("aggregates of", 26), ("side", 8), ("seconds", 8), ("CPU s", 7), ("MiB", 7), ("ratio", 6))
    for name, cost in costs.items():
        ratio = cost.seconds / costs["ours"].seconds
        table.row(f"{rows:,}", name, cost.seconds, cost.cpu_seconds, int(cost.peak_mib), ratio)


def aggregated(cache: str, sides: tuple[str, ...], rounds: int = 3) -> dict[str, Cost]:
    """What each side costs for the plain aggregates over what the last build left; each comes to the same rows."""
    prepared = f"{cache}/aggregates"
    measure("ours.aggregates:prepare", shop=f"{cache}/built", out=prepared)
    asked_for = {"rows": f"{prepared}/history.parquet", "threads": THREADS}
    runs = {
        "ours": partial(measure, "ours.aggregates:fold", shop=f"{cache}/built", out=f"{prepared}/ours.parquet"),
        "chDB": partial(measure, "peers.aggregates:chdb", out=f"{prepared}/chDB.parquet", **asked_for),
        "DuckDB": partial(measure, "peers.aggregates:duckdb", out=f"{prepared}/DuckDB.parquet", **asked_for),
    }
    costs = in_turns({name: runs[name] for name in sides}, rounds)
    for name in sides[1:]:
        files = {"ours": [f"{prepared}/ours.parquet"], "theirs": [f"{prepared}/{name}.parquet"]}
        check(cache, {"differences": {name: measure("ours.compare:differences", **files, key=["person_id"]).result}})
    return costs


if __name__ == "__main__":
    main()
