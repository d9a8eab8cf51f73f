"""Money in other currencies becomes the shop's, by the rate that holds on its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from qianmian.lake.connection import Connection


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth in the shop's, from a date on until the next rate.

    Attributes:
        currency: ISO 4217 code of the other one.
        rate: how many of the shop's.
        since: first local date, ISO.
    """

    currency: str
    rate: float
    since: str


#: SQL of the currency that a row's money is in, once it is converted: beside a row of ``rates``, the shop's.
RATED = "CASE WHEN rate IS NULL THEN currency ELSE getvariable('currency') END"


def holds(currency: str, on: str) -> str:
    """SQL: whether a row of ``rates`` holds for money in a currency on a local date; none does for the shop's own."""
    return f"rate_of = {currency} AND {on} >= since AND {on} < until AND rate_of <> getvariable('currency')"


def converted(money: str) -> str:
    """SQL of money in the shop's currency, beside the row of ``rates`` that holds; without one as it was stated."""
    return f"CASE WHEN rate IS NULL THEN {money} ELSE ({money} * rate)::DECIMAL(18,4) END::DECIMAL(18,4)"


def rates_params(rates: Sequence[Rate], currency: str) -> dict[str, object]:
    """The parameters of whoever shows rates: ``rates``, and the shop's ``currency``."""
    return {"rates": [asdict(one) for one in rates], "currency": currency}


def show_rates(connection: Connection, rates: Sequence[dict[str, object]]) -> None:
    """Make the table ``rates(rate_of, rate, since, until)``: what holds of each currency, from when until when."""
    connection.execute("CREATE TEMP TABLE rates (rate_of VARCHAR, rate DECIMAL(18,8), since DATE, until DATE)")
    if rates:
        columns = [[one[name] for one in rates] for name in ("currency", "rate", "since")]
        connection.execute(
            """INSERT INTO rates
               SELECT *, lead(since, 1, DATE '9999-12-31') OVER (PARTITION BY rate_of ORDER BY since)
               FROM (SELECT unnest($of) AS rate_of, unnest($rate) AS rate, unnest($since)::DATE AS since)""",
            dict(zip(("of", "rate", "since"), columns, strict=True)),
        )
