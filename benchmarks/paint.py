"""First paint of the console's pages in Chromium, against a plain page of one line."""

from __future__ import annotations

from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, Verdict, asked, lines

#: Events; people are a twentieth.
SIZES = {"small": (400_000,), "full": (2_000_000,)}
_STORY = (
    "ours   each page of a served shop, by visitors whose browser has nothing of it yet; first contentful paint",
    "plain  a page of one line, answered inside the browser: what Chromium itself needs. Medians of five",
    "       The visitors' browser comes with `make console` and Debian's chromium.",
)


def main() -> None:
    with asked("First paint.") as options:
        lines(_STORY)
        for events in SIZES[options.size]:
            verdict = visit(str(options.cache), events)
        Verdict("paint", options.size, "a plain page of one line", *verdict).tell()


def visit(cache: str, events: int) -> tuple[float, float, float, int]:
    """All pages of a shop of one size; returns the numbers of the verdict: of the sum of the pages."""
    world = measure("ours.shops:make_world", cache=cache, events=events).result
    file = measure("ours.shops:one_file", world=world["folder"]).result
    made = measure("ours.shops:make_shop", cache=cache, world=world["folder"], files=[file]).result
    shop = measure("ours.shops:copy_shop", shop=made, to=f"{cache}/painted").result
    measure("ours.build:build", shop=shop)
    seen = measure("ours.paint:pages", shop=shop)
    plain = seen.result.pop("plain")["ms"]
    table = Table(("page", 24), ("paint ms", 9), ("kB", 7), ("plain ms", 9))
    for path, one in seen.result.items():
        table.row(path, one["ms"], one["kb"], plain)
    total = sum(one["ms"] for one in seen.result.values())
    return plain * len(seen.result) / total, 1e3 * total / len(seen.result), seen.peak_mib, world["rows"]


if __name__ == "__main__":
    main()
