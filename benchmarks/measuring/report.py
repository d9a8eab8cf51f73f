"""The doors of a benchmark: ``--size`` and ``--cache`` in, a table and one JSON object out."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measuring.process import load


@dataclass(frozen=True)
class Asked:
    """What the command line asks for.

    Attributes:
        size: small or full.
        cache: folder of generated worlds and shops.
    """

    size: str
    cache: Path


@dataclass(frozen=True)
class Verdict:
    """The last line of a benchmark.

    Attributes:
        name: of the benchmark.
        size: small or full.
        peer: who it is measured against.
        ratio: the peer's time divided by ours; above 1 is ahead.
        cpu_us_per_item: our processor time for one row, event or question, in microseconds.
        peak_mib: our peak of resident memory.
        rows: rows of the largest run.
    """

    name: str
    size: str
    peer: str
    ratio: float
    cpu_us_per_item: float
    peak_mib: float
    rows: int

    def tell(self) -> None:
        """Print it."""
        print(json.dumps({key: round(v, 3) if isinstance(v, float) else v for key, v in asdict(self).items()}))


@contextmanager
def asked(story: str) -> Iterator[Asked]:
    """Read the command line. The cache is the folder given, else that of the environment, else one that is removed."""
    parser = argparse.ArgumentParser(description=story)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("--cache", type=Path, default=os.environ.get("QIANMIAN_BENCH_CACHE"))
    options = parser.parse_args()
    print(story)
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
        yield Asked(options.size, options.cache.absolute())
        return
    with tempfile.TemporaryDirectory(prefix="qianmian-bench-") as folder:
        yield Asked(options.size, Path(folder))


class Table:
    """Rows with the load of the machine at their end, printed as they come."""

    def __init__(self, *columns: tuple[str, int]) -> None:
        """Print the head; a column is (title, width), the first one's text stands left."""
        self._widths = [width for _, width in columns]
        self.row(*(title for title, _ in columns), load_of_machine="load")

    def row(self, *cells: object, load_of_machine: str = "") -> None:
        """Print a row; decimals get two or three digits."""
        shown = [_shown(cell) for cell in cells]
        first = shown[0].ljust(self._widths[0])
        rest = [cell.rjust(width) for cell, width in zip(shown[1:], self._widths[1:], strict=True)]
        print("  ".join([first, *rest, (load_of_machine or load()).rjust(7)]), flush=True)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.3f}" if cell < 10 else f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def lines(text: Sequence[str]) -> None:
    """Print what a reader must know before the numbers."""
    print("\n".join(f"  {line}" for line in text), flush=True)
