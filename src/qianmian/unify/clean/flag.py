"""Which events are not what they seem: impossible values, twins, no person's pace, orders against their course.

Each rule only adds rows beside the events. The same rules give the same events the same rows, however they are split.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qianmian.core.events import ORDER_COMPLETED, ORDER_DELIVERED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.fields import LINE_FIELDS, LINES, bound_params, event_fields, impossible
from qianmian.unify.clean.rules import Bound, Cleaning
from qianmian.unify.normal.rates import holds, show_rates

#: What every rule tells of an event.
_EVENT = "source, event_id, event_key, node_id, occurred_at, name"
_SEEN = "CREATE TEMP VIEW seen AS FROM events WHERE node_id BETWEEN getvariable('first') AND getvariable('last')"
#: A field that two lines of an event have wrong is told once, with the worse value.
_IMPOSSIBLE = """
SELECT {event}, 'impossible' AS rule, getvariable('fields')[{place}] AS field,
       arg_max({number}, abs({number}))::VARCHAR AS value, NULL AS like_event
FROM {rows} WHERE {impossible} GROUP BY {event}
"""
_LINES = """
CREATE TEMP VIEW seen_lines AS
SELECT seen.* EXCLUDE (item_id), event_lines.item_id, quantity, unit_price, amount
FROM event_lines JOIN seen USING (event_key)
"""
#: Who is in a hurry tells the same things elsewhere: channel, device and region say nothing of what was done.
_TWINS = f"""
SELECT {_EVENT}, 'twin' AS rule, '' AS field, NULL AS value, before AS like_event
FROM (
    SELECT {_EVENT}, lag(event_id) OVER alike AS before, lag(occurred_at) OVER alike AS before_at
    FROM seen LEFT JOIN (
        SELECT event_key, string_agg(concat_ws(':', item_id, quantity, unit_price, amount), ',' ORDER BY line) AS goods
        FROM event_lines GROUP BY event_key) USING (event_key)
    WHERE node_id <> 0
    WINDOW alike AS (
        PARTITION BY node_id, name, item_id, order_id, refund_id, total, properties, goods
        ORDER BY occurred_at, event_key))
WHERE occurred_at - before_at <= to_seconds(getvariable('twins_within'))
"""
#: All events of any span that holds too many.
_PACE = f"""
SELECT {_EVENT}, 'pace' AS rule, '' AS field, NULL AS value, NULL AS like_event
FROM (
    SELECT *, max(reached) OVER (
        PARTITION BY node_id ORDER BY occurred_at
        RANGE BETWEEN CURRENT ROW AND INTERVAL {{within}} SECOND FOLLOWING) AS within_too_many
    FROM (
        SELECT {_EVENT}, count(*) OVER (
            PARTITION BY node_id ORDER BY occurred_at
            RANGE BETWEEN INTERVAL {{within}} SECOND PRECEDING AND CURRENT ROW) >= getvariable('pace_events') AS reached
        FROM seen WHERE node_id <> 0))
WHERE within_too_many
"""
#: An order's events may be of several nodes, so its buckets are its own.
_COURSES = f"""
CREATE TEMP TABLE courses AS
SELECT {_EVENT}, order_id, coalesce(refund_id, event_id) AS refund_id, abs(total) AS amount FROM events
WHERE name IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}', '{ORDER_DELIVERED}') AND order_id IS NOT NULL
  AND hash(source, order_id) // 2 BETWEEN getvariable('first') AND getvariable('last');
CREATE TEMP TABLE paid AS
SELECT source, order_id, arg_min(event_id, (occurred_at, event_key)) AS paid_by, min(occurred_at) AS paid_at,
       arg_min(amount, (occurred_at, event_key)) AS paid
FROM courses WHERE name = '{ORDER_COMPLETED}' GROUP BY source, order_id
"""
_REFUNDS = f"""
SELECT {_EVENT}, 'refund_above_paid' AS rule, 'total' AS field, given_back::VARCHAR AS value, paid_by AS like_event
FROM (
    SELECT once.*, paid_by, paid, sum(amount) OVER (
        PARTITION BY source, order_id ORDER BY occurred_at, event_key) AS given_back
    FROM (
        FROM courses WHERE name = '{ORDER_REFUNDED}'
        QUALIFY row_number() OVER (PARTITION BY source, refund_id ORDER BY occurred_at, event_key) = 1) AS once
    JOIN paid USING (source, order_id))
WHERE given_back > paid
"""
_DELIVERED = f"""
SELECT {_EVENT}, 'delivered_before_paid' AS rule, 'occurred_at' AS field, NULL AS value, paid_by AS like_event
FROM courses JOIN paid USING (source, order_id) WHERE name = '{ORDER_DELIVERED}' AND occurred_at < paid_at
"""
_NO_RATE = f"""
SELECT {_EVENT}, 'no_rate' AS rule, 'currency' AS field, NULL AS value, NULL AS like_event
FROM seen WHERE name IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}') AND currency <> getvariable('currency')
  AND NOT EXISTS (
    FROM rates WHERE {holds("seen.currency", "(seen.occurred_at AT TIME ZONE getvariable('zone'))::DATE")})
"""


def flag(context: Context) -> Output:
    """Write the flags of some buckets.

    Params: see `flag_params` and `rates_params`; and ``zone``, the workspace's time zone.
    """
    params = context.params
    bounds = tuple(Bound(**{**one, "events": tuple(one["events"])}) for one in params["bounds"])
    names = [one.name for one in (*event_fields(bounds), *LINE_FIELDS)]
    with context.connect("events", "event_lines") as connection:
        for name, value in {**vars(context.buckets), "fields": names}.items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
        for step in (_SEEN, _LINES, _COURSES):
            connection.execute(step)
        show_rates(connection, params["rates"])
        no_rate = (_NO_RATE,) if params["rates"] else ()
        rules = " UNION ALL ".join((*_impossible(bounds), *_habits(params), _REFUNDS, _DELIVERED, *no_rate))
        rows = fetch(connection, f"SELECT * FROM ({rules}) ORDER BY rule, occurred_at, event_key, field")
    files = (context.write("flags", rows),) if rows.num_rows else ()
    return Output({"flags": files}, {"flags": rows.num_rows})


def flag_params(cleaning: Cleaning) -> dict[str, object]:
    """The parameters of `flag`."""
    bounds = [{**vars(one), "events": list(one.events)} for one in cleaning.bounds]
    return {
        "bounds": bounds,
        **bound_params(cleaning.bounds, cleaning.units),
        "twins_within": cleaning.twins.within_seconds if cleaning.twins else None,
        "pace_events": cleaning.pace.events if cleaning.pace else None,
        "pace_within": cleaning.pace.within_seconds if cleaning.pace else None,
    }


def _impossible(bounds: tuple[Bound, ...]) -> Iterator[str]:
    bounded = {one.field for one in bounds}
    for place, field in enumerate((*event_fields(bounds), *LINE_FIELDS), 1):
        if field.name in bounded:
            rows = "seen_lines" if field.name.startswith(LINES) else "seen"
            outside = impossible(field, bounds)
            yield _IMPOSSIBLE.format(event=_EVENT, place=place, number=field.number, rows=rows, impossible=outside)


def _habits(params: Mapping[str, object]) -> Iterator[str]:
    if params["twins_within"] is not None:
        yield _TWINS
    if params["pace_within"] is not None:
        yield _PACE.format(within=int(str(params["pace_within"])))
