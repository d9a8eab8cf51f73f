"""The measures by which people are grouped: some of everybody for the model, then everybody, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from qianmian.core.errors import InputError
from qianmian.lake.connection import fetch
from qianmian.learning.clusters import Rows
from qianmian.profile.reading import Reading
from qianmian.profile.tags.declare import Tag
from qianmian.query.fields import NUMBERS

#: What people are grouped by, unless something else is asked for: what they did, spent and shared, and how long ago.
MEASURES = (
    *("days_known", "active_days_90d", "views_30d", "carts_30d"),
    *("orders_365d", "net_365d", "recency_days", "refunds_90d"),
    *("coupons_used_90d", "social_30d", "invites_90d"),
)
#: The model sees so many people, whom a hash of their ids chooses; a slice of everybody has so many.
MOST_PEOPLE, _SLICE = 20_000, 1 << 16


def measures(reading: Reading, names: Sequence[str]) -> list[Tag]:
    """The tags of some names, each once.

    Raises:
        UnknownNameError: there is no such tag.
        InputError: one has no numbers, or there are fewer than two.
    """
    found = [reading.tag(name) for name in dict.fromkeys(names)]
    for tag in found:
        if tag.type not in NUMBERS:
            raise InputError("cluster_measure", tag=tag.name)
    if len(found) < 2:
        raise InputError("cluster_few_measures")
    return found


def some_people(reading: Reading, tags: Sequence[Tag], among: str = "") -> Rows:
    """The measures of at most `MOST_PEOPLE` people: the same whatever order their profiles lie in.

    Args:
        reading: what the last build left.
        tags: the measures.
        among: SQL that joins a relation of ``person_id`` to choose from; empty = everybody.
    """
    order = f"ORDER BY hash(person_id), person_id LIMIT {MOST_PEOPLE}"
    return _rows(fetch(reading.connection, f"{_select(reading, tags)} {among} {order}"))


def everybody(reading: Reading, tags: Sequence[Tag]) -> Iterator[Rows]:
    """The measures of everybody, slice by slice, in any order."""
    for batch in reading.connection.sql(_select(reading, tags)).to_arrow_reader(_SLICE):
        yield _rows(pa.table(batch))


def _select(reading: Reading, tags: Sequence[Tag]) -> str:
    names = [tag.name for tag in tags]
    columns = ", ".join(f"{name}::DOUBLE AS {name}" for name in names)
    return f"SELECT {columns} FROM ({reading.select(names)})"


def _rows(table: pa.Table) -> Rows:
    columns = [table[name].to_numpy().astype(np.float64) for name in table.column_names]
    return np.column_stack(columns)
