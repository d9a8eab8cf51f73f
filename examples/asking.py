"""SQL over the tables that a build left, for totals that no door tells yet."""

from __future__ import annotations

import pyarrow as pa

from qianmian.app.shop import Shop
from qianmian.lake.connection import connect, fetch


def ask(shop: Shop, sql: str, *tables: str) -> pa.Table:
    """Run one query over released tables.

    Args:
        shop: an open workspace.
        sql: the query.
        tables: the tables that it names.
    """
    workspace = shop.workspace
    with connect(
        workspace.lake,
        workspace.lake.snapshot(instant=workspace.clock.now()),
        threads=workspace.settings.threads,
        memory_mib=workspace.settings.memory_mib,
        spill=workspace.scratch,
        tables=list(tables),
    ) as connection:
        return fetch(connection, sql)
