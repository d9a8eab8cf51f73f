"""The sources that measures count rows of: which columns they have, on what they rest, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED

#: What one line of an order is worth, and how many pieces it has: the same wherever goods are counted.
LINE_PIECES = "coalesce(quantity, 1)"
LINE_MONEY = "coalesce(amount, quantity * unit_price, 0)::DOUBLE"


@dataclass(frozen=True)
class Source:
    """Rows that can be counted.

    Attributes:
        name: as measures call it.
        tables: what it reads of the lake.
        dates: columns of the local date by which a row can count; the first is the usual one.
        columns: column that a measure can sum or filter by → how it is told of the rows that are read.
        windows: of these columns, those that are told before rows are split by a dimension, mostly from a person's
            earlier rows.
        needs: event without which there are no rows; empty = any event will do.
        needed_by: column → event without which it says nothing.
        rests_on: the table that the dictionary names.
    """

    name: str
    tables: tuple[str, ...]
    dates: tuple[str, ...]
    columns: Mapping[str, str]
    windows: frozenset[str]
    needs: str
    needed_by: Mapping[str, str]
    rests_on: str


_EVENTS = Source(
    name="events",
    tables=(),
    dates=("happened_on", "first_on"),
    columns={
        "event": "event",
        "first_on": "first_on",
        "age_days": "happened_on - first_on",
        "silent_days": (
            "happened_on - lag(happened_on) OVER (PARTITION BY person_id ORDER BY happened_on, occurred_at, event_key)"
        ),
    },
    windows=frozenset({"silent_days"}),
    needs="",
    needed_by={},
    rests_on="history",
)
_SAME_BUYER = "(PARTITION BY person_id ORDER BY occurred_at, event_key)"
_KNOWN = "CASE WHEN person_id > 0 THEN {} END"
_ORDERS = Source(
    name="orders",
    tables=("orders", "events", "event_lines"),
    dates=("ordered_on", "first_ordered_on"),
    columns={
        "paid": "paid",
        "net": "net",
        "refunded": "refunded",
        "is_refunded": "(refunded > 0)::INTEGER",
        "pieces": "pieces",
        "first_ordered_on": _KNOWN.format("min(ordered_on) OVER (PARTITION BY person_id)"),
        "order_no": _KNOWN.format(f"row_number() OVER {_SAME_BUYER}"),
        "days_since_previous": _KNOWN.format(f"ordered_on - lag(ordered_on) OVER {_SAME_BUYER}"),
        "days_since_first": _KNOWN.format("ordered_on - min(ordered_on) OVER (PARTITION BY person_id)"),
    },
    windows=frozenset({"is_refunded", "first_ordered_on", "order_no", "days_since_previous", "days_since_first"}),
    needs=ORDER_COMPLETED,
    needed_by={"refunded": ORDER_REFUNDED, "is_refunded": ORDER_REFUNDED},
    rests_on="orders",
)
_REFUNDS = Source(
    name="refunds",
    tables=("refunds", "orders", "events"),
    dates=("refunded_on",),
    columns={"amount": "amount", "matched": "matched::INTEGER", "waited_days": "waited_days"},
    windows=frozenset(),
    needs=ORDER_REFUNDED,
    needed_by={},
    rests_on="refunds",
)
_CALENDAR = Source("calendar", (), ("on",), {}, frozenset(), "", {}, "")
SOURCES = {source.name: source for source in (_EVENTS, _ORDERS, _REFUNDS, _CALENDAR)}

#: What events say of themselves: a dimension of orders and refunds through the event that they came by.
OF_EVENTS = ("channel", "region", "device_type")
#: What goods are: an event or order counts once with each, and an order's money is shared among them by its lines.
OF_GOODS = ("category", "brand", "price_band")
#: Tags that say what people are as of the build, in few words.
OF_PEOPLE = ("lifecycle", "rfm", "value_tier", "activity_tier", "member_level", "gender", "age_band")
DIMENSIONS = (*OF_EVENTS, *OF_GOODS, *OF_PEOPLE)


def dimensions_of(sources: frozenset[str]) -> tuple[str, ...]:
    """What numbers that rest on some sources can be broken down by: a refund does not say of which goods it was."""
    return tuple(name for name in DIMENSIONS if name not in OF_GOODS or "refunds" not in sources)


_MONEY = ("paid", "net", "refunded")
#: The rows themselves, with what is told from a person's earlier ones, before anything multiplies them.
_HISTORY = """
SELECT {first}{by} AS "by" FROM (
    SELECT person_id, occurred_at, event_key, happened_on, event, channel, region, device_type{windows}
    FROM coded_history WHERE line = 0 AND happened_on <= $today{only}
) AS rows{joins}
"""
#: Only who asks for cohorts pays for everybody's first date.
_FIRST_SEEN = "\nJOIN first_seen ON first_seen.person_id = rows.person_id"
_GOODS_OF_HISTORY = """
LEFT JOIN (
    SELECT DISTINCT event_key, {by} AS word FROM coded_history LEFT JOIN goods_words USING (item)
) AS told ON told.event_key = rows.event_key"""
_ORDER = """
SELECT rows.* REPLACE ({money}), told.pieces, {by} AS "by" FROM (
    SELECT * REPLACE (coalesce(person_id, 0) AS person_id){windows} FROM orders WHERE ordered_on <= $today{only}
) AS rows{joins}
"""
_PIECES = f"""
LEFT JOIN (SELECT event_key, sum({LINE_PIECES}) AS pieces FROM event_lines GROUP BY event_key) AS told
       ON told.event_key = rows.event_key"""
#: Each word of an order's goods, with its pieces and its part of the order's money. The first item of an event stands
#: in the event itself, as in history; of an order without lines it is the only one.
_GOODS_OF_ORDERS = f"""
LEFT JOIN (
    SELECT event_key, word, sum(pieces) AS pieces,
           CASE WHEN any_value(total) > 0 THEN sum(money) / any_value(total)
                ELSE count(*) / any_value(lines) END AS part
    FROM (SELECT event_key, {{by}} AS word, pieces, money,
                 sum(money) OVER same AS total, count(*) OVER same AS lines
          FROM (SELECT event_key, source, pieces, money,
                       coalesce(CASE WHEN coalesce(line, 0) = 0 THEN main.item_id END, lines.item_id) AS item_id
                FROM (SELECT event_key, source, item_id FROM events WHERE name = '{ORDER_COMPLETED}') AS main
                LEFT JOIN (SELECT event_key, line, item_id, {LINE_PIECES} AS pieces, {LINE_MONEY} AS money
                           FROM event_lines) AS lines USING (event_key))
          LEFT JOIN goods_words USING (source, item_id) WINDOW same AS (PARTITION BY event_key))
    GROUP BY event_key, word
) AS told ON told.event_key = rows.event_key"""
_REFUND = """
SELECT rows.*, {by} AS "by" FROM (
    SELECT coalesce(orders.person_id, 0) AS person_id, refunds.event_key, refunds.amount, refunds.matched,
           (refunds.occurred_at AT TIME ZONE $zone)::DATE AS refunded_on,
           epoch(refunds.occurred_at - orders.occurred_at) / 86400 AS waited_days
    FROM refunds LEFT JOIN orders USING (source, order_id)
) AS rows{joins} WHERE refunded_on <= $today{only}
"""
_WORD_OF_EVENT = """
LEFT JOIN (
    SELECT event_key, nullif(coalesce(word, came), '') AS word
    FROM (SELECT event_key, {by} AS came FROM events WHERE name = '{event}')
    LEFT JOIN (SELECT raw, word FROM normal_words WHERE field = '{by}') ON raw = came
) AS said ON said.event_key = rows.event_key"""
_WORD_OF_PERSON = "\nLEFT JOIN people_words AS said ON said.person_id = rows.person_id"


def rows_of(source: Source, by: str | None, columns: frozenset[str], *, is_among: bool) -> str:
    """SELECT of the rows of a source with the columns that measures name, and ``by``.

    Args:
        source: which one.
        by: dimension, or None.
        columns: what is asked; what a person's earlier rows tell is only worked out if it is.
        is_among: whether only people of the relation ``among`` count.
    """
    windows = "".join(f", {source.columns[name]} AS {name}" for name in sorted(columns & source.windows))
    only = " AND {}person_id IN (SELECT person_id FROM among)" if is_among else ""
    if source is _REFUNDS:
        joins, word = _word(by, ORDER_REFUNDED)
        return _REFUND.format(by=word, joins=joins, only=only.format("rows."))
    if source is _ORDERS:
        return _order_rows(by, windows, only.format(""))
    joins, word = _history_word(by)
    first = "rows.*, "
    if columns & {"first_on", "age_days"}:
        joins, first = _FIRST_SEEN + joins, "rows.*, first_seen_on AS first_on, "
    return _HISTORY.format(first=first, by=word, windows=windows, joins=joins, only=only.format(""))


def _order_rows(by: str | None, windows: str, only: str) -> str:
    if by in OF_GOODS:
        shared = ", ".join(f"rows.{name}::DOUBLE * coalesce(part, 1) AS {name}" for name in _MONEY)
        joins = _GOODS_OF_ORDERS.format(by=by)
        return _ORDER.format(money=shared, by="told.word", windows=windows, joins=joins, only=only)
    joins, word = _word(by, ORDER_COMPLETED)
    whole = ", ".join(f"rows.{name} AS {name}" for name in _MONEY)
    return _ORDER.format(money=whole, by=word, windows=windows, joins=_PIECES + joins, only=only)


def _history_word(by: str | None) -> tuple[str, str]:
    """How the word of a dimension is joined to history, which has those of events itself."""
    if by in OF_GOODS:
        return _GOODS_OF_HISTORY.format(by=by), "told.word"
    if by in OF_PEOPLE:
        return _WORD_OF_PERSON, "said.word"
    return "", f"rows.{by}" if by else "NULL"


def _word(by: str | None, event: str) -> tuple[str, str]:
    """How the word of a dimension is joined to orders or refunds, and its name there."""
    if by is None:
        return "", "NULL"
    return (_WORD_OF_PERSON if by in OF_PEOPLE else _WORD_OF_EVENT.format(by=by, event=event)), "said.word"
