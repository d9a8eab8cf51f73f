"""The lake's layout: sizes of row groups and commits, merging of small files, segments of history."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines
from benchmarks.ours.layout import ASKED
from benchmarks.screens import CONDITIONS

SIZES = {"small": (400_000,), "full": (20_000_000, 100_000_000)}
#: The last is the one in force: history is cut out of the shop that it leaves.
ROW_GROUPS = (8_192, 122_880, 32_768)
#: Rows of a commit, and small files that are merged.
COMMITS = ((1_000, 0), (5_000, 0), (5_000, 4), (20_000, 0), (20_000, 4), (100_000, 4))
MOST_COMMITS = 100
SEGMENTS = (0, 8, 60)
#: Above so many events the smallest groups are left out: writing everything again takes its time.
FEWER_ABOVE = 50_000_000
_STORY = (
    "Row groups    everything is written with groups of so many rows, then built, then asked over HTTP; milliseconds",
    "Commits       the busiest day's events come in as they were received and are committed, fsynced, some at a time",
    "Segments      the last days of history are files of their own; the same questions",
)


def main() -> None:
    with asked("Layout of the lake.") as options:
        lines(_STORY)
        for events in SIZES[options.size]:
            world = measure("ours.shops:make_world", cache=str(options.cache), events=events).result
            files = measure("ours.shops:some_files", world=world["folder"]).result
            shop = measure("ours.shops:make_shop", cache=str(options.cache), world=world["folder"], files=files).result
            print(f"  {world['rows']:,} events")
            sizes = ROW_GROUPS[1:] if events > FEWER_ABOVE else ROW_GROUPS
            chosen = _groups(str(options.cache), shop, sizes)
            _commits(str(options.cache), shop)
            _segments(str(options.cache))
        smallest, cost, rows = chosen
        Verdict("layout", options.size, f"groups of {ROW_GROUPS[1]:,}", smallest, 1e6 * cost / rows, 0.0, rows).tell()


def _groups(cache: str, shop: str, sizes: Sequence[int]) -> tuple[float, float, int]:
    table = Table(("rows a group", 14), ("lake MiB", 9), ("build s", 8), ("CPU s", 7), ("MiB", 7),
                  *((f"{name} p50", 14) for name in ASKED), *((f"{name} p95", 14) for name in ASKED))  # fmt: skip
    seconds, cpu, rows = {}, 0.0, 0
    for size in sizes:
        laid = measure("ours.shops:copy_shop", shop=shop, to=f"{cache}/laid").result
        bytes_ = measure("ours.layout:regroup", shop=laid, rows=size).result
        built = measure("ours.layout:build", shop=laid, rows=size)
        found = measure("ours.layout:questions", shop=laid, conditions=CONDITIONS).result
        table.row(f"{size:,}", bytes_ >> 20, built.seconds, built.cpu_seconds, int(built.peak_mib),
                  *(found[name]["ms"] for name in ASKED), *(found[name]["p95_ms"] for name in ASKED))  # fmt: skip
        seconds[size], cpu, rows = built.seconds, built.cpu_seconds, built.result["rows_read"]
    return seconds[ROW_GROUPS[1]] / seconds[ROW_GROUPS[-1]], cpu, rows


def _commits(cache: str, shop: str) -> None:
    table = Table(("rows, merged at", 16), ("commits", 8), ("µs/row", 7), ("first ms", 9), ("last ms", 8),
                  ("merging %", 9), ("files", 6), ("scan ms", 8))  # fmt: skip
    for rows, at_least in COMMITS:
        empty = f"{cache}/empty"
        measure("ours.shops:empty_shop", folder=empty)
        told = measure(
            "ours.layout:commit", shop=shop, empty=empty, rows=rows, most=MOST_COMMITS, at_least=at_least
        ).result
        table.row(f"{rows:,}, {at_least or 'never'}", told["commits"], told["cpu_us_a_row"], told["first_ms"],
                  told["last_ms"], 100 * told["merging_share"], told["files"], told["scan_ms"])  # fmt: skip


def _segments(cache: str) -> None:
    table = Table(("segments of a day", 18), ("files", 6), *((f"{name} p50", 14) for name in ASKED),
                  *((f"{name} p95", 14) for name in ASKED))  # fmt: skip
    for days in SEGMENTS:
        cut = measure("ours.shops:copy_shop", shop=f"{cache}/laid", to=f"{cache}/cut").result
        many = measure("ours.layout:segment", shop=cut, days=days).result
        found = measure("ours.layout:questions", shop=cut, conditions=CONDITIONS).result
        table.row(str(days), many, *(found[name]["ms"] for name in ASKED), *(found[name]["p95_ms"] for name in ASKED))


if __name__ == "__main__":
    main()
