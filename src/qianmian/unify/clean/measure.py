"""How good the data are, measured: one pass over the events of some buckets, and the sums of all passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.drift import DRIFT
from qianmian.unify.clean.fields import (
    LINE_FIELDS,
    PROPERTIES,
    REPEATABLE,
    Field,
    bound_params,
    event_fields,
    impossible,
)
from qianmian.unify.clean.rules import Bound, Cleaning

#: Names under which the exchange holds what the passes counted.
COUNTED, CLASSED = "counted", "classed"
#: An event has a field if this share of all its events does; another one does not lack it.
LEAST_SHARE = 0.05
#: Classes of a field that are told apart; the rest is one.
MOST_CLASSES = 50
#: What their name is.
OTHERS = "…"
#: A word that fewer events of a day have could be somebody's.
LEAST_NAMED = 5

_GROUP = "source, name, happened_on"
_LATE = "count(*) FILTER (received_at - occurred_at > to_hours(getvariable('late_after_hours')))"
#: Read once: every field reads it again. Properties are long: they come along where a bound names one of them.
_EVENTS = """
CREATE TEMP TABLE seen AS
SELECT * EXCLUDE (event_id, kind, day, batch) REPLACE (CASE WHEN {named} THEN properties END AS properties),
       (occurred_at AT TIME ZONE getvariable('zone'))::DATE AS happened_on
FROM events WHERE node_id BETWEEN getvariable('first') AND getvariable('last')
"""
_LINES = """
CREATE TEMP VIEW seen_lines AS
SELECT seen.source, name, happened_on, event_lines.item_id, quantity, unit_price, amount
FROM event_lines JOIN seen USING (event_key)
"""
#: The same number may be told under several nodes, so its buckets are its own.
_REPEATABLE = """
SELECT source, name, happened_on, '{field}' AS field, count(*) AS events, count(number) AS filled, 0 AS invalid,
       count(*) FILTER (place > 1) AS repeated, 0 AS late
