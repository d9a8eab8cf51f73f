"""Records of two registers without a shared identifier: time and memory as they grow, against known truth."""

from __future__ import annotations

from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000)}
_STORY = (
    "Made-up members of tills and of a club, four of ten in both, with slips and gaps; the product's declaration.",
    "Seconds are from records in memory to proposals: count pairs, train, score, one proposal for each two people.",
)


def main() -> None:
    with asked("Matching as it grows.") as options:
        lines(_STORY)
        columns = ("records", 9), ("pairs", 11), ("s", 7), ("CPU s", 7), ("peak MiB", 8), ("proposals", 9)
        table = Table(*columns, ("precision", 9), ("recall", 7))
        costs = [measure("ours.matching:members", records=size) for size in SIZES[options.size]]
        for cost in costs:
            told = cost.result
            quality = [f"{told[part]:.4f}" for part in ("precision", "recall")]
            cells = told["seconds"], cost.cpu_seconds, int(cost.peak_mib), f"{told['proposals']:,}"
            table.row(f"{told['records']:,}", f"{told['pairs']:,}", *cells, *quality)
        last = costs[-1]
        rows = last.result["records"]
        growth = costs[0].result["seconds"] / costs[0].result["records"] * rows / last.result["seconds"]
        cpu = 1e6 * last.cpu_seconds / rows
        Verdict("matching", options.size, "itself, if it grew linearly", growth, cpu, last.peak_mib, rows).tell()


if __name__ == "__main__":
    main()
