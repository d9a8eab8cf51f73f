"""The tuned script's last part: tags of everybody, by one scan with FILTER and small second steps."""

from __future__ import annotations

from benchmarks.peers.persons_duckdb import Connection

_SOCIAL = "('Post Created', 'Post Liked', 'Post Commented', 'Post Shared')"
MONEY = "IN ('Order Completed', 'Order Refunded')"
_GROUP_BUY = "('Group Buy Opened', 'Group Buy Joined')"
#: Column of evidence → (events, window in days).
COUNTED = {
    **{f"any_{days}d": ("", days) for days in (7, 30, 90)},
    **{f"views_{days}d": ("= 'Product Viewed'", days) for days in (7, 30, 90)},
    "searches_30d": ("= 'Products Searched'", 30),
    "favourites_30d": ("= 'Product Favourited'", 30),
    "carts_30d": ("= 'Product Added'", 30),
    **{f"orders_{days}d": ("= 'Order Completed'", days) for days in (7, 30, 90)},
    "order": ("= 'Order Completed'", 0),
    "money": (MONEY, 0),
    "refunds_90d": ("= 'Order Refunded'", 90),
    "reviews_90d": ("= 'Review Written'", 90),
    "social_30d": (f"IN {_SOCIAL}", 30),
    "group_buys_90d": (f"IN {_GROUP_BUY}", 90),
    "coupons_used_90d": ("= 'Coupon Used'", 90),
    "invites_90d": ("= 'Invite Sent'", 90),
    "service_contacts_90d": ("= 'Service Contacted'", 90),
}
_HABITS = ("hour", "region", "device_type", "channel")
_PREFERENCES = ("category", "brand", "price_band")
_NUMBERS = """first_seen_at last_seen_at active_days_7d active_days_30d active_days_90d sessions_30d""".split()


def _count(events: str, days: int) -> str:
    tests = [f"event {events}"] if events else []
    tests += [f"age < {days}"] if days else []
    return f"count(*) FILTER ({' AND '.join(tests)})"


def _base() -> str:
    counts = ", ".join(f"{_count(*what)} AS {name}_rows" for name, what in COUNTED.items())
    money = ", ".join(
        f"count(*) FILTER (event {MONEY} AND money_age < {days}) AS money_{days}d_rows, "
        f"sum(amount) FILTER (money_age < {days}) AS money_{days}d"
        for days in (7, 30, 90)
    )
    return f"""
    CREATE TEMP TABLE base AS
    SELECT person_id, count(*) AS any_rows, {counts}, {money}, sum(amount)::BIGINT AS money,
           min(us) AS first_at, max(us) AS last_at, min(us) FILTER (event = 'Order Completed') AS first_order_at,
           max(us) FILTER (event = 'Order Completed') AS last_order_at,
           bit_or(1::HUGEINT << age) FILTER (age < 90) AS days
    FROM facts GROUP BY person_id"""


#: A day more than the window, so that the first event of the window sees what came before it.
_SESSIONS = """
CREATE TEMP TABLE sessions AS
SELECT person_id, count(*) FILTER (age < 30 AND (us - before > 1800000000 OR before IS NULL)) AS sessions_30d
FROM (SELECT person_id, age, us, lag(us) OVER (PARTITION BY person_id ORDER BY us) AS before FROM facts WHERE age <= 30)
GROUP BY person_id
"""
#: What somebody does in one sitting has one hour, place and device: far fewer rows than events.
_SITTINGS = f"""
CREATE TEMP TABLE sittings AS
SELECT person_id, {", ".join(_HABITS)}, count(*) AS rows, max(us) AS us FROM facts WHERE age < 90 GROUP BY ALL
"""
#: A weight is taken relative to today, which no share notices. Ties go to what was seen last, an order's last line.
_LEANINGS = """
CREATE TEMP TABLE leanings AS
SELECT person_id, cell, sum(weight * exp((us / 86400000000.0 - getvariable('today')) * (ln(2) / 30))) AS weight,
       count(*) AS rows, max(us * 1024 + line) AS seen
FROM tastes GROUP BY ALL
"""


def _habit(name: str) -> str:
    """Of equally frequent values the one seen last: both numbers packed into one."""
    return f"""
    CREATE TEMP TABLE habit_{name} AS
    SELECT person_id, arg_max({name}, rows << 43 | us - (getvariable('today') - 95) * 86400000000) AS {name},
           max(rows)::DOUBLE / sum(rows) AS {name}_confidence
    FROM (SELECT person_id, {name}, sum(rows)::BIGINT AS rows, max(us) AS us FROM sittings WHERE {name} IS NOT NULL
          GROUP BY ALL)
    GROUP BY person_id"""


def _preference(name: str) -> str:
    return f"""
    CREATE TEMP TABLE preferred_{name} AS
    SELECT person_id, arg_max({name}, ((weight * 1e12)::HUGEINT << 64) + seen) AS preferred_{name},
           max(weight) / sum(weight) AS preferred_{name}_confidence
    FROM (SELECT person_id, {name}, sum(weight) AS weight, max(seen) AS seen
          FROM leanings JOIN cells USING (cell) WHERE {name} IS NOT NULL GROUP BY ALL)
    GROUP BY person_id"""


