"""Import and build with the lake in an object store on this machine, against the same shop in a folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import qianmian
from benchmarks.measuring.process import measure
from benchmarks.measuring.report import Table, asked, lines
from qianmian.cli import demo
from tests.objectstore import objects, running

SIZES = {"small": 200_000, "full": 2_000_000}
MAPPINGS = Path(demo.__file__).parent
CONDITION = "did('Product Viewed', last='30d') >= 2"
_STORY = (
    "folder  the lake in `data/lake`, as by default",
    "store   the lake in moto's S3 server, a process on this machine: the requests are real, the way is short",
    "again   the first question of a new process whose folder holds no copy: what it needs is fetched; MiB = how much",
)


def main() -> None:
    with asked("The same shop in a folder and in an object store.") as options, running() as server:
        lines(_STORY)
        world = measure("ours.shops:make_world", cache=str(options.cache), events=SIZES[options.size]).result
        file = Path(measure("ours.shops:one_file", world=world["folder"]).result)
        table = Table(
            ("side", 7), ("import s", 9), ("build s", 8), ("again s", 8), ("MiB", 6), ("objects", 8), ("people", 8)
        )
        for round_ in ("warm", "timed"):  # the first of all pays for what is compiled and cached
            for side in ("folder", "store"):
                address = server.address()
                settings = {"lake": address.url, "lake_endpoint": address.endpoint} if side == "store" else {}
                with tempfile.TemporaryDirectory(prefix="qianmian-bench-") as folder:
                    row = _once(Path(folder) / "shop", file, settings)
                if round_ == "timed":
                    table.row(side, *row[:4], len(objects(address)) if settings else 0, row[4])


def _once(folder: Path, file: Path, settings: dict[str, Any]) -> tuple[float, float, float, float, int]:
    shop = qianmian.init(folder, name="bench", **settings)
    imported = _seconds(lambda: shop.import_file(file, MAPPINGS / "events.yaml"))
    built = _seconds(shop.build)
    shop.close()
    copies = folder / "data" / "lake"
    if settings:
        shutil.rmtree(copies)
    again = qianmian.open(folder)
    asked_in = _seconds(lambda: again.audience(CONDITION, limit=10))
    people = again.audience(CONDITION, limit=10).size()
    again.close()
    fetched = sum(path.stat().st_size for path in copies.rglob("*") if path.is_file()) if settings else 0
    return imported, built, asked_in, fetched / 2**20, people


def _seconds(do: Callable[[], object]) -> float:
    begun = monotonic()
    do()
    return monotonic() - begun


if __name__ == "__main__":
    main()
