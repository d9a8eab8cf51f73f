"""SQL over the tables that a build left, for totals that no door tells yet."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from qianmian.app.shop import Shop


def ask(shop: Shop, sql: str, *tables: str) -> pa.Table:
    """Run one query over what the last build left: a shop's tables are Arrow, so any engine can go on with them.

    Args:
        shop: an open workspace.
        sql: the query.
        tables: the tables that it names.
    """
    with duckdb.connect() as connection:
        for name in tables:
            connection.register(name, shop.table(name))
        return connection.sql(sql).to_arrow_table()
