"""Values far from those of their group, such as prices in cents among prices in yuan; by medians, which stand still.

Values above 0 are compared by their logarithm, for money has no upper end: a value is an outlier if it is further from
its group's median than so many times the median of such distances, taken as a standard deviation. A group whose values
hardly differ is taken to differ by a twentieth. A large customer is flagged, not dropped: who uses the flag decides.
"""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch, quoted
from qianmian.unify.clean.fields import EVENT_FIELDS, LINE_FIELDS, LINES
from qianmian.unify.clean.rules import Cleaning

#: A group with fewer values has no usual one.
LEAST_VALUES = 30
#: What the median of distances is a standard deviation's share of, if they are normal; and the least of it.
_NORMAL, _LEAST_SPREAD = 1.4826, 0.05
_EVENT = "source, event_id, event_key, node_id, occurred_at, name"
_LINES = """
CREATE TEMP VIEW lines_seen AS
SELECT events.* EXCLUDE (item_id), event_lines.item_id, quantity, unit_price, amount
FROM event_lines JOIN events USING (event_key)
"""
_OUTLIERS = """
SELECT {event}, 'outlier' AS rule, getvariable('fields')[{place}] AS field,
       arg_max(value, distance)::VARCHAR AS value, NULL AS like_event
FROM (
    SELECT *, median(distance) OVER one AS spread, count(*) OVER one AS n
    FROM (
        SELECT *, abs(ln(value) - median(ln(value)) OVER one) AS distance
        FROM (SELECT {event}, {by} AS part, {number} AS value FROM {rows}
              WHERE {number} > 0 AND (len(getvariable('named')[{place}]) = 0
                                      OR list_contains(getvariable('named')[{place}], name)))
        WINDOW one AS (PARTITION BY source, name, part))
    WINDOW one AS (PARTITION BY source, name, part))
WHERE n >= {least} AND distance > getvariable('deviations')[{place}] * {normal} * greatest(spread, {least_spread})
GROUP BY {event}
"""


def find_outliers(context: Context) -> Output:
    """Write the flags of values far from those of their group, of all events at once: a median has no parts.

    Params: see `outliers_params`.
    """
    known = {field.name: field for field in (*EVENT_FIELDS, *LINE_FIELDS)}
    with context.connect("events", "event_lines") as connection:
        connection.execute(_LINES)
        selects = []
        for place, (name, by) in enumerate(zip(context.params["fields"], context.params["by"], strict=True), 1):
            selects.append(
                _OUTLIERS.format(
                    event=_EVENT,
                    place=place,
                    by=quoted(by) if by else "''",
                    number=known[name].number,
                    rows="lines_seen" if name.startswith(LINES) else "events",
                    least=LEAST_VALUES,
                    normal=_NORMAL,
                    least_spread=_LEAST_SPREAD,
                )
            )
        rows = fetch(
            connection, f"SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY occurred_at, event_key, field"
        )
    files = (context.write("flags", rows),) if rows.num_rows else ()
    return Output({"flags": files}, {"flags": rows.num_rows})


def outliers_params(cleaning: Cleaning) -> dict[str, object]:
    """The parameters of `find_outliers`; none if nothing is compared."""
    some = cleaning.outliers
    if not some:
        return {}
    return {
        "fields": [one.field for one in some],
        "by": [one.by for one in some],
        "named": [list(one.events) for one in some],
        "deviations": [one.deviations for one in some],
    }
