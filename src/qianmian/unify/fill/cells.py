"""What filling starts from: the values of a field as a relation, and what was guessed of it, judged and written.

One value in ten of those that are known, by the event's key, is hidden: it is guessed from the others, so that the
guess can be compared with the truth. Sums are exact decimals, so that the split cannot matter.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa

from qianmian.engines.base import Buckets, Context, Output
from qianmian.lake.connection import Connection, fetch, quoted
from qianmian.unify.clean.fields import PROPERTIES, path
from qianmian.unify.fill.rules import Fill
from qianmian.unify.normal.rules import EVENT_WORDS
from qianmian.unify.normal.units import quantity
from qianmian.unify.normal.words import Words

#: One known value in so many is hidden.
HIDDEN = 10
#: Numbers are compared and added as these.
NUMBER = "DECIMAL(18,4)"
_DISTINCT = " UNION ALL ".join(
    f"SELECT '{field}', '', raw FROM (SELECT DISTINCT {field} AS raw FROM events) WHERE raw IS NOT NULL"
    for field in EVENT_WORDS
)
_READ = f"""
CREATE OR REPLACE TEMP VIEW read_events AS
SELECT events.* REPLACE ({", ".join(f"coalesce({one}_read.word, {one}) AS {one}" for one in EVENT_WORDS)})
FROM events {
    " ".join(
        f"LEFT JOIN (FROM read_words WHERE field = '{one}') AS {one}_read ON {one} = {one}_read.raw"
        for one in EVENT_WORDS
    )
}
"""
_CELLS = f"""
CREATE OR REPLACE TEMP {{kind}} cells AS
SELECT source, event_id, event_key, node_id, occurred_at, name, {{by}} AS part, {{raw}} IS NULL AS is_empty,
       {{value}} AS value, event_key % {HIDDEN} = 0 AND {{value}} IS NOT NULL AS is_hidden,
       list_contains(getvariable('asked'), name) AS is_asked
FROM read_events WHERE node_id BETWEEN getvariable('first') AND getvariable('last')
"""
#: ``off`` is how far a guess is from the truth: of numbers the distance, of words 1 if it is another.
_JUDGED = """
SELECT (SELECT count(*) FROM cells WHERE is_asked AND is_empty) AS empty,
       (SELECT count(*) FROM filled) AS filled,
       count(*) AS tried, coalesce(sum({off}), 0)::VARCHAR AS off,
       coalesce(sum({usual}), 0)::VARCHAR AS off_usual
FROM (SELECT *, (SELECT value FROM usual) AS usual FROM tried WHERE guess IS NOT NULL)
"""


def show_events(context: Context, connection: Connection) -> None:
    """Make the view ``read_events``: events with their words as they are read; params: ``words``."""
    words = Words.from_json(str(context.params["words"]))
    connection.register("read_words", words.table(connection.execute(_DISTINCT).fetchall()))
    connection.execute(_READ)


def show_cells(connection: Connection, place: int, fill: Fill, buckets: Buckets, kind: str = "TABLE") -> None:
    """Make the relation ``cells`` of a field in the events of some buckets, all of them; ``is_asked`` are the fill's.

    The connection has what `show_events` made.
    """
    for name, value in {**vars(buckets), "asked": list(fill.events)}.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
    raw, value = quoted(fill.field), quoted(fill.field)
    if fill.field.startswith(PROPERTIES):
        connection.execute("SET VARIABLE path = $value", {"value": path(fill.field.removeprefix(PROPERTIES))})
        raw = "json_extract_string(properties, getvariable('path'))"
        value = f"({quantity(raw, place + 1)})::{NUMBER}"
    by = quoted(fill.by) if fill.by else "''"
    connection.execute(_CELLS.format(kind=kind, by=by, raw=raw, value=value))


def judged(context: Context, connection: Connection, place: int, fill: Fill) -> tuple[pa.Table, dict[str, Any]]:
    """The rows of the table `fills`, and what is known of how good they are, mergeable.

    The connection has ``cells``; ``filled`` and ``tried``, the first with ``event_key, value, known, doubt``, the
    second with ``value, guess`` of hidden ones; and ``usual``, one row: the median or the commonest of what is seen.
    """
    off = "(value <> {0})::INTEGER" if fill.is_word else f"abs(value - {{0}}::{NUMBER})"
    query = _JUDGED.format(off=off.format("guess"), usual=off.format("usual"))
    [told] = fetch(connection, query).to_pylist()
    rows = fetch(
        connection,
        """SELECT source, event_id, event_key, node_id, occurred_at, name, $place::BIGINT AS place, $field AS field,
                  $method AS method, filled.value::VARCHAR AS value, known, doubt::DOUBLE AS doubt
           FROM filled JOIN (FROM cells WHERE is_asked AND is_empty) AS cells USING (event_key)
           ORDER BY occurred_at, event_key""",
        {"place": place, "field": fill.field, "method": fill.method},
    )
    return rows, {str(place): told}


def output(context: Context, found: list[tuple[pa.Table, dict[str, Any]]]) -> Output:
    """Write what was filled."""
    rows = pa.concat_tables([rows for rows, _ in found]) if found else None
    files = (context.write("fills", rows),) if rows is not None and rows.num_rows else ()
    summary = {place: one for _, told in found for place, one in told.items()}
    return Output({"fills": files}, summary)


def added(summaries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The summaries of all tasks as one: counts and sums by the place of the fill.

    >>> added([{"0": {"tried": 1, "off": "0.5"}}, {"0": {"tried": 2, "off": "1.25"}}])
    {'0': {'tried': 3, 'off': '1.75'}}
    """
    total: dict[str, dict[str, Any]] = {}
    for place, told in (item for summary in summaries for item in summary.items()):
        before = total.setdefault(place, {})
        for name, value in told.items():
            is_sum = isinstance(value, str)
            before[name] = str(Decimal(before.get(name, 0)) + Decimal(value)) if is_sum else before.get(name, 0) + value
    return total
