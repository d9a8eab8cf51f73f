"""Totals over all buyers, from which RFM scores and segments are cut: counted part by part, used at every reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from qianmian.lake.connection import Connection

#: Letter → what a buyer's score is cut by; larger is better. Money is cut in whole units of the currency.
MEASURES = {
    "r": "-date_diff('day', order_last_on, getvariable('today')::DATE)",
    "f": "order_rows",
    "m": "money_amount // 10000",
}
QUINTILES = 5


@dataclass(frozen=True)
class Totals:
    """What a formula knows beside the person's own partials.

    Attributes:
        today: the build's local date, on which windows end.
        zone: the workspace's time zone.
        buyers: people who ever ordered.
        recency: days since their last orders, summed.
        orders: their orders.
        money: their net revenue, in 1/10,000 of the currency.
        r_cuts: a buyer's R score is one more than the number of cuts below their value, so that equals score equal.
        f_cuts: the same for F.
        m_cuts: the same for M.
    """

    today: date
    zone: str
    buyers: int = 0
    recency: int = 0
    orders: int = 0
    money: int = 0
    r_cuts: tuple[int, ...] = ()
    f_cuts: tuple[int, ...] = ()
    m_cuts: tuple[int, ...] = ()

    def to_json(self) -> str:
        """The totals as text."""
        return json.dumps(asdict(self), default=date.isoformat)

    @staticmethod
    def from_json(text: str) -> Totals:
        """The inverse of `to_json`."""
        told = json.loads(text)
        cuts = {f"{letter}_cuts": tuple(told[f"{letter}_cuts"]) for letter in MEASURES}
        return Totals(**told | cuts | {"today": date.fromisoformat(told["today"])})


def buyers(connection: Connection, relation: str) -> dict[str, Any]:
    """Count and totals of the buyers in a relation of partials, and how often each value of each measure occurs.

    Returns:
        ``buyers``, ``recency`` (days), ``orders``, ``money`` (1/10,000), and for each letter of `MEASURES` a list of
        (value, buyers). Two of these add up: see `merged`.
    """
    connection.execute(f"""
        CREATE TEMP TABLE dated AS
        SELECT order_rows, money_amount, (order_last_at AT TIME ZONE getvariable('zone'))::DATE AS order_last_on
        FROM {relation} WHERE order_rows > 0""")
    count, recency, orders, money = connection.execute(
        f"""SELECT count(*), -coalesce(sum({MEASURES["r"]}), 0)::BIGINT, coalesce(sum(order_rows), 0)::BIGINT,
                   coalesce(sum(money_amount), 0)::BIGINT FROM dated"""
    ).fetchall()[0]
    values = {
        letter: connection.execute(f"SELECT {measure} AS value, count(*) FROM dated GROUP BY 1 ORDER BY 1").fetchall()
        for letter, measure in MEASURES.items()
    }
    return {"buyers": count, "recency": recency, "orders": orders, "money": money} | values


def merged(parts: Iterable[Mapping[str, Any]], *, today: date, zone: str) -> Totals:
    """The totals of several parts as if of one, with the cuts that follow."""
    sums = {"buyers": 0, "recency": 0, "orders": 0, "money": 0}
    counted: dict[str, dict[int, int]] = {letter: {} for letter in MEASURES}
    for part in parts:
        for name in sums:
            sums[name] += part[name]
        for letter, values in counted.items():
            for value, people in part[letter]:
                values[value] = values.get(value, 0) + people
    cuts = {f"{letter}_cuts": _cuts(values) for letter, values in counted.items()}
    told: dict[str, Any] = {"today": today, "zone": zone, **sums, **cuts}
    return Totals(**told)


def _cuts(values: Mapping[int, int]) -> tuple[int, ...]:
    """The values below which 1/5, 2/5, … of the people lie."""
    ordered = sorted(values)
    below = list(accumulate(values[value] for value in ordered))
    cuts: list[int] = []
    for part in range(1, QUINTILES):
        cuts += [value for value, people in zip(ordered, below, strict=True) if people * QUINTILES >= below[-1] * part][
            :1
        ]
    return tuple(cuts)
