"""What the console's screens ask, over HTTP, against the same facts in hand-written DuckDB SQL."""

from __future__ import annotations

from benchmarks.audience import CONDITIONS
from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events; people are a twentieth.
SIZES = {"small": (400_000, 2_000_000), "full": (2_000_000, 20_000_000)}
_STORY = (
    "ours   a served shop, asked over HTTP what its screens ask: token, purpose, pinned build, evidence, masked names",
    "SQL    hand-written DuckDB over Parquet files of profiles, behaviour, orders and names, each written once more in",
    "       the order in which it is asked (by person), on one open connection: the bare facts, no HTTP, no evidence",
    "       Milliseconds: the first question after a build, the median, the 95th of 100, processor time of one.",
)


def main() -> None:
    with asked("Screens of the console.") as options:
        lines(_STORY)
        for events in SIZES[options.size]:
            verdict = ask(str(options.cache), events)
        Verdict("screens", options.size, "hand-written DuckDB SQL over Parquet", *verdict).tell()


def ask(cache: str, events: int) -> tuple[float, float, float, int]:
    """All screens at one size; returns the numbers of the verdict: of the sum of the medians that both sides have."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    made = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    shop = measure("ours.shops:copy_shop", shop=made, to=f"{cache}/shown").result
    people = measure("ours.build:build", shop=shop).result["people"]
    tables = measure("ours.screens:prepare", shop=shop, out=f"{cache}/facts").result
    ours = measure("ours.screens:screens", shop=shop, conditions=CONDITIONS)
    theirs = measure("peers.screens_duckdb:screens", **tables).result
    print(f"{people:,} people, {world['rows']:,} events")
    table = Table(
        ("screen", 16), ("first", 8), ("median", 8), ("p95", 8), ("CPU", 8), ("SQL", 8), ("CPU", 8), ("ratio", 6)
    )
    for name, mine in ours.result.items():
        other = theirs.get(name, {"ms": 0.0, "cpu_ms": 0.0})
        table.row(name, *(mine[key] for key in ("first_ms", "ms", "p95_ms", "cpu_ms")), other["ms"], other["cpu_ms"],
                  other["ms"] / mine["ms"])  # fmt: skip
    both = [name for name in ours.result if name in theirs]
    ratio = sum(theirs[name]["ms"] for name in both) / sum(ours.result[name]["ms"] for name in both)
    cpu = 1e3 * sum(mine["cpu_ms"] for mine in ours.result.values()) / len(ours.result)
    return ratio, cpu, ours.peak_mib, world["rows"]


if __name__ == "__main__":
    main()
