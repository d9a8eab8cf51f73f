"""Drift: whether the values of a field lie in other classes than they did in the weeks before.

The population stability index of 7 dates beside the 28 before them, over the classes that either has, half a row added
to each: Σ (p − q) · ln(p / q). If nothing changed, it is distributed like χ² · (1/n + 1/m) with one degree fewer than
there are classes, n and m being the rows of both. Its 99.9 % quantile is the noise: a day drifts only above it, so that
few rows or many classes raise no alarm. No sampling is needed, and the same rows always give the same answer.
"""

from __future__ import annotations

RECENT_DAYS, BEFORE_DAYS = 7, 28
#: Before a field was there for so many days beside the recent ones, nobody knows what is usual.
LEAST_BEFORE_DAYS = 14
#: 99.9 % quantile of the normal distribution, for the approximation of Wilson and Hilferty.
_QUANTILE = 3.0902
_OVER = (
    "sum(n) OVER (PARTITION BY source, field, bin ORDER BY happened_on RANGE BETWEEN INTERVAL {} DAY PRECEDING AND {})"
)
_RECENT = _OVER.format(RECENT_DAYS - 1, "CURRENT ROW")
_BEFORE = _OVER.format(RECENT_DAYS - 1 + BEFORE_DAYS, f"INTERVAL {RECENT_DAYS} DAY PRECEDING")

#: Makes ``drift(source, field, happened_on, psi, psi_noise)`` of ``daily_classes(source, field, bin, happened_on, n)``.
DRIFT = f"""
CREATE TEMP TABLE drift AS
WITH places AS (
    SELECT * FROM (SELECT DISTINCT source, field, happened_on FROM daily_classes)
    JOIN (SELECT DISTINCT source, field, bin FROM daily_classes) USING (source, field)),
daily AS (
    SELECT source, field, bin, happened_on, coalesce(sum(n), 0) AS n FROM places
    LEFT JOIN daily_classes USING (source, field, bin, happened_on) GROUP BY ALL),
moving AS (
    SELECT source, field, bin, happened_on, coalesce({_RECENT}, 0)::DOUBLE AS recent,
           coalesce({_BEFORE}, 0)::DOUBLE AS before
    FROM daily),
begun AS (SELECT source, field, min(happened_on) AS first_on FROM daily_classes GROUP BY ALL),
shares AS (
    SELECT moving.*, (recent + 0.5) / sum(recent + 0.5) OVER one AS p, (before + 0.5) / sum(before + 0.5) OVER one AS q
    FROM moving JOIN begun USING (source, field)
    WHERE recent + before > 0 AND happened_on - first_on >= {RECENT_DAYS + LEAST_BEFORE_DAYS - 1}
    WINDOW one AS (PARTITION BY source, field, happened_on)),
compared AS (
    SELECT source, field, happened_on, sum((p - q) * ln(p / q) ORDER BY bin) AS psi, count(*) - 1 AS degrees,
           sum(recent) AS n, sum(before) AS m
    FROM shares GROUP BY ALL)
SELECT source, field, happened_on, psi,
       (1 / n + 1 / m) * CASE degrees WHEN 0 THEN 0 ELSE
           degrees * pow(1 - 2 / (9.0 * degrees) + {_QUANTILE} * sqrt(2 / (9.0 * degrees)), 3) END AS psi_noise
FROM compared WHERE n > 0 AND m > 0
"""
