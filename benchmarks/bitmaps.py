"""Ten-clause conditions over wide people, and conditions about ties, against DuckDB and ClickHouse."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.measuring.process import Cost, in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines
from benchmarks.peers.wide import friends

#: People of the wide table; people and ties.
SIZES = {"small": (100_000,), "full": (100_000, 1_000_000, 10_000_000)}
TIES = {"small": (50_000, 1_000_000), "full": (1_000_000, 20_000_000)}
TAGS, BASES, EDITS = 200, 5, 40
_EDITS_OF_PEERS = 8
_STORY = (
    "wide   200 tags a person: counts, money, days, flags, words, 300 cities, scores, dates; a tenth of most is empty",
    "asked  five conditions of ten clauses, five to seven of them ranges; then forty edits of each, a clause at a time",
    "ours   text to size: parse, bind, bits. opened = people are numbered, once a build; cold = ten tags become",
    "       columns first, out of Parquet. duckdb = its own file, chdb = a MergeTree table: warm. All on two threads",
    "ties   each under both of its people; ours asks other numbers each time, so that no kept answer is told;",
    "       SQL = what such conditions are compiled to, over tables in memory. Sizes of all sides are compared.",
)


def main() -> None:
    with asked("Audiences as bits.") as options:
        lines(_STORY)
        table = Table(
            ("people", 10), ("side", 6), ("p50 ms", 8), ("p95 ms", 8), ("CPU ms", 8), ("opened ms", 9), ("cold ms", 8),
            ("worst", 8), ("columns", 7), ("MiB", 6), ("peak MiB", 8), ("ratio", 6),
        )  # fmt: skip
        for people in SIZES[options.size]:
            cost, ratio = _wide(table, str(options.cache), people)
        _ties(str(options.cache), *TIES[options.size])
        cpu = 1e3 * cost.result["cpu_ms"]
        Verdict("bitmaps", options.size, "the faster of DuckDB and chDB", ratio, cpu, cost.peak_mib, people).tell()


def _wide(table: Table, cache: str, people: int) -> tuple[Cost, float]:
    """All sides at one size; returns what ours cost, and the ratio to the faster peer by the median."""
    wide = measure("peers.wide:make", folder=cache, people=people, tags=TAGS).result
    duck = measure("peers.wide_duckdb:load", folder=cache, **wide).result
    click = measure("peers.wide_chdb:load", folder=cache, **wide).result
    about = {"tags": TAGS, "bases": BASES}
    measure("ours.bitmaps:ask", **wide, **about, edits=1)  # compiles the loops, as an earlier process would have
    costs = in_turns(
        {
            "ours": partial(measure, "ours.bitmaps:ask", **wide, **about, edits=EDITS),
            "duckdb": partial(measure, "peers.wide_duckdb:ask", **duck, **about, edits=_EDITS_OF_PEERS),
            "chdb": partial(measure, "peers.wide_chdb:ask", **click, **about, edits=_EDITS_OF_PEERS),
        },
        rounds=2,
    )
    sizes = [cost.result["sizes"] for cost in costs.values()]
    if any(one != sizes[0] for one in sizes):
        raise SystemExit(f"the sides differ: {sizes}")
    mine = costs["ours"].result
    for side, cost in costs.items():
        told = cost.result
        more = _ours(told) if side == "ours" else ("–", "–", "–", "–", "–")
        table.row(
            f"{people:,}", side, told["ms"], told["p95_ms"], told["cpu_ms"], *more, int(cost.peak_mib),
            told["ms"] / mine["ms"],
        )  # fmt: skip
    return costs["ours"], min(costs[side].result["ms"] for side in ("duckdb", "chdb")) / mine["ms"]


def _ours(told: dict[str, Any]) -> tuple[object, ...]:
    cold = sorted(told["cold_ms"])
    return told["opened_ms"], cold[len(cold) // 2], cold[-1], told["columns"], told["columns_mib"]


def _ties(cache: str, people: int, ties: int) -> None:
    files = measure("peers.wide:make_ties", folder=cache, people=people, ties=ties).result
    texts: dict[str, list[str]] = {}
    for name, text in friends(12):
        texts.setdefault(name, []).append(text)
    ours = measure("ours.bitmaps:ask_ties", **files, texts=texts)
    theirs = measure("peers.wide_duckdb:ask_ties", **files, texts={name: listed[0] for name, listed in texts.items()})
    loaded = ours.result.pop("loaded")
    print(f"\n{people:,} people, {ties:,} ties: into memory in {loaded['ms']:,.0f} ms, {loaded['mib']} MiB there")
    table = Table(
        ("condition", 15), ("people", 10), ("p50 ms", 8), ("p95 ms", 8), ("CPU ms", 8), ("SQL ms", 8), ("ratio", 6),
        ("peak MiB", 8),
    )  # fmt: skip
    for name, mine in ours.result.items():
        other = theirs.result[name]
        if mine["people"] != other["people"]:
            raise SystemExit(f"{name}: {mine['people']} people here, {other['people']} there")
        shown = (mine["people"], mine["ms"], mine["p95_ms"], mine["cpu_ms"], other["ms"], other["ms"] / mine["ms"])
        table.row(name, *shown, int(ours.peak_mib))


if __name__ == "__main__":
    main()
