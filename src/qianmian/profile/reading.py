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
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.profile.tags.values import show_profiles
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
        connection: has the relation ``profiles``, and a view of each other table asked for.
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

    def show_history(self) -> None:
        """Make the relation ``history`` too, with the category, brand and price band that each item has today."""
        rows = pa.concat_tables([SCHEMA.empty_table(), *(files.read(part, Buckets()) for part in self.parts)])
        self.connection.register("coded_history", rows)
        by_item = {name: self.dimensions.by_name[name].codes for name in ("category", "brand", "price_band")}
        self.connection.register(
            "item_meaning", pa.table({"item": pa.array(range(len(by_item["brand"])), pa.int32()), **by_item})
        )
        self.connection.execute(
            "CREATE OR REPLACE VIEW history AS SELECT * FROM coded_history LEFT JOIN item_meaning USING (item)"
        )


@contextmanager
def reading(  # noqa: PLR0913  # a connection's limits are handed through
    lake: Lake,
    snapshot: Snapshot,
    *,
    totals: Totals,
    threads: int,
    memory_mib: int,
    spill: Path,
    also: tuple[str, ...] = (),
) -> Iterator[Reading]:
    """Open what the last build left.

    Args:
        lake: where tables live.
        snapshot: names the build; its instant is the build's.
        totals: of the build.
        threads: processor threads of a question.
        memory_mib: memory of a question.
        spill: folder for what does not fit.
        also: further tables to see.
    """
    tables = {"partials", "codes", "items", *segments.TABLES, *also}
    with connect(
        lake, snapshot, threads=threads, memory_mib=memory_mib, spill=spill, tables=sorted(tables)
    ) as connection:
        show_profiles(connection, totals)
        meaning = dimensions(connection, snapshot.instant)
        parts = tuple(segments.segments(connection, lake.root / files.FOLDER, Buckets()))
        yield Reading(connection, _vocabulary(connection, meaning), meaning, parts, totals.today)


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
