"""Gaps filled by what others of their group have: constant, mean, median, mode; from counts that add up exactly."""

from __future__ import annotations

from collections.abc import Iterator

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.unify.fill.cells import NUMBER, judged, output, show_cells, show_events
from qianmian.unify.fill.rules import BY_GROUP, Fill

#: Name under which counts of known values are dealt.
KNOWN = "known"
_COUNTS = """
CREATE TEMP TABLE counted (
    place INTEGER, grouped VARCHAR, value VARCHAR, is_hidden BOOLEAN, n BIGINT, part INTEGER)
"""
_COUNTED = """
INSERT INTO counted SELECT {place}, part, value::VARCHAR, is_hidden, count(*), 0
FROM cells WHERE is_asked AND value IS NOT NULL GROUP BY ALL
"""
_SUMMED = f"""
CREATE TEMP TABLE known AS
SELECT place, grouped AS part, value, try_cast(value AS {NUMBER}) AS number, is_hidden, sum(n)::BIGINT AS n
FROM read_parquet($files, hive_partitioning = false) GROUP BY ALL
"""
_NOTHING = f"""
CREATE TEMP TABLE known AS
SELECT 0 AS place, '' AS part, '' AS value, 0::{NUMBER} AS number, false AS is_hidden, 0::BIGINT AS n WHERE false
"""
#: The commonest; of equally common ones the first by the alphabet.
_MODE = """
SELECT {part}, arg_min(value, (-n, value)) AS value, sum(n)::BIGINT AS known, 1 - max(n) / sum(n) AS doubt
FROM (SELECT part, value, sum(n)::BIGINT AS n FROM {known} GROUP BY part, value) GROUP BY ALL
"""
#: The lower of the two in the middle. Deviations from the mean tell how sure both are.
_NUMBERS = """
SELECT {part}, {value} AS value, sum(n)::BIGINT AS known,
       round(sqrt(greatest(fsum(number::DOUBLE * number::DOUBLE * n) / sum(n)
                           - (sum(number * n)::DOUBLE / sum(n)) ** 2, 0)), 4) AS doubt
FROM (SELECT *, sum(n) OVER (PARTITION BY {part} ORDER BY number) AS upto, sum(n) OVER (PARTITION BY {part}) AS all_n
      FROM {known} WHERE number IS NOT NULL)
GROUP BY ALL
"""
_MEDIAN = f"(min(number) FILTER (2 * upto >= all_n))::{NUMBER}"
_MEAN = f"(sum(number * n)::DOUBLE / sum(n))::{NUMBER}"


def learn(context: Context) -> Output:
    """Count the known values of all fills in the events of some buckets, and deal out the counts.

    Params:
        fills: what is filled; and `units_params` of their fields.
        words: how words are read.
    """
    with context.connect("events") as connection:
        show_events(context, connection)
        connection.execute(_COUNTS)
        for place, fill in numbered(context):
            show_cells(connection, place, fill, context.buckets, "VIEW")
            connection.execute(_COUNTED.format(place=place))
        context.deal(connection, "counted", KNOWN)
    return Output()


def fill_by_group(context: Context) -> Output:
    """Fill the gaps of some buckets by what their groups have.

    Params: see `learn`.
    """
    with context.connect("events") as connection:
        show_events(context, connection)
        show_known(context, connection)
        found = []
        for place, fill in numbered(context):
            if fill.method in BY_GROUP:
                show_cells(connection, place, fill, context.buckets)
                show_usual(connection, place, fill)
                for name, hidden in (("estimates", "true"), ("of_seen", "NOT is_hidden")):
                    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {_estimates(place, fill, hidden)}")
                connection.execute("""
                    CREATE OR REPLACE TEMP VIEW filled AS
                    SELECT event_key, estimates.value, known, doubt FROM cells JOIN estimates USING (part)
                    WHERE is_asked AND is_empty AND estimates.value IS NOT NULL;
                    CREATE OR REPLACE TEMP VIEW tried AS
                    SELECT cells.value, of_seen.value AS guess FROM cells JOIN of_seen USING (part)
                    WHERE is_asked AND is_hidden""")
                found.append(judged(context, connection, place, fill))
    return output(context, found)


def numbered(context: Context) -> Iterator[tuple[int, Fill]]:
    """The declared fills with their places."""
    return enumerate(Fill.of(one) for one in context.params["fills"])


def show_known(context: Context, connection: Connection) -> None:
    """Make the table ``known`` of what `learn` counted."""
    files = [str(path) for path in context.dealt(KNOWN, 0)]
    connection.execute(_SUMMED if files else _NOTHING, {"files": files} if files else None)


def show_usual(connection: Connection, place: int, fill: Fill) -> None:
    """Make the table ``usual``: what a fill is compared with, the median or the commonest of all that is not hidden."""
    known = f"(FROM known WHERE place = {place} AND NOT is_hidden)"
    value = "NULL" if fill.is_word else _MEDIAN
    select = (_MODE if fill.is_word else _NUMBERS).format(part="''", known=known, value=value)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE usual AS SELECT value FROM ({select})")


def _estimates(place: int, fill: Fill, seen: str) -> str:
    known = f"(FROM known WHERE place = {place} AND {seen})"
    if fill.method == "constant":
        value = f"getvariable('fills')[{place + 1}].value"
        kind = "VARCHAR" if fill.is_word else NUMBER
        return f"SELECT '' AS part, {value}::{kind} AS value, 0::BIGINT AS known, NULL::DOUBLE AS doubt"
    if fill.method == "mode":
        value = "value" if fill.is_word else f"value::{NUMBER}"
        return f"SELECT part, {value} AS value, known, doubt FROM ({_MODE.format(part='part', known=known)})"
    return _NUMBERS.format(part="part", known=known, value=_MEDIAN if fill.method == "median" else _MEAN)
