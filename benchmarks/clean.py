"""How good the data are and what is flagged, against a check written by hand in pandas."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring.process import in_turns, measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

SIZES = {"small": (400_000,), "full": (400_000, 2_000_000)}
_STORY = (
    "ours    everything `qianmian quality check` does: every field by source, event and day with drift, and five rules",
    "pandas  benchmarks/peers/clean_pandas.py: missing values by day, impossible totals, twins and a pace; no drift",
    "Both read the same Parquet files and must flag as many twins and events of a pace. Seconds of ours by stage:",
    "measure (all fields), gather (sums and drift), flag (all rules); events a second of measure and of flag.",
)


def main() -> None:
    with asked("Quality and cleaning.") as options:
        lines(_STORY)
        table = Table(
            ("events", 11), ("side", 7), ("seconds", 8), ("measure", 8), ("gather", 7), ("flag", 7),
            ("measured/s", 11), ("flagged/s", 11), ("CPU s", 7), ("peak MiB", 8),
        )  # fmt: skip
        for size in SIZES[options.size]:
            cache = str(options.cache)
            world = measure("ours.shops:make_world", cache=cache, events=size).result["folder"]
            file = measure("ours.shops:one_file", world=world).result
            shop = measure("ours.shops:make_shop", cache=cache, world=world, files=[file]).result
            inputs = measure("ours.shops:inputs", shop=shop).result
            copy = measure("ours.shops:copy_shop", shop=shop, to=f"{cache}/cleaned").result
            sides = {"ours": partial(measure, "ours.clean:clean", shop=copy)}
            sides["pandas"] = partial(measure, "peers.clean_pandas:clean", inputs=inputs)
            costs = in_turns(sides, 1)
            ours, pandas = costs["ours"], costs["pandas"]
            flags, events, seconds = ours.result["flags"], ours.result["events"], ours.result["seconds"]
            for rule in ("twin", "pace"):
                assert flags.get(rule, 0) == pandas.result[rule], (rule, flags, pandas.result)
            stages = [seconds[stage] for stage in ("measure", "gather", "flag")]
            rates = [f"{int(events / seconds[stage]):,}" for stage in ("measure", "flag")]
            table.row(f"{events:,}", "ours", ours.seconds, *stages, *rates, ours.cpu_seconds, int(ours.peak_mib))
            rest = ("", "", "", "", "", pandas.cpu_seconds, int(pandas.peak_mib))
            table.row(f"{events:,}", "pandas", pandas.seconds, *rest)
        ratio, cpu = pandas.seconds / ours.seconds, 1e6 * ours.cpu_seconds / events
        Verdict("clean", options.size, "pandas by hand", ratio, cpu, ours.peak_mib, events).tell()


if __name__ == "__main__":
    main()
