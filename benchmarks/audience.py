"""Size of eight audiences, against the same SQL by hand in DuckDB over Parquet."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events; people are a twentieth.
SIZES = {"small": (400_000, 2_000_000), "full": (2_000_000, 20_000_000)}
CONDITIONS = {
    "tags": "lifecycle = 'loyal' and net_90d >= 500 and preferred_category in ('美妆个护', '服饰')",
    "many tags": "orders_30d >= 1 or (views_30d >= 10 and favourites_30d > 0) or rfm = 'important_keep'",
    "did": "did('Order Completed', last='30d') >= 2",
    "did not": "not did('Product Viewed', last='7d')",
    "category": "did('Order Completed', category='零食生鲜', last='60d') >= 2",
    "mixed": "lifecycle != 'lost' and did('Product Added', channel in ('app', 'web'), last='14d') >= 1 "
    "and not did('Order Completed', last='14d')",
    "sequence": "sequence(did('Product Viewed'), did('Product Added'), did('Order Completed'), within='7d')",
    "by category": "sequence(did('Product Viewed', category='美妆个护'), did('Order Completed', category='美妆个护'), "
    "within='3d', last='30d')",
}
_STORY = (
    "ours   `shop.audience(condition).size()` through the Python door: pinned snapshot, purpose, parse, bind, count;",
    "       first = the first time on this build; then its tags and what was done are kept, as while one is edited",
    "SQL    hand-written DuckDB over two Parquet files: profiles, and behaviour by person with words and categories",
    "       resolved beforehand, sorted by person and time; its connection stays open. Medians of five, in ms. For a",
    "       sequence one window a step carries the latest beginning on, which is exact: every beginning counts.",
)


def main() -> None:
    with asked("Audience sizes.") as options:
        lines(_STORY)
        for events in SIZES[options.size]:
            verdict = count(str(options.cache), events)
        Verdict("audience", options.size, "hand-written DuckDB SQL over Parquet", *verdict).tell()


def count(cache: str, events: int) -> tuple[float, float, float, int]:
    """All conditions at one size; returns the numbers of the verdict: of the sum of the medians."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    made = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    shop = measure("ours.shops:copy_shop", shop=made, to=f"{cache}/asked").result
    built = measure("ours.build:build", shop=shop)
    tables = measure("ours.audience:prepare", shop=shop, out=f"{cache}/behaviour").result
    sides = {
        "ours": partial(measure, "ours.audience:sizes", shop=shop, conditions=CONDITIONS),
        "SQL": partial(measure, "peers.audience_duckdb:sizes", **tables),
    }
    costs = in_turns(sides, rounds=2)
    ours, theirs = costs["ours"].result, costs["SQL"].result
    people = built.result["people"]
    print(f"{people:,} people, {world['rows']:,} events")
    table = Table(
        ("condition", 12),
        ("people", 10),
        ("first ms", 9),
        ("ours ms", 9),
        ("CPU ms", 9),
        ("SQL ms", 9),
        ("CPU ms", 9),
        ("ratio", 6),
    )
    for name in CONDITIONS:
        mine, other = ours[name], theirs[name]
        if mine["people"] != other["people"]:
            raise SystemExit(f"{name}: {mine['people']} people here, {other['people']} there")
        ratio = other["ms"] / mine["ms"]
        table.row(
            name, mine["people"], mine["first_ms"], mine["ms"], mine["cpu_ms"], other["ms"], other["cpu_ms"], ratio
        )
    total = {side: sum(one["ms"] for one in cost.result.values()) for side, cost in costs.items()}
    cpu = 1e3 * sum(one["cpu_ms"] for one in ours.values()) / len(ours)
    return total["SQL"] / total["ours"], cpu, costs["ours"].peak_mib, world["rows"]


if __name__ == "__main__":
    main()
