"""The shop's context: which facts stand."""

from __future__ import annotations


def standing_facts(where: str = "true") -> str:
    """SQL: the rows of ``context`` that stand; of one fact, that of the newest batch.

    Args:
        where: SQL condition over the stored rows.
    """
    return (
        f"SELECT * FROM context WHERE {where} "
        "QUALIFY row_number() OVER (PARTITION BY source, kind, fact_id ORDER BY batch DESC) = 1"
    )
