"""What items are: the rows that state an item whole, and the changes between them, read together.

Nothing is filled in when a change arrives, so that neither the order nor the portions in which changes come matter.
"""

from __future__ import annotations

#: What makes a row of ``items``: it states the item whole.
_WHOLE = "''"
_FROM_HERE = "PARTITION BY source, item_id, stated ORDER BY valid_from, change_id ROWS UNBOUNDED PRECEDING"


def item_states(*columns: str, where: str = "true") -> str:
    """SQL: what each item is from each instant on at which something about it was stated.

    Rows of ``items`` state an item whole; rows of ``item_changes`` leave what they do not name as it was, and an
    attribute that they do not name too. Of one instant, the whole row comes before the changes, and these are taken in
    the order of their digests.

    Args:
        columns: columns of ``items`` to tell beside ``source``, ``item_id`` and ``valid_from``.
        where: SQL condition over the stored rows.

    Returns:
        A SELECT over the two tables: one row an item and instant.
    """
    told = f"SELECT * FROM items WHERE {where} UNION ALL BY NAME SELECT * FROM item_changes WHERE {where}"
    named = "".join(f", {_as_of(column)} AS {column}" for column in columns)
    return f"""
SELECT source, item_id, valid_from{named}
FROM (SELECT * REPLACE (coalesce(change_id, {_WHOLE}) AS change_id),
        count(*) FILTER (change_id IS NULL) OVER (
            PARTITION BY source, item_id ORDER BY valid_from, change_id NULLS FIRST ROWS UNBOUNDED PRECEDING) AS stated
    FROM ({told}))
QUALIFY row_number() OVER (PARTITION BY source, item_id, valid_from ORDER BY change_id DESC) = 1"""


def _as_of(column: str) -> str:
    if column != "attributes":
        return f"last_value({column} IGNORE NULLS) OVER ({_FROM_HERE})"
    told = f"list(attributes::JSON) FILTER (attributes IS NOT NULL) OVER ({_FROM_HERE})"
    return f"list_reduce({told}, lambda one, other: json_merge_patch(one, other))::VARCHAR"
