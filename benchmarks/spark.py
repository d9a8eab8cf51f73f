"""Full build on a Spark cluster of two one-core workers, against this process and against plain Spark SQL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.build import check
from benchmarks.measuring.family import measured
from benchmarks.measuring.process import Cost, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines
from tests.conformance.cluster import cluster, missing

SIZES = {"small": (1_000_000,), "full": (1_000_000, 20_000_000)}
ROUNDS = {"small": 2, "full": 1}
THREADS, MEMORY_MIB = 2, 3072
KEYS = {"persons": ["node_id", "since"], "orders": ["source", "order_id"], "refunds": ["source", "refund_id"],
        "partials": ["person_id"]}  # fmt: skip
PEERS_KEYS = {name: key for name, key in KEYS.items() if name != "persons"}
_STORY = (
    "local   `qianmian build` in this process, with two threads",
    "Spark   `qianmian build --engine spark`: the same tasks on a standalone cluster, one master and two executors of",
    "        one core, all on this machine; what the tasks hand over goes through files of the exchange",
    "SQL     benchmarks/peers/build_spark.py: orders, refunds, counts and sums in Spark SQL on the same cluster, with",
    "        persons handed over; no sessions, dates, preferences or history",
    "Seconds are those from when the executors stand; `start` is what came before. CPU and MiB are those of all",
    "processes of a side, driver, executors and workers included. Ratio is the side's time divided by that of local.",
)


def main() -> None:
    if lacking := missing():
        raise SystemExit(lacking)
    with asked("The same build here and on Spark.") as options:
        lines(_STORY)
        table = Table(("events", 12), ("side", 6), ("seconds", 8), ("start", 7), ("CPU s", 7), ("µs/event", 9),
                      ("MiB", 7), ("ratio", 6))  # fmt: skip
        for events in SIZES[options.size]:
            rows, costs = compare(table, str(options.cache), events, ROUNDS[options.size])
        ours = costs["Spark"]
        Verdict(
            "spark", options.size, "Spark SQL", costs["SQL"].seconds / ours.seconds,
            1e6 * ours.cpu_seconds / rows, ours.peak_mib, rows,
        ).tell()  # fmt: skip


def compare(table: Table, cache: str, events: int, rounds: int) -> tuple[int, dict[str, Cost]]:
    """All three sides at one size, and whether they came to the same rows."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    shop = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    ours, spark = f"{cache}/built-local", f"{cache}/built-spark"

    def run(side: str, once: Callable[[], Cost]) -> None:
        costs[side] = cost = _middle([once() for _ in range(rounds)])
        per_event, ratio = 1e6 * cost.cpu_seconds / world["rows"], cost.seconds / costs["local"].seconds
        cells = (cost.seconds, cost.result["start"], cost.cpu_seconds, per_event, int(cost.peak_mib), ratio)
        table.row(f"{world['rows']:,}", side, *cells)

    costs: dict[str, Cost] = {}
    run("local", partial(_local, shop, ours))
    expected = _results(ours, f"{cache}/local")
    with tempfile.TemporaryDirectory(prefix="qianmian-cluster-") as folder, cluster(Path(folder), cores=1) as master:
        run("Spark", partial(_on_spark, shop, spark, master))
        inputs = measure("ours.shops:inputs", shop=shop).result
        sql = {name: inputs[name] for name in ("events", "event_lines", "links")} | {"persons": [expected["persons"]]}
        order = {"master": master, "out": f"{cache}/sql", "today": "2026-11-18", "now": "2026-11-18 15:59:59"}
        run("SQL", partial(_family, "peers.build_spark:build", inputs=sql, **order))
    for side in ("local", "Spark"):
        stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in costs[side].result["seconds"].items())
        print(f"    stages of {side}: {stages}")
    found = _results(spark, f"{cache}/spark")
    _same("Spark", expected, {name: [path] for name, path in found.items()}, KEYS)
    _same("SQL", expected, {name: [f"{cache}/sql/{name}/*.parquet"] for name in PEERS_KEYS}, PEERS_KEYS)
    return world["rows"], costs


def _results(shop: str, to: str) -> dict[str, str]:
    found: dict[str, str] = measure("ours.shops:results", shop=shop, tables=list(KEYS), to=to).result
    return found


def _local(shop: str, to: str) -> Cost:
    measure("ours.shops:copy_shop", shop=shop, to=to)
    cost = measure("ours.build:build", shop=to)
    return replace(cost, result=cost.result | {"start": 0.0})


def _on_spark(shop: str, to: str, master: str) -> Cost:
    measure("ours.shops:copy_shop", shop=shop, to=to)
    return _family("ours.build:build", shop=to, engine="spark", master=master)


def _family(function: str, **arguments: Any) -> Cost:
    """The cost of a function and of the cluster that works for it; seconds from when its executors stand."""
    with measured() as family:
        cost = measure(function, **arguments)
    told = cost.result
    seconds = told["seconds"] if isinstance(told["seconds"], float) else cost.seconds - told["seconds"]["cluster"]
    return Cost(seconds, family.cpu_seconds, family.peak_mib, told | {"start": cost.seconds - seconds})


def _middle(runs: list[Cost]) -> Cost:
    def of(number: Callable[[Cost], float]) -> float:
        return median(number(run) for run in runs)

    seconds, cpu = of(lambda run: run.seconds), of(lambda run: run.cpu_seconds)
    return Cost(seconds, cpu, max(run.peak_mib for run in runs), runs[-1].result)


def _same(side: str, ours: dict[str, str], theirs: dict[str, list[str]], keys: dict[str, list[str]]) -> None:
    found = {
        f"{side} {name}": measure(
            "ours.compare:differences", ours=[ours[name]], theirs=theirs[name], key=key, exact=side == "Spark"
        ).result
        for name, key in keys.items()
    }
    check("", {"differences": found})


if __name__ == "__main__":
    main()
