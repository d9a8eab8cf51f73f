"""Sequential patterns: level by level through one tree of prefixes, against PrefixSpan in plain Python."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import Cost, in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (100_000, 400_000), "full": (1_000_000, 4_000_000)}
#: Steps at most, share of all people at least, days from the first step to the last.
LONGEST, SHARE, DAYS = 4, 0.05, 7
_STORY = (
    "Sequences of up to four steps that a twentieth of the people took, who have 20 events each, of 24 kinds.",
    "ours      sorted arrays, compiled; in any time, as the peer; and within seven days, which it cannot",
    "prefix    PrefixSpan in plain Python over lists of tokens, with positions instead of copies",
    "One thread each, in processor time; arrays and lists are made before. Patterns and their people must be equal.",
)


def main() -> None:
    with asked("Patterns.") as options:
        lines(_STORY)
        table = Table(
            ("events", 11), ("side", 12), ("CPU ms", 9), ("peak MiB", 8), ("patterns", 9), ("ratio", 6)
        )  # fmt: skip
        for events in SIZES[options.size]:
            ratio, ours = _sides(table, events)
        cpu = 1e3 * ours.result["ms"] / ours.result["rows"]
        Verdict("patterns", options.size, "PrefixSpan in plain Python", ratio, cpu, ours.peak_mib, events).tell()


def _sides(table: Table, events: int) -> tuple[float, Cost]:
    """Measure both sides at one size; returns the ratio, and what ours cost."""
    about = {"events": events, "longest": LONGEST, "share": SHARE}
    sides = {
        "ours": partial(measure, "ours.patterns:mined", **about, days=0),
        "ours, 7 days": partial(measure, "ours.patterns:mined", **about, days=DAYS),
        "prefix": partial(measure, "peers.prefixspan:mined", **about),
    }
    costs = in_turns(sides, 1)
    ours, theirs = costs["ours"].result, costs["prefix"].result
    if (ours["patterns"], ours["people"]) != (theirs["patterns"], theirs["people"]):
        raise SystemExit(f"{ours} here, {theirs} there")
    for name, cost in costs.items():
        told = cost.result
        numbers = told["ms"], int(cost.peak_mib), told["patterns"], told["ms"] / ours["ms"]
        table.row(f"{told['rows']:,}", name, *numbers)
    return theirs["ms"] / ours["ms"], costs["ours"]


if __name__ == "__main__":
    main()
