"""Columns that several tables share: declared once, so that one word keeps one meaning."""

from __future__ import annotations

from qianmian.core.tables import Column, Personal, Type

SOURCE = Column("source", Type.TEXT, "name of the data source that delivered the row", nullable=False)
EVENT_ID = Column("event_id", Type.TEXT, "the source's own id of the event; unique within the source", nullable=False)
EVENT_KEY = Column("event_key", Type.ID, "63-bit stable hash of (source, event_id)", nullable=False)
NODE_ID = Column("node_id", Type.ID, "pseudonym of an identifier; 0 = none", Personal.PSEUDONYM, nullable=False)
PERSON_ID = Column(
    "person_id", Type.ID, "first vertex of the person's component; 0 = nobody", Personal.PSEUDONYM, nullable=False
)
OCCURRED_AT = Column("occurred_at", Type.INSTANT, "when it happened, UTC, skew-corrected", nullable=False)
DAY = Column("day", Type.DATE, "UTC day of occurred_at", nullable=False)
BATCH = Column("batch", Type.ID, "number of the import batch or flush that delivered the row", nullable=False)
VERSION = Column("version", Type.ID, "identity version: which belief about who is who", nullable=False)
SINCE = Column("since", Type.INSTANT, "start of the node's interval, inclusive; empty = from the beginning")