FROM (SELECT source, name, (occurred_at AT TIME ZONE getvariable('zone'))::DATE AS happened_on, {number} AS number,
             row_number() OVER (PARTITION BY source, coalesce({number}, event_id) ORDER BY occurred_at, event_key)
             AS place
      FROM events WHERE name = '{event}'
        AND hash(source, coalesce({number}, event_id)) // 2 BETWEEN getvariable('first') AND getvariable('last'))
GROUP BY ALL
"""
_SUMMED = f"""
CREATE TEMP TABLE summed AS
SELECT source, name AS event, field, happened_on, sum(events)::BIGINT AS events, sum(filled)::BIGINT AS filled,
       sum(invalid)::BIGINT AS invalid, sum(repeated)::BIGINT AS repeated, sum(late)::BIGINT AS late
FROM counted_parts GROUP BY ALL;
CREATE TEMP TABLE having_field AS
SELECT source, event, field FROM summed GROUP BY ALL
HAVING sum(filled) >= {LEAST_SHARE} * sum(events) AND sum(filled) > 0;
"""
#: Of the events that have a field: the classes of its values, the rare ones as one; and how many of each on each date.
_CLASSES = f"""
CREATE TEMP TABLE daily_classes AS
WITH those AS (
    SELECT source, field, is_text, bin, happened_on, sum(n)::BIGINT AS n
    FROM (SELECT *, name AS event FROM classed_parts) SEMI JOIN having_field USING (source, event, field) GROUP BY ALL),
common AS (
    SELECT source, field, bin FROM those GROUP BY source, field, bin
    QUALIFY row_number() OVER (PARTITION BY source, field ORDER BY sum(n) DESC, bin) <= {MOST_CLASSES})
SELECT source, field, is_text, CASE WHEN common.bin IS NULL THEN '{OTHERS}' ELSE bin END AS bin, happened_on,
       sum(n)::BIGINT AS n
FROM those LEFT JOIN common USING (source, field, bin) GROUP BY ALL
"""
_QUALITY = f"""
WITH told AS (
    SELECT source, field, happened_on, CASE WHEN is_text AND n < {LEAST_NAMED} THEN '{OTHERS}' ELSE bin END AS bin,
           sum(n)::BIGINT AS n FROM daily_classes GROUP BY ALL),
bins AS (
    SELECT source, field, happened_on,
           to_json(map(list(bin ORDER BY n DESC, bin), list(n ORDER BY n DESC, bin))) AS bins
    FROM told GROUP BY ALL),
over_all AS (
    SELECT source, '' AS event, field, happened_on, sum(events)::BIGINT AS events, sum(filled)::BIGINT AS filled,
           sum(invalid)::BIGINT AS invalid, sum(repeated)::BIGINT AS repeated, sum(late)::BIGINT AS late
    FROM summed SEMI JOIN having_field USING (source, event, field) GROUP BY ALL)
SELECT * FROM (
    SELECT over_all.*, psi, psi_noise, bins::VARCHAR AS bins FROM over_all
    LEFT JOIN drift USING (source, field, happened_on) LEFT JOIN bins USING (source, field, happened_on)
    UNION ALL BY NAME
    SELECT summed.* FROM summed SEMI JOIN having_field USING (source, event, field))
ORDER BY source, field, event, happened_on
"""


def measure(context: Context) -> Output:
    """Count the events of some buckets by source, event, field and local date, and deal out the counts.

    Params: see `measure_params`.
    """
    bounds = tuple(Bound(**{**one, "events": tuple(one["events"])}) for one in context.params["bounds"])
    fields = event_fields(bounds)
    names = {"fields": [field.name for field in (*fields, *LINE_FIELDS)]}
    with context.connect("events", "event_lines") as connection:
        for name, value in {**vars(context.buckets), **names}.items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
        named = (field.filled for field in fields if field.name.startswith(PROPERTIES))
        connection.execute(_EVENTS.format(named=" OR ".join(named) or "false"))
        connection.execute(_LINES)
        both = (_Rows("seen", _LATE, tuple(enumerate(fields, 1))),
                _Rows("seen_lines", "0", tuple(enumerate(LINE_FIELDS, len(fields) + 1))))  # fmt: skip
        for rows in both:
            connection.execute(rows.sums(bounds))
        repeated = (_REPEATABLE.format(**vars(one)) for one in REPEATABLE)
        counts = _all(chain(*(rows.counts() for rows in both), repeated))
        connection.execute(f"CREATE TEMP TABLE counted AS SELECT *, 0 AS part FROM ({counts})")
        classes = _all(chain(*(rows.classes() for rows in both)))
        connection.execute(f"CREATE TEMP TABLE classed AS SELECT *, 0 AS part FROM ({classes})")
        context.deal(connection, "counted", COUNTED)
        context.deal(connection, "classed", CLASSED)
        many = connection.execute("SELECT count(*) FROM seen").fetchall()[0][0]
    return Output(summary={"events": many}, rows_read=many)


def measure_params(cleaning: Cleaning, zone: str) -> dict[str, object]:
    """The parameters of `measure`."""
    bounds = [{**vars(one), "events": list(one.events)} for one in cleaning.bounds]
    late = {"late_after_hours": cleaning.late_after_hours, "zone": zone}
    return {"bounds": bounds, **bound_params(cleaning.bounds, cleaning.units), **late}


@dataclass(frozen=True)
class _Rows:
    """A relation of events or lines, with its fields and their places in the variable ``fields``."""

    name: str
    late: str
    fields: tuple[tuple[int, Field], ...]

    def sums(self, bounds: Sequence[Bound]) -> str:
        """SQL that reads the rows once and makes one row a source, event and date."""
        sums = ", ".join(
            f"count(*) FILTER ({field.filled or 'true'}) AS filled_{place}, "
            f"count(*) FILTER ({impossible(field, bounds)}) AS invalid_{place}"
            for place, field in self.fields
        )
        grouped = f"SELECT {_GROUP}, count(*) AS events, {self.late} AS late, {sums} FROM {self.name} GROUP BY {_GROUP}"
        return f"CREATE TEMP TABLE {self.name}_sums AS {grouped}"

    def counts(self) -> Iterator[str]:
        """SQL of the counts of each field."""
        for place, field in self.fields:
            yield (
                f"SELECT {_GROUP}, getvariable('fields')[{place}] AS field, events, filled_{place} AS filled, "
                f"invalid_{place} AS invalid, 0 AS repeated, {'late' if field.name == 'received_at' else 0} AS late "
                f"FROM {self.name}_sums"
            )

    def classes(self) -> Iterator[str]:
        """SQL of how many rows are in each class of each field."""
        for place, field in self.fields:
            if field.bins:
                yield (
                    f"SELECT {_GROUP}, getvariable('fields')[{place}] AS field, {field.is_text} AS is_text, "
                    f"{field.bins} AS bin, count(*) AS n FROM {self.name} WHERE bin IS NOT NULL GROUP BY ALL"
                )


def gather(context: Context) -> Output:
    """Add up what the passes counted of at least one event, compare each day with those before, and write `quality`."""
    with context.connect() as connection:
        for name in (COUNTED, CLASSED):
            files = [str(path) for path in context.dealt(name, 0)]
            connection.execute(f"CREATE TEMP TABLE {name}_parts AS FROM read_parquet($files)", {"files": files})
        connection.execute(_SUMMED)
        connection.execute(_CLASSES)
        connection.execute(DRIFT)
        rows = fetch(connection, _QUALITY)
    return Output({"quality": (context.write("quality", rows),)}, {"rows": rows.num_rows})


def _all(selects: Iterable[str]) -> str:
    return " UNION ALL ".join(selects)
