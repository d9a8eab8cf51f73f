"""Segments of history become fewer: a build adds one, and reading a person's rows looks into every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.profile.history import files
from qianmian.profile.history.segments import TABLES, entry, segments

#: Above this share of rows that later segments made void, everything is merged, and what is void is gone.
MOST_VOID = 0.05


def to_merge(rows: Mapping[int, int], void_share: float) -> tuple[int, ...]:
    """The newest segments that are to become one; none if that is not worth it yet.

    A segment is taken when those after it have come to as many rows as it has itself. So each is larger than all after
    it together, and they are no more than the logarithm of their rows; a row is written as often, not at each build.

    Args:
        rows: rows of each segment, oldest first.
        void_share: share of people whose rows stand somewhere in void.

    >>> to_merge({1: 1000, 2: 10}, 0.0), to_merge({1: 1000, 2: 10, 3: 10}, 0.0), to_merge({1: 1000, 2: 20, 4: 10}, 0.0)
    ((), (2, 3), ())
    >>> to_merge({1: 1000, 2: 20, 4: 20}, 0.0), to_merge({1: 1000, 2: 20}, 0.06), to_merge({1: 1000}, 0.06)
    ((2, 4), (1, 2), ())
    """
    numbers = tuple(rows)
    if len(numbers) > 1 and void_share > MOST_VOID:
        return numbers
    newer = np.cumsum(list(rows.values())[::-1])[::-1]
    worth = [place for place in range(len(numbers) - 1) if rows[numbers[place]] <= newer[place + 1]]
    return numbers[worth[0] :] if worth else ()


def choose(context: Context) -> Output:
    """Decide which segments become one, and list the files of all others.

    Params:
        people: people that history knows.

    Returns:
        ``merged``, the numbers of the segments, oldest first; ``left``, how many stay; ``rows``, what the merged hold.
    """
    with context.connect(*TABLES) as connection:
        held = connection.execute("SELECT segment, sum(rows)::BIGINT FROM segments GROUP BY ALL ORDER BY 1").fetchall()
        (void,) = connection.execute("SELECT count(*) FROM masked").fetchall()[0]
        rows = dict(held)
        merged = to_merge(rows, void / max(int(context.params["people"]), 1))
        stay = fetch(connection, "FROM segments WHERE NOT list_contains($merged, segment)", {"merged": list(merged)})
    summary = {"merged": merged, "left": len(rows) - len(merged), "rows": sum(rows[number] for number in merged)}
    listed = merged and stay.num_rows
    return Output({"segments": (context.write("segments", stay),)} if listed else {}, summary)


def merge(context: Context) -> Output:
    """Write the valid rows that some segments hold of these buckets as one file, in the place of the newest of them.

    Params:
        merged: numbers of the segments, oldest first; none lies between them.
    """
    merged: Sequence[int] = context.params["merged"]
    storage = context.lake.storage
    with context.connect(*TABLES) as connection:
        parts = [part for part in segments(connection, storage, context.buckets) if part.number in set(merged)]
        rows = files.merged(files.read(part, context.buckets) for part in parts)
    if not rows.num_rows:
        return Output()
    written = entry(merged[-1], context.buckets, files.write(storage, rows), rows.num_rows)
    return Output({"segments": (context.write("segments", written),)}, {"rows": rows.num_rows}, rows.num_rows)
