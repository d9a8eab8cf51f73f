"""How goods sell and how long their stock lasts: pieces and money of paid orders, by item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

import pyarrow as pa

from qianmian.lake.connection import fetch
from qianmian.measure.metrics.sources import LINE_MONEY, LINE_PIECES
from qianmian.profile.reading import Reading

#: What a question about sales reads beside the build.
TABLES = ("orders", "event_lines")
#: An order's net is shared among its lines in proportion to their money, so that all items together have the shop's.
_LINES = f"""
SELECT "on", source, item_id, pieces,
       (CASE WHEN total > 0 THEN net * sales / total ELSE net / lines END)::DECIMAL(18,4) AS net
FROM (
    SELECT ordered_on AS "on", orders.source, item_id, {LINE_PIECES} AS pieces, net::DOUBLE AS net,
           {LINE_MONEY} AS sales,
           sum(sales) OVER same AS total, count(*) OVER same AS lines
    FROM event_lines JOIN orders USING (event_key)
    WHERE "day" BETWEEN $first - 1 AND $last + 1 AND ordered_on BETWEEN $first AND $last
      AND ($item IS NULL OR event_key IN (
          SELECT event_key FROM event_lines
          WHERE source = $source AND item_id = $item AND "day" BETWEEN $first - 1 AND $last + 1))
    WINDOW same AS (PARTITION BY event_key)
)
"""
_BY_ITEM = f"""
SELECT source, item_id, sum(pieces) AS pieces, sum(net)::DECIMAL(18,4) AS net
FROM ({_LINES}) WHERE item_id IS NOT NULL GROUP BY source, item_id
"""
_BY_DATE = f"""
SELECT "on", sum(pieces) AS pieces, sum(net)::DECIMAL(18,4) AS net
FROM ({_LINES}) WHERE source = $source AND item_id = $item GROUP BY "on"
"""


class StockState(StrEnum):
    """How an item stands; the first that applies, in this order."""

    DELISTED = "delisted"  # it is not on sale
    UNKNOWN = "unknown"  # nobody says how many there are
    OUT_OF_STOCK = "out_of_stock"
    RUNNING_OUT = "running_out"
    OVER_STOCKED = "over_stocked"
    IN_STOCK = "in_stock"


@dataclass(frozen=True)
class StockRules:
    """What the states of stock mean.

    Attributes:
        pace_days: local dates, the build's the last, over which pieces sold a day are counted.
        soon_days: stock for fewer days than this is running out.
        long_days: stock for more days than this is too much; so is any stock of what did not sell.
    """

    pace_days: int = 28
    soon_days: int = 14
    long_days: int = 180

    def first(self, today: date) -> date:
        """The first of the dates."""
        return today - timedelta(days=self.pace_days - 1)

    def days_of_cover(self, stock: int | None, pieces: float) -> float | None:
        """Days that a stock lasts at the pace of so many pieces in `pace_days`; None = nobody knows, or for ever.

        >>> StockRules().days_of_cover(10, 14)
        20.0
        """
        return None if stock is None or pieces <= 0 else max(stock, 0) * self.pace_days / pieces

    def state(self, stock: int | None, pieces: float, is_delisted: bool | None) -> StockState:
        """How an item stands.

        >>> StockRules().state(0, 3, None)
        <StockState.OUT_OF_STOCK: 'out_of_stock'>
        """
        days = self.days_of_cover(stock, pieces)
        if is_delisted or stock is None:
            return StockState.DELISTED if is_delisted else StockState.UNKNOWN
        if stock <= 0:
            return StockState.OUT_OF_STOCK
        if days is None or days > self.long_days:
            return StockState.OVER_STOCKED
        return StockState.RUNNING_OUT if days < self.soon_days else StockState.IN_STOCK


RULES = StockRules()


@dataclass(frozen=True)
class Sold:
    """What was sold of an item.

    Attributes:
        pieces: of paid orders.
        net: money of these orders less what was refunded of them since, as far as it is this item's.
    """

    pieces: float = 0.0
    net: Decimal = Decimal("0.0000")


def sold_by_item(found: Reading, today: date) -> pa.Table:
    """What was sold of every item in the dates of `RULES`: source, item_id, pieces, net."""
    values = {"first": RULES.first(today), "last": today, "source": None, "item": None}
    table: pa.Table = found.once(_BY_ITEM, partial(fetch, found.connection, _BY_ITEM, values))
    return table


def sold_by_date(found: Reading, source: str, item: str, first: date, last: date) -> dict[date, Sold]:
    """What was sold of one item, by the local date of the order; dates without a sale are left out."""
    values = {"first": first, "last": last, "source": source, "item": item}
    rows: list[dict[str, Any]] = fetch(found.connection, _BY_DATE, values).to_pylist()
    return {row["on"]: Sold(row["pieces"], row["net"]) for row in rows}
