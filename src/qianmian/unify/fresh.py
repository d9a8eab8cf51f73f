"""What a build has not folded yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from qianmian.engines.base import Context, Json
from qianmian.lake.connection import Connection


@dataclass(frozen=True)
class Folded:
    """How far an earlier build came.

    Attributes:
        batch: highest batch that it folded; -1 = nothing.
        instant: its "now"; events of those batches that occur later were left for the next build.
    """

    batch: int = -1
    instant: datetime = datetime(1, 1, 1, tzinfo=UTC)

    def to_params(self) -> Mapping[str, Json]:
        """As parameters of a task: ``batch`` and ``instant``."""
        return {"batch": self.batch, "instant": self.instant.isoformat()}


#: No build came before.
NOTHING_FOLDED = Folded()

#: Events that the build folds now. Two branches, so that row groups of folded batches are skipped by statistics.
_FRESH = """
SELECT {columns} FROM events ANTI JOIN left_out USING (event_key)
WHERE batch > getvariable('batch') AND occurred_at <= getvariable('now')
UNION ALL
SELECT {columns} FROM events ANTI JOIN left_out USING (event_key)
WHERE batch <= getvariable('batch') AND day >= getvariable('instant')::TIMESTAMPTZ::DATE
  AND occurred_at > getvariable('instant')::TIMESTAMPTZ AND occurred_at <= getvariable('now')
"""
#: The same choice for tables that follow events and know their day: a superset, to be joined.
FRESH_DAYS = "(batch > getvariable('batch') OR day >= getvariable('instant')::TIMESTAMPTZ::DATE)"

#: Name under which the exchange holds the events that an earlier build folded wrongly, as this one knows better.
CORRECTED = "corrected"


def show_corrected(context: Context, connection: Connection) -> list[str]:
    """Make the table ``corrected(event_key, node_id, occurred_at)``, with the node that history knows.

    Returns:
        The UTC days of these events, as SQL literals.
    """
    files = [str(path) for path in context.dealt(CORRECTED, 0)]
    found = "SELECT event_key, node_id, occurred_at FROM read_parquet($files)" if files else _NOTHING
    connection.execute(f"CREATE TEMP TABLE corrected AS {found}", {"files": files} if files else None)
    days = connection.execute("SELECT DISTINCT occurred_at::DATE::VARCHAR FROM corrected ORDER BY 1").fetchall()
    return [f"DATE '{day}'" for (day,) in days]


_NOTHING = "SELECT 0::BIGINT AS event_key, 0::BIGINT AS node_id, NULL::TIMESTAMPTZ AS occurred_at WHERE false"


def fresh(columns: str) -> str:
    """SQL of the events that no build has folded and that count; the connection sees `left_out`."""
    return _FRESH.format(columns=columns)


def fresh_or_corrected(days: list[str], columns: str) -> str:
    """SQL of the events to fold: those that no build folded, and of ``corrected`` on its days those that count."""
    counted = "events SEMI JOIN corrected USING (event_key) ANTI JOIN left_out USING (event_key)"
    again = f"SELECT {columns} FROM {counted} WHERE day IN ({', '.join(days)})"
    return f"{fresh(columns)} UNION ALL {again}" if days else fresh(columns)
