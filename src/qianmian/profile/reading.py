"""Profiles and history as relations of a connection, for whoever asks about people after a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from qianmian.core import events
from qianmian.core.tables import Type
from qianmian.engines.base import Buckets
from qianmian.lake.connection import Connection, connect
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.profile.history import files, segments
from qianmian.profile.history.rows import SCHEMA
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.query.fields import HistoryField, TagField, Vocabulary

#: What a filter inside did(…) can name. A product's fields hold for its line; the others for the whole event.
FILTERS = (
    HistoryField("category", "category", Type.TEXT, coded=True, line=True),
    HistoryField("brand", "brand", Type.TEXT, coded=True, line=True),
    HistoryField("price_band", "price_band", Type.TEXT, coded=True, line=True),
    HistoryField("item", "item", Type.TEXT, coded=True, line=True),
    HistoryField("channel", "channel", Type.TEXT, coded=True),
    HistoryField("device_type", "device_type", Type.TEXT, coded=True),
    HistoryField("region", "region", Type.TEXT, coded=True),
    HistoryField("hour", "hour", Type.INTEGER),
)


@dataclass(frozen=True)
class Reading:
    """What the last build left, open for questions.

    Attributes:
        connection: has the relations ``profiles`` and ``history``, and a view of each other table asked for.
        vocabulary: what a condition can name.
        dimensions: what codes mean.
        parts: the files of history.
        today: the local date of the build.
    """

    connection: Connection
    vocabulary: Vocabulary
    dimensions: Dimensions
    parts: tuple[files.Segment, ...]
    today: date


@contextmanager
def reading(  # noqa: PLR0913  # a connection's limits are handed through
    lake: Lake,
    snapshot: Snapshot,
    *,
    today: date,
    threads: int,
    memory_mib: int,
    spill: Path,
    also: tuple[str, ...] = (),
) -> Iterator[Reading]:
    """Open what the last build left.

    Args:
        lake: where tables live.
        snapshot: names the build; its instant is the build's.
        today: the build's local date; windows end with it.
        threads: processor threads of a question.
        memory_mib: memory of a question.
        spill: folder for what does not fit.
        also: further tables to see.
    """
    tables = {"profiles", "codes", "items", *segments.TABLES, *also}
    with connect(
        lake, snapshot, threads=threads, memory_mib=memory_mib, spill=spill, tables=sorted(tables)
    ) as connection:
        meaning = dimensions(connection, snapshot.instant)
        parts = tuple(segments.segments(connection, lake.root / files.FOLDER, Buckets()))
        _show_history(connection, parts, meaning)
        yield Reading(connection, _vocabulary(connection, meaning), meaning, parts, today)


def _show_history(connection: Connection, parts: tuple[files.Segment, ...], meaning: Dimensions) -> None:
    """History with the category, brand and price band that each item has today."""
    rows = pa.concat_tables([SCHEMA.empty_table(), *(files.read(part, Buckets()) for part in parts)])
    connection.register("coded_history", rows)
    by_item = {name: meaning.by_name[name].codes for name in ("category", "brand", "price_band")}
    connection.register(
        "item_meaning", pa.table({"item": pa.array(range(len(by_item["brand"])), pa.int32()), **by_item})
    )
    connection.execute("CREATE VIEW history AS SELECT * FROM coded_history LEFT JOIN item_meaning USING (item)")


def _vocabulary(connection: Connection, meaning: Dimensions) -> Vocabulary:
    coded = connection.execute("SELECT kind, text, code FROM codes").fetchall()
    codes = {(kind, text): code for kind, text, code in coded}
    codes |= {("item", text.partition("/")[2]): code for kind, text, code in coded if kind == "item"}
    for name in ("category", "brand", "price_band"):
        codes |= {(name, word): code for code, word in enumerate(meaning.by_name[name].words) if word is not None}
    return Vocabulary(
        tags=tuple(TagField(tag.name, tag.type, tag.values) for tag in TAGS),
        events=frozenset(events.TRACKING_PLAN) | frozenset(meaning.event_codes),
        history=FILTERS,
        code_of=lambda column, text: codes.get((column, text)),
    )
