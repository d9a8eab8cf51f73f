"""What a build has not folded yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from qianmian.engines.base import Json


@dataclass(frozen=True)
class Folded:
    """How far an earlier build came.

    Attributes:
        batch: highest batch that it folded; -1 = nothing.
        instant: its "now"; events of those batches that occur later were left for the next build.
    """

    batch: int = -1
    instant: datetime = datetime(1, 1, 1, tzinfo=UTC)

    @property
    def is_nothing(self) -> bool:
        """Whether no build came before."""
        return self.batch < 0

    def to_params(self) -> Mapping[str, Json]:
        """As parameters of a task: ``batch`` and ``instant``."""
        return {"batch": self.batch, "instant": self.instant.isoformat()}


#: No build came before.
NOTHING_FOLDED = Folded()

#: Events that the build folds now. Two branches, so that row groups of folded batches are skipped by statistics.
FRESH = """
SELECT * FROM events WHERE batch > getvariable('batch') AND occurred_at <= getvariable('now')
UNION ALL
SELECT * FROM events
WHERE batch <= getvariable('batch') AND day >= getvariable('instant')::TIMESTAMPTZ::DATE
  AND occurred_at > getvariable('instant')::TIMESTAMPTZ AND occurred_at <= getvariable('now')
"""
#: The same choice for tables that follow events and know their day: a superset, to be joined.
FRESH_DAYS = "(batch > getvariable('batch') OR day >= getvariable('instant')::TIMESTAMPTZ::DATE)"
