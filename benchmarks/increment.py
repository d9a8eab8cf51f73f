"""Next-day and same-day build, against our own full build of the same events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.measuring.process import Cost, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (400_000, 2_000_000), "full": (20_000_000,)}
NIGHT = datetime(2026, 11, 17, 12, tzinfo=UTC)
DAY = NIGHT + timedelta(days=1)
HOUR = DAY + timedelta(hours=1)
_STORY = (
    "Events come in as they were received: first all until a night, then 24 hours more, then one hour more of the",
    "same local date. After each comes a build; then the same shop is built in full. Shares are of that full build.",
    "Every column of every profile is compared with the full build's.",
)


def main() -> None:
    with asked("Increments: a day more, an hour more.") as options:
        lines(_STORY)
        table = Table(("events", 12), ("build", 10), ("fresh", 10), ("seconds", 8), ("CPU s", 7), ("rows read", 12),
                      ("time %", 7), ("rows %", 7), ("MiB", 7))  # fmt: skip
        for events in SIZES[options.size]:
            verdict = grow(table, str(options.cache), events)
        Verdict("increment", options.size, "our own full build", *verdict).tell()


def grow(table: Table, cache: str, events: int) -> tuple[float, float, float, int]:
    """Build, import a day, build, import an hour, build, build in full; returns the numbers of the verdict."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    spans = {"night": (None, NIGHT), "day": (NIGHT, DAY), "hour": (DAY, HOUR)}
    files = {
        name: measure(
            "ours.shops:one_file", world=world["folder"], name=name, after=_text(after), until=_text(until)
        ).result
        for name, (after, until) in spans.items()
    }
    first = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[files["night"]]).result
    shop = measure("ours.shops:copy_shop", shop=first, to=f"{cache}/growing").result
    measure("ours.build:build", shop=shop, instant=_text(NIGHT))
    costs = {}
    for name, instant in (("day", DAY), ("hour", HOUR)):
        imported = measure("ours.imports:land", shop=shop, file=files[name]).result
        costs[name] = measure("ours.build:build", shop=shop, instant=_text(instant))
        costs[name].result["fresh"] = imported["accepted"]
    measure("ours.shops:copy_shop", shop=shop, to=f"{cache}/grown")
    full = measure("ours.build:build", shop=shop, instant=_text(HOUR), full=True)
    full.result["fresh"] = full.result["history_rows"]
    for name, cost in {**costs, "full": full}.items():
        row(table, world["rows"], name, cost, full)
    told = measure("ours.compare:builds", ours=f"{cache}/grown", theirs=shop).result
    print(f"    profiles: {told['rows']:,} rows, {told['columns']} columns; differ: {told['differ'] or 'none'}")
    if told["differ"] or any(told["missing"].values()):
        raise SystemExit(1)
    day = costs["day"]
    per_event = 1e6 * day.cpu_seconds / max(day.result["fresh"], 1)
    return full.seconds / day.seconds, per_event, max(cost.peak_mib for cost in costs.values()), world["rows"]


def row(table: Table, events: int, name: str, cost: Cost, full: Cost) -> None:
    """One build, with its shares of the full one."""
    read, of_all = cost.result["rows_read"], full.result["rows_read"]
    time_share, rows_share = 100 * cost.seconds / full.seconds, 100 * read / of_all
    fresh, peak = cost.result["fresh"], int(cost.peak_mib)
    table.row(f"{events:,}", name, fresh, cost.seconds, cost.cpu_seconds, read, time_share, rows_share, peak)
    told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in cost.result["seconds"].items())
    anew = f"; anew: {cost.result['anew']}" if cost.result["anew"] else ""
    print(f"    {told}; moved {cost.result['moved']:,}, folded {cost.result['people_folded']:,} people{anew}")


def _text(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


if __name__ == "__main__":
    main()
