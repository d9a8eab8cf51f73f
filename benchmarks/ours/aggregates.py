"""Our side of plain aggregates: the mask, count and sum kernels over history, and nothing else of a build."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.ours.shops import opened
from qianmian.app.shop import ANALYSE
from qianmian.engines.base import Buckets
from qianmian.profile.history import files
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.partial import Fold
from qianmian.profile.tags.partials import People, Reckoning, fold_people
from qianmian.profile.tags.union import Union, union

TODAY = date(2026, 11, 18)
_EPOCH = date(1970, 1, 1)


def needs() -> Union:
    """The conditions of the tags that count rows or sum money."""
    plain = [tag for tag in BASIC if all(need.fold in (Fold.COUNT, Fold.SUM) for need in tag.needs)]
    return union(plain)


def fold(shop: str, out: str) -> int:
    """Fold everybody, a thread for each file of history; returns the people."""
    with opened(shop) as found, found.asking(ANALYSE) as (read, _):
        reckoning = Reckoning(needs(), (TODAY - _EPOCH).days, 0, read.dimensions)

        def one(part: files.Segment) -> pa.Table:
            return fold_people(People.of(files.read(part, Buckets())), reckoning)

        with ThreadPoolExecutor(2) as pool:
            folded = pa.concat_tables(pool.map(one, read.parts))
    folded = folded.drop_columns(["next_change_on"])
    pq.write_table(folded, out, compression="zstd", compression_level=1, row_group_size=32_768)
    return len(folded)


def prepare(shop: str, out: str) -> int:
    """Write history with words instead of codes as one Parquet file, sorted by person."""
    Path(out).mkdir(parents=True, exist_ok=True)
    with opened(shop) as found, found.asking(ANALYSE) as (read, _):
        read.show_history()
        query = f"""
        COPY (SELECT person_id, text AS event, happened_on, effective_on, amount
              FROM coded_history JOIN (SELECT code, text FROM codes WHERE kind = 'event') ON event = code
              WHERE line = 0 ORDER BY person_id)
        TO '{found.workspace.lake.root}/aggregates.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"""
        rows = read.connection.execute(query).fetchall()[0][0]
        (found.workspace.lake.root / "aggregates.parquet").replace(Path(out) / "history.parquet")
    return int(rows)
