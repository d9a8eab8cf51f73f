"""Metrics of the dictionary, against the same SQL by hand in DuckDB over Parquet."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events; people are a twentieth.
SIZES = {"small": (100_000, 400_000), "full": (2_000_000, 20_000_000)}
#: Question → names, grain, dimension.
QUESTIONS = {
    "overview": (["events", "orders", "buyers", "net_revenue"], "day", None),
    "active": (["active_people", "viewers", "searchers", "adders", "sharers"], "day", None),
    "rolling": (["mau"], "day", None),
    "retention": (["retention_7d"], "total", None),
    "lifecycle": (["buyers", "viewers"], "total", "lifecycle"),
}
#: Told beside them; nobody writes all of these by hand.
EVERYTHING = "everything"
_STORY = (
    "ours   `shop.metrics(…)` over the last 30 dates through the Python door: snapshot, purpose, one scan a source,",
    "       formulas, conditions of the people; nothing is kept between questions. everything = all metrics, by week",
    "SQL    hand-written DuckDB, one query a question, over Parquet files made for it: behaviour by person with words",
    "       resolved, orders, profiles; its connection stays open. Medians of five, in ms. Answers must be equal.",
)


def main() -> None:
    with asked("Metrics.") as options:
        lines(_STORY)
        for events in SIZES[options.size]:
            verdict = count(str(options.cache), events)
        Verdict("metrics", options.size, "hand-written DuckDB SQL over Parquet", *verdict).tell()


def count(cache: str, events: int) -> tuple[float, float, float, int]:
    """All questions at one size; returns the numbers of the verdict: of the sum of the medians."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    made = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    shop = measure("ours.shops:copy_shop", shop=made, to=f"{cache}/metrics").result
    built = measure("ours.build:build", shop=shop)
    tables = measure("ours.metrics:prepare", shop=shop, out=f"{cache}/measured").result
    sides = {
        "ours": partial(measure, "ours.metrics:answers", shop=shop, questions=QUESTIONS, everything=EVERYTHING),
        "SQL": partial(measure, "peers.metrics_duckdb:answers", **tables),
    }
    costs = in_turns(sides, rounds=2)
    ours, theirs = costs["ours"].result, costs["SQL"].result
    print(f"{built.result['people']:,} people, {world['rows']:,} events")
    table = Table(
        ("question", 12), ("first ms", 9), ("ours ms", 9), ("CPU ms", 9), ("SQL ms", 9), ("CPU ms", 9), ("ratio", 6)
    )
    for name in QUESTIONS:
        mine, other = ours[name], theirs[name]
        if mine["people"] != other["people"]:
            raise SystemExit(f"{name}: {mine['people']} here, {other['people']} there")
        table.row(
            name,
            *(mine[one] for one in ("first_ms", "ms", "cpu_ms")),
            other["ms"],
            other["cpu_ms"],
            other["ms"] / mine["ms"],
        )
    alone = ours[EVERYTHING]
    print(f"{EVERYTHING}: {alone['ms']:,.0f} ms, processor {alone['cpu_ms']:,.0f} ms")
    total = {side: sum(cost.result[name]["ms"] for name in QUESTIONS) for side, cost in costs.items()}
    cpu = 1e3 * sum(ours[name]["cpu_ms"] for name in QUESTIONS) / len(QUESTIONS)
    return total["SQL"] / total["ours"], cpu, costs["ours"].peak_mib, world["rows"]


if __name__ == "__main__":
    main()
