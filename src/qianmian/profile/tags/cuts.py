"""Totals over all buyers, from which RFM scores and segments are cut: counted part by part, used at every reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from qianmian.lake.connection import Connection, fetch

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
        ranked: name of a ranking → its cuts, in the same manner.
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
    ranked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def to_json(self) -> str:
        """The totals as text."""
        return json.dumps(asdict(self), default=date.isoformat)

    @staticmethod
    def from_json(text: str) -> Totals:
        """The inverse of `to_json`."""
        told = json.loads(text)
        cuts: dict[str, Any] = {f"{letter}_cuts": tuple(told[f"{letter}_cuts"]) for letter in MEASURES}
        cuts["ranked"] = {name: tuple(some) for name, some in told.get("ranked", {}).items()}
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


def ranked(connection: Connection, relation: str, measures: Mapping[str, str]) -> dict[str, Any]:
    """How often each value of each ranking occurs in a relation.

    Args:
        connection: has the relation.
        relation: the SQL of it, in which the tags that rankings are made by have their values.
        measures: name of the ranking → SQL of the whole number that people are ranked by.
    """
    columns = ", ".join(f"histogram({measure}) AS {name}" for name, measure in measures.items())
    if not columns:
        return {}
    counted = fetch(connection, f"SELECT {columns} FROM ({relation})").to_pylist()[0]
    return {name: sorted(values or []) for name, values in counted.items()}


def merged(
    parts: Iterable[Mapping[str, Any]], *, today: date, zone: str, rankings: Mapping[str, int] = MappingProxyType({})
) -> Totals:
    """The totals of several parts as if of one, with the cuts that follow.

    Args:
        parts: what `buyers` tells, and under ``ranked`` what `ranked` does.
        today: the build's local date.
        zone: the workspace's time zone.
        rankings: name of each ranking → into how many parts it cuts.
    """
    sums = {"buyers": 0, "recency": 0, "orders": 0, "money": 0}
    counted: dict[str, dict[int, int]] = {letter: {} for letter in MEASURES}
    placed: dict[str, dict[int, int]] = {name: {} for name in rankings}
    for part in parts:
        for name in sums:
            sums[name] += part[name]
        for letter, values in counted.items():
            _add(values, part[letter])
        for name, values in placed.items():
            _add(values, part["ranked"].get(name, ()))
    cuts = {f"{letter}_cuts": cut(values, QUINTILES) for letter, values in counted.items()}
    told: dict[str, Any] = {"today": today, "zone": zone, **sums, **cuts}
    return Totals(**told, ranked={name: cut(values, rankings[name]) for name, values in placed.items()})


def _add(values: dict[int, int], more: Iterable[tuple[int, int]]) -> None:
    for value, people in more:
        values[value] = values.get(value, 0) + people


def cut(values: Mapping[int, int], parts: int) -> tuple[int, ...]:
    """The values below which 1/parts, 2/parts, … of the people lie."""
    ordered = sorted(values)
    below = list(accumulate(values[value] for value in ordered))
    cuts: list[int] = []
    place = 0
    for part in range(1, parts):
        while place < len(ordered) and below[place] * parts < below[-1] * part:
            place += 1
        cuts += ordered[place : place + 1]
    return tuple(cuts)
