"""Plain aggregates in ClickHouse (chDB) and DuckDB: one scan, a conditional count or sum a column."""

from __future__ import annotations

import duckdb as duck
from chdb.session import Session

TODAY = "2026-11-18"
_COUNTED = {
    **{f"views_{days}d": (["Product Viewed"], days) for days in (7, 30, 90)},
    "searches_30d": (["Products Searched"], 30),
    "favourites_30d": (["Product Favourited"], 30),
    "carts_30d": (["Product Added"], 30),
    **{f"orders_{days}d": (["Order Completed"], days) for days in (7, 30, 90)},
    "order": (["Order Completed"], 0),
    "refunds_90d": (["Order Refunded"], 90),
    "reviews_90d": (["Review Written"], 90),
    "social_30d": (["Post Created", "Post Liked", "Post Commented", "Post Shared"], 30),
    "group_buys_90d": (["Group Buy Opened", "Group Buy Joined"], 90),
    "coupons_used_90d": (["Coupon Used"], 90),
    "invites_90d": (["Invite Sent"], 90),
    "service_contacts_90d": (["Service Contacted"], 90),
}
_MONEY = ["Order Completed", "Order Refunded"]


def _columns(count: str, total: str, age: str, money_age: str) -> str:
    columns = [f"{count.format(_test(events, days, age))} AS {name}_rows" for name, (events, days) in _COUNTED.items()]
    for name, days in (("money_7d", 7), ("money_30d", 30), ("money_90d", 90), ("money", 0)):
        test = _test(_MONEY, days, money_age)
        columns += [f"{count.format(test)} AS {name}_rows", f"{total.format(test)} AS {name}_amount"]
    return ", ".join(columns)


def _test(events: list[str], days: int, age: str) -> str:
    listed = ", ".join(f"'{event}'" for event in events)
    return f"event IN ({listed})" + (f" AND {age} < {days}" if days else "")


def chdb(rows: str, out: str, threads: int) -> int:
    """Aggregate with ClickHouse; rows come sorted by person, and it is told the words are few."""
    columns = _columns("countIf({})", "ifNull(sumIf(amount, {}), 0)", "age", "money_age")
    query = f"""
    SELECT person_id, {columns} FROM (
        SELECT person_id, CAST(event AS LowCardinality(String)) AS event, amount,
               toUInt16(toDate('{TODAY}') - toDate(happened_on)) AS age,
               toUInt16(toDate('{TODAY}') - toDate(effective_on)) AS money_age FROM file('{rows}', Parquet))
    GROUP BY person_id INTO OUTFILE '{out}' TRUNCATE FORMAT Parquet
    SETTINGS max_threads = {threads}, output_format_parquet_compression_method = 'zstd'"""
    with Session() as session:  # type: ignore[no-untyped-call]
        session.query(query)
    return 0


def duckdb(rows: str, out: str, threads: int) -> int:
    """Aggregate with DuckDB; events become an ENUM, so that tests compare numbers."""
    columns = _columns("count(*) FILTER ({})", "coalesce(sum(amount) FILTER ({}), 0)::BIGINT", "age", "money_age")
    with duck.connect(config={"threads": threads}) as connection:
        connection.execute(f"CREATE TYPE event AS ENUM (SELECT DISTINCT event FROM '{rows}')")
        query = f"""
        SELECT person_id, {columns} FROM (
            SELECT person_id, event::event AS event, amount, (DATE '{TODAY}' - happened_on)::SMALLINT AS age,
                   (DATE '{TODAY}' - effective_on)::SMALLINT AS money_age FROM '{rows}')
        GROUP BY person_id"""
        connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    return 0
