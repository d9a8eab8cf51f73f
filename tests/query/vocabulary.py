"""A small shop's vocabulary, and its data in DuckDB, for the tests of conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from qianmian.core.tables import Type
from qianmian.profile.journey.asked import people_in
from qianmian.query.fields import HistoryField, TagField, Vocabulary
from qianmian.query.sequence import people_of
from qianmian.query.tree import STAGES, Journey, Sequence

TODAY = date(2026, 11, 11)

TAGS = (
    TagField("lifecycle", Type.TEXT, ("new", "active", "loyal", "lost")),
    TagField("city", Type.TEXT),
    TagField("region", Type.TEXT),
    TagField("preferred_category", Type.TEXT),
    TagField("spend_90d", Type.MONEY),
    TagField("orders_30d", Type.INTEGER),
    TagField("churn_risk", Type.NUMBER),
    TagField("is_member", Type.FLAG),
    TagField("first_order_on", Type.DATE),
    TagField("last_seen_at", Type.INSTANT),
)

EVENTS = ("Product Viewed", "Order Completed", "Post Liked")
UNSEEN_EVENT = "Survey Answered"  # planned, but none was ever collected
CATEGORIES = ("美妆", "母婴", "O'Neil")
CHANNELS = ("app", "小程序")
CODES: dict[tuple[str, str], int] = {
    (column, text): code
    for column, texts in (("event", EVENTS), ("category", CATEGORIES), ("channel", CHANNELS))
    for code, text in enumerate(texts, 1)
}

NOW = datetime.combine(TODAY, time(18), UTC)
#: Stays in stages of the people 1 to 6; the last of each ends after `NOW`, or has ended, or begins later.
STAYS = [
    {"person_id": person, "category": category, "stage": STAGES[(person + number) % 6],
     "began_at": NOW - timedelta(days=begun, hours=hours), "ended_at": NOW - timedelta(days=ended)}
    for person in range(1, 7)
    for number, category in enumerate(CATEGORIES)
    for begun, ended, hours in ((90, 40, 0), (40, (person - 3) * 7, 0), (person - 3, -30, 6 * (number + 2)))
]  # fmt: skip

TIE_KINDS = ("follow", "invite", "group_buy")

VOCABULARY = Vocabulary(
    tags=TAGS,
    events=frozenset({*EVENTS, UNSEEN_EVENT}),
    history=(
        HistoryField("category", "category", Type.TEXT, coded=True, line=True),
        HistoryField("channel", "channel", Type.TEXT, coded=True),
        HistoryField("amount", "amount", Type.MONEY),
        HistoryField("note", "remark", Type.TEXT),
    ),
    code_of=lambda column, text: CODES.get((column, text)),
    tie_kinds=frozenset(TIE_KINDS),
    categories=frozenset(CATEGORIES),
)

_ARROW = {
    Type.TEXT: pa.string(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.INSTANT: pa.timestamp("us", "UTC"),
}
_PROFILES = pa.schema([("person_id", pa.int64()), *((tag.name, _ARROW[tag.type]) for tag in TAGS)])
_HISTORY = pa.schema(
    [
        ("person_id", pa.int64()),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("happened_on", pa.date32()),
        ("event", pa.int16()),
        ("line", pa.int32()),
        ("event_key", pa.int64()),
        ("category", pa.int16()),
        ("channel", pa.int16()),
        ("amount", pa.decimal128(18, 4)),
        ("remark", pa.string()),
    ]
)
_ORDER = ("person_id", "occurred_at", "event_key", "line")
_TIES = pa.schema(
    [("person_id", pa.int64()), ("other_id", pa.int64()), ("kind", pa.string()), ("direction", pa.string())]
)
_CLOSENESS = pa.schema([("person_id", pa.int64()), ("other_id", pa.int64()), ("strength", pa.float64())])

Rows = Iterable[Mapping[str, Any]]


def connect() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
    return connection


def load(connection: duckdb.DuckDBPyConnection, people: Rows, history: Rows, ties: Rows = ()) -> None:
    """Put people, their history and their ties, as the oracle reads them, where the compiled SQL reads them."""
    coded = [{name: CODES.get((name, value), value) for name, value in row.items()} for row in history]
    connection.register("profiles", pa.Table.from_pylist([dict(row) for row in people], schema=_PROFILES))
    rows = pa.Table.from_pylist(coded, schema=_HISTORY)
    connection.register("history", rows)
    connection.register("sorted_history", rows.sort_by([(name, "ascending") for name in _ORDER]))
    rows = [
        {**tie, "person_id": one, "other_id": other, "direction": way} for tie in ties for one, other, way in ends(tie)
    ]
    connection.register("ties", pa.Table.from_pylist(rows, schema=_TIES))
    close = {(row["person_id"], row["other_id"]): row for row in rows}
    connection.register("closeness", pa.Table.from_pylist(list(close.values()), schema=_CLOSENESS))


def show_people(connection: duckdb.DuckDBPyConnection, name: str, asked: Sequence | Journey) -> None:
    """Put those who did a sequence, or stand in a journey, where the compiled SQL reads them."""
    if isinstance(asked, Sequence):
        show_sequence(connection, name, asked)
    else:
        show_journey(connection, name, asked)


def show_journey(connection: duckdb.DuckDBPyConnection, name: str, journey: Journey) -> None:
    """Put those who stand in a journey where the compiled SQL reads them."""
    connection.register("journey_stages", pa.Table.from_pylist(STAYS))
    people = people_in(connection, journey, journey.category, now=NOW, today=TODAY, zone="UTC")
    connection.register(name, pa.table({"person_id": people}))


def show_sequence(connection: duckdb.DuckDBPyConnection, name: str, sequence: Sequence) -> None:
    """Put those who did a sequence where the compiled SQL reads them."""
    rows = connection.table("sorted_history").to_arrow_table()
    people = people_of(sequence, lambda column: _numbers(rows.column(column)), VOCABULARY, TODAY)
    connection.register(name, pa.table({"person_id": people}))


def _numbers(values: pa.ChunkedArray) -> Any:
    """As history has them: 0 where a code is empty, microseconds, days since 1970."""
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    elif pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return values.fill_null(0).to_numpy()


def ends(tie: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """A tie under each of its people: (person, other, direction)."""
    forth, back = ("both", "both") if tie["kind"] == "group_buy" else ("out", "in")
    return [(tie["from"], tie["to"], forth), (tie["to"], tie["from"], back)]
