"""Import of events from Parquet and CSV, against DuckDB's COPY into sorted Parquet by day."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import Cost, in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events, and events of one person: the full size shows 3 million identifiers.
SIZES = {"small": ((100_000, 36.0), (500_000, 36.0)), "full": ((2_000_000, 36.0), (20_000_000, 36.0))}
ROUNDS = {"small": 2, "full": 1}
THREADS, MEMORY_MIB = 2, 3072
_STORY = (
    "ours   `qianmian import` into an empty shop: pseudonyms and vault, typing and checks, masking, repeats found,",
    "       links, sorted Parquet by day, all durable, released in one commit",
    "COPY   DuckDB types the same columns and writes them as sorted Parquet by day, fsynced: no identifier is hashed,",
    "       sealed or linked, nothing is masked or compared",
)


def main() -> None:
    with asked("Import of events.") as options:
        lines(_STORY)
        table = Table(("rows", 12), ("format", 8), ("side", 6), ("identifiers", 11), ("seconds", 8), ("rows/s", 9),
                      ("CPU µs/row", 10), ("MiB", 6), ("ratio", 6))  # fmt: skip
        for events, each in SIZES[options.size]:
            verdict = land(table, str(options.cache), events, each, options.size)
        Verdict("imports", options.size, "DuckDB COPY (no vault, no masking, no de-duplication)", *verdict).tell()


def land(table: Table, cache: str, events: int, each: float, size: str) -> tuple[float, float, float, int]:
    """Import one world in both formats; returns the numbers of the verdict, of Parquet."""
    world = measure("ours.shops:make_world", cache=cache, events=events, events_a_person=each).result
    parquet = measure("ours.shops:one_file", world=world["folder"]).result
    csv = measure("ours.imports:as_csv", file=parquet).result
    identifiers, rows = measure("ours.imports:identifiers", file=parquet).result, world["rows"]
    told = None
    for kind, file in (("Parquet", parquet), ("CSV", csv)):
        peer = {"file": file, "out": f"{cache}/copied", "threads": THREADS, "memory_mib": MEMORY_MIB}
        sides = {
            "ours": partial(import_into_empty, f"{cache}/empty", file),
            "COPY": partial(measure, "peers.imports_duckdb:land", **peer),
        }
        costs = in_turns(sides, ROUNDS[size])
        for name, cost in costs.items():
            speed, ratio = int(rows / cost.seconds), costs["COPY"].seconds / cost.seconds
            per_row = 1e6 * cost.cpu_seconds / rows
            table.row(f"{rows:,}", kind, name, identifiers, cost.seconds, speed, per_row, int(cost.peak_mib), ratio)
        ours = costs["ours"]
        told = told or (costs["COPY"].seconds / ours.seconds, 1e6 * ours.cpu_seconds / rows, ours.peak_mib, rows)
    assert told
    return told


def import_into_empty(shop: str, file: str) -> Cost:
    """Import into a new shop; making it is not measured."""
    measure("ours.shops:empty_shop", folder=shop)
    return measure("ours.imports:land", shop=shop, file=file)


if __name__ == "__main__":
    main()
