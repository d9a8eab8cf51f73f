"""Totals over all buyers, from which RFM scores and segments are cut: summed in the first pass, used in the second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def buyers(connection: Connection, relation: str) -> dict[str, Any]:
    """Count and totals of the buyers in a relation of partials, and how often each value of each measure occurs.

    Returns:
        ``buyers``, ``recency`` (days), ``orders``, ``money`` (1/10,000), and for each letter of `MEASURES` a list of
        (value, buyers). Two of these add up: see `merged`.
    """
    dated = f"""SELECT *, (order_last_at AT TIME ZONE getvariable('zone'))::DATE AS order_last_on
                FROM {relation} WHERE order_rows > 0"""
    count, recency, orders, money = connection.execute(
        f"""SELECT count(*), -coalesce(sum({MEASURES["r"]}), 0)::BIGINT, coalesce(sum(order_rows), 0)::BIGINT,
                   coalesce(sum(money_amount), 0)::BIGINT FROM ({dated})"""
    ).fetchall()[0]
    values = {
        letter: connection.execute(
            f"SELECT {measure} AS value, count(*) FROM ({dated}) GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for letter, measure in MEASURES.items()
    }
    return {"buyers": count, "recency": recency, "orders": orders, "money": money} | values


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The totals of several parts as if of one, with the cuts that follow.

    Returns:
        ``buyers``, ``recency``, ``orders``, ``money``, and ``r_cuts``, ``f_cuts``, ``m_cuts``: a buyer's score is one
        more than the number of cuts below their value, so that equal values get equal scores.
    """
    total: dict[str, Any] = {"buyers": 0, "recency": 0, "orders": 0, "money": 0}
    counted: dict[str, dict[int, int]] = {letter: {} for letter in MEASURES}
    for part in parts:
        for name in total:
            total[name] += part[name]
        for letter, values in counted.items():
            for value, people in part[letter]:
                values[value] = values.get(value, 0) + people
    return total | {f"{letter}_cuts": _cuts(values) for letter, values in counted.items()}


def _cuts(values: Mapping[int, int]) -> list[int]:
    """The values below which 1/5, 2/5, … of the people lie."""
    ordered = sorted(values)
    below = list(accumulate(values[value] for value in ordered))
    cuts = []
    for part in range(1, QUINTILES):
        cuts += [value for value, people in zip(ordered, below, strict=True) if people * QUINTILES >= below[-1] * part][
            :1
        ]
    return cuts
