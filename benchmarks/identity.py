"""Who is who from links: intervals, limits and shared devices, against a plain union-find."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (100_000, 1_000_000), "full": (100_000, 1_000_000, 10_000_000)}
#: A flush, as it comes every quarter of a second at 4,000 a second.
EVENTS = 1000
_STORY = (
    "components  scipy's connected components over all links: no intervals; who meets in a shop is one person",
    "none        sign-ins cut time into intervals, no limit holds",
    "built in    the product's rules: limits of accounts, shared identifiers, phones that change hands",
    "limited     the same, and at most one browser in a year, which half of the people exceed",
    "At last: whose the events of one flush are, with persons in a file as the lake has them; median of 15.",
    "Links lie in memory. The last processor time is of the whole process, which also makes them up.",
)


def main() -> None:
    with asked("Who is who.") as options:
        lines(_STORY)
        table = Table(
            ("links", 11),
            ("side", 11),
            ("read s", 7),
            ("decide s", 8),
            ("its CPU s", 9),
            ("CPU s", 7),
            ("people", 10),
            ("peak MiB", 8),
        )
        for size in SIZES[options.size]:
            sides = {"components": partial(measure, "peers.components:components", links=size)}
            sides |= {
                rules: partial(measure, "ours.identity:resolve", links=size, rules=rules)
                for rules in ("none", "built in", "limited")
            }
            costs = in_turns(sides, 1 if size > 1_000_000 else 3)
            links = costs["components"].result["links"]
            for name, cost in costs.items():
                told = cost.result
                cells = (
                    told["read"],
                    told["decide"],
                    told["cpu"],
                    cost.cpu_seconds,
                    told["people"],
                    int(cost.peak_mib),
                )
                table.row(f"{links:,}", name, *cells)
        told = measure("ours.identity:attribute", links=links, events=EVENTS, times=15).result
        print(f"whose {EVENTS:,} fresh events are, of {told['nodes']:,} identifiers: "
              f"{told['ms']:.0f} ms, {told['cpu_ms']:.0f} ms of processor time")  # fmt: skip
        ours, plain = costs["built in"], sum(costs["components"].result[part] for part in ("read", "decide"))
        cpu = 1e6 * ours.cpu_seconds / links
        ratio = plain / (ours.result["read"] + ours.result["decide"])
        Verdict("identity", options.size, "scipy's connected components", ratio, cpu, ours.peak_mib, links).tell()


if __name__ == "__main__":
    main()
