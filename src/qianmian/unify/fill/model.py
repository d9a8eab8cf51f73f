"""Gaps filled by a model: what goes with what else the event says."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pyarrow as pa

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.fill.cells import NUMBER, judged, output, show_cells, show_events
from qianmian.unify.fill.groups import numbered, show_known, show_usual
from qianmian.unify.fill.rules import BY_MODEL, Fill

#: The library takes a second to load, so it is loaded when somebody fills by a model.
_BOOSTING = "qianmian.learning.boosting"
#: Rows that a model is taught by: a sample by the event's key.
MOST_ROWS = 20_000
_FEATURES = ("source", "name", "channel", "device_type", "region", "currency")
_ROWS = """
SELECT cells.event_key, is_empty, is_hidden, cells.value{cast} AS value, {features},
       hour(told.occurred_at AT TIME ZONE getvariable('zone'))::DOUBLE AS hour,
       dayofweek(told.occurred_at AT TIME ZONE getvariable('zone'))::DOUBLE AS weekday
FROM cells JOIN read_events AS told USING (event_key) WHERE is_asked AND {which} ORDER BY cells.event_key {limit}
"""


def fill_by_model(context: Context) -> Output:
    """Fill gaps by a model of all events.

    Params: see `learn`; and ``zone``, the workspace's time zone.
    """
    with context.connect("events") as connection:
        show_events(context, connection)
        show_known(context, connection)
        found = []
        for place, fill in numbered(context):
            if fill.method in BY_MODEL:
                show_cells(connection, place, fill, context.buckets)
                show_usual(connection, place, fill)
                _guess(connection, fill)
                found.append(judged(context, connection, place, fill))
    return output(context, found)


def _guess(connection: Connection, fill: Fill) -> None:
    """Make the tables ``filled`` and ``tried``: each from a model that saw no value that it guesses."""
    boosting = import_module(_BOOSTING)
    known, empty = _rows(connection, fill, "value IS NOT NULL", MOST_ROWS), _rows(connection, fill, "is_empty")
    hidden = np.asarray(known["is_hidden"])
    seen, tried = known.filter(pa.array(~hidden)), known.filter(pa.array(hidden))
    kind = pa.string() if fill.is_word else pa.float64()
    guessed, _ = boosting.taught(seen, tried, is_word=fill.is_word)
    connection.register("tried_rows", pa.table({"value": tried["value"].cast(kind), "guess": pa.array(guessed, kind)}))
    values, doubt = boosting.taught(known, empty, is_word=fill.is_word)
    filled = {"event_key": empty["event_key"], "value": pa.array(values, kind), "doubt": pa.array(doubt, pa.float64())}
    connection.register("filled_rows", pa.table(filled))
    cast = "VARCHAR" if fill.is_word else NUMBER
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE tried AS SELECT value::{cast} AS value, guess::{cast} AS guess FROM tried_rows;
        CREATE OR REPLACE TEMP TABLE filled AS
        SELECT event_key, value::{cast} AS value, {known.num_rows}::BIGINT AS known, doubt FROM filled_rows
        WHERE value IS NOT NULL""")


def _rows(connection: Connection, fill: Fill, which: str, most: int | None = None) -> pa.Table:
    features = [f"told.{name}" for name in _FEATURES if name != fill.field]
    if fill.field != "total":
        features.append("told.total::DOUBLE AS total")
    cast, limit = "" if fill.is_word else "::DOUBLE", f"LIMIT {most}" if most else ""
    return fetch(connection, _ROWS.format(cast=cast, features=", ".join(features), which=which, limit=limit))
