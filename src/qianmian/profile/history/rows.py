"""The shape of history: one row an event and line, under its person, small enough to read whole."""

from __future__ import annotations

import pyarrow as pa

#: Kinds of code; the number of a text never changes, so history stays valid while words are added.
CODED = ("event", "item", "channel", "device_type", "region")

#: Columns of a history file, sorted by (person_id, occurred_at, event_key, line). Code 0 = none.
#: ``happened_on`` is the local date; ``effective_on`` the date on which money counts: a refund's is its order's.
SCHEMA = pa.schema(
    [
        ("person_id", pa.int64()),
        ("node_id", pa.int64()),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("event_key", pa.int64()),
        ("happened_on", pa.date32()),
        ("effective_on", pa.date32()),
        ("amount", pa.int64()),
        ("item", pa.int32()),
        ("event", pa.int16()),
        ("line", pa.int16()),
        ("hour", pa.int8()),
        ("channel", pa.int16()),
        ("device_type", pa.int16()),
        ("region", pa.int16()),
    ]
)
COLUMNS = tuple(SCHEMA.names)