_CELLS = "CREATE TEMP TABLE cells AS SELECT DISTINCT cell, category, brand, price_band FROM goods"
_TASTE_ROWS = "CREATE TEMP TABLE taste AS SELECT person_id, sum(rows)::BIGINT AS taste_rows FROM leanings GROUP BY 1"
_JOINED = """
CREATE TEMP TABLE joined AS
SELECT *, CASE WHEN order_rows > 0 THEN
              getvariable('today') - ((last_order_at + 28800000000) // 86400000000)::INTEGER END AS recency
FROM base LEFT JOIN sessions USING (person_id) LEFT JOIN taste USING (person_id)
""" + " ".join(
    f"LEFT JOIN {table} USING (person_id)"
    for table in (*(f"habit_{name}" for name in _HABITS), *(f"preferred_{name}" for name in _PREFERENCES))
)
_TOTALS = """
CREATE TEMP TABLE totals AS
SELECT count(*) AS buyers, sum(recency) AS recencies, sum(order_rows) AS orders, sum(money) AS moneys,
       quantile_disc(-recency, [0.2, 0.4, 0.6, 0.8]) AS r_cuts,
       quantile_disc(order_rows, [0.2, 0.4, 0.6, 0.8]) AS f_cuts,
       quantile_disc(money // 10000, [0.2, 0.4, 0.6, 0.8]) AS m_cuts
FROM joined WHERE order_rows > 0
"""
_LOCAL_DATE = "DATE '1970-01-01' + (({} + 28800000000) // 86400000000)::INTEGER"


def _windows(name: str) -> str:
    """Distinct dates are the bits that are set."""
    masks = {days: (1 << days) - 1 for days in (7, 30, 90)}
    return ", ".join(
        f"bit_count(coalesce({name}, 0) & {mask}::HUGEINT)::BIGINT AS active_days_{days}d"
        for days, mask in masks.items()
    )


def _score(letter: str, value: str) -> str:
    below = f"len(list_filter({letter}_cuts, lambda cut: cut < {value}))"
    return f"CASE WHEN order_rows > 0 THEN 1 + {below} END AS {letter}_score"


def _values() -> str:
    rows = ", ".join(f"{name}_rows" for name in ("any", *COUNTED, "money_7d", "money_30d", "money_90d"))
    counts = ", ".join(
        f"{name}_rows AS {'orders_total' if name == 'order' else name}"
        for name in COUNTED
        if name != "money" and not name.startswith("any")
    )
    nets = ", ".join(f"(coalesce(money_{days}d, 0) / 10000)::DECIMAL(18,4) AS net_{days}d" for days in (7, 30, 90))
    leans = ", ".join(f"preferred_{name}, preferred_{name}_confidence" for name in _PREFERENCES)
    habits = ", ".join(
        "hour::BIGINT AS active_hour, hour_confidence AS active_hour_confidence"
        if name == "hour"
        else f"{name}::VARCHAR AS {name}, {name}_confidence"
        for name in _HABITS
    )
    return f"""person_id, {rows}, coalesce(taste_rows, 0) AS taste_rows, {counts}, {nets}, {leans}, {habits},
    make_timestamptz(first_at) AS first_seen_at, make_timestamptz(last_at) AS last_seen_at, {_windows("days")},
    coalesce(sessions_30d, 0) AS sessions_30d, (money / 10000)::DECIMAL(18,4) AS net_revenue,
    CASE WHEN order_rows > 0 THEN (money / 10000 / order_rows)::DECIMAL(18,4) END AS average_order,
    {_LOCAL_DATE.format("first_order_at")} AS first_order_on, {_LOCAL_DATE.format("last_order_at")} AS last_order_on,
    recency AS recency_days"""


def _classes() -> str:
    recent, frequent, spending = (
        "recency * buyers <= recencies",
        "order_rows * buyers >= orders",
        "money * buyers >= moneys",
    )
    return f"""CASE WHEN orders_90d_rows >= 3 THEN 'loyal' WHEN order_rows = 1 AND recency < 30 THEN 'new'
        WHEN recency < 30 THEN 'active' WHEN recency < 60 THEN 'at_risk' WHEN order_rows > 0 THEN 'lost'
        ELSE 'potential' END AS lifecycle,
    {_score("r", "-recency")}, {_score("f", "order_rows")}, {_score("m", "money // 10000")},
    CASE WHEN order_rows > 0 THEN CASE WHEN {spending} THEN 'important' ELSE 'general' END ||
        CASE WHEN {recent} AND {frequent} THEN '_value' WHEN {recent} THEN '_develop'
             WHEN {frequent} THEN '_keep' ELSE '_retain' END END AS rfm"""


def profiles(connection: Connection) -> str:
    """Compute the parts from `facts`, `tastes` and `goods`; returns the SELECT of the profiles."""
    steps = [_base(), _SESSIONS, _SITTINGS, *map(_habit, _HABITS), "DROP TABLE sittings"]
    steps += [_LEANINGS, "DROP TABLE facts", _CELLS, *map(_preference, _PREFERENCES), _TASTE_ROWS, _JOINED, _TOTALS]
    for step in steps:
        if step.startswith("DROP TABLE facts"):
            connection.execute("DROP VIEW tastes")
        connection.execute(step)
    return f"SELECT {_values()}, {_classes()} FROM joined, totals ORDER BY person_id"
