"""Patterns that somebody kept under a name, in the catalogue. Deleting one can be undone by keeping it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.audiences import spelled
from qianmian.app.patterns.tables import KEPT_PATTERNS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text


@dataclass(frozen=True)
class KeptPattern:
    """A pattern under a name.

    Attributes:
        pattern: its number.
        name: what its owner calls it.
        condition: canonical text of whom it holds.
        is_mined: whether it was found by mining.
        created_by: account; empty = the command line or the workspace's token.
        created_at: when it was kept.
    """

    pattern: int
    name: str
    condition: str
    is_mined: bool
    created_by: str
    created_at: datetime


class KeptPatterns:
    """The kept patterns of a workspace."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The patterns in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(KEPT_PATTERNS)

    def add(self, name: str, condition: str, *, is_mined: bool, by: str = "") -> KeptPattern:
        """Keep a condition under a name.

        Raises:
            InputError: the name is taken or odd, or personal data stand in the condition.
        """
        if mask_text(condition) != condition:  # it would outlive that person's erasure
            raise InputError("audience_personal")
        called = spelled(name)
        if called.casefold() in {one.name.casefold() for one in self.all()}:
            raise InputError("pattern_exists", name=called)
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.pattern))).scalar() or 0
            row = {"name": called, "condition": condition, "is_mined": is_mined, "created_by": by}
            at = microseconds(self._clock.now())
            connection.execute(sa.insert(self._table).values(**row, pattern=last + 1, created_at=at))
        return self.get(last + 1)

    def all(self) -> list[KeptPattern]:
        """Those that stand, the newest first."""
        wanted = sa.select(self._table).where(self._table.c.deleted_at.is_(None)).order_by(self._table.c.pattern.desc())
        with self._catalogue.connect() as connection:
            return [_readable(row) for row in connection.execute(wanted).mappings()]

    def get(self, pattern: int) -> KeptPattern:
        """The one of a number.

        Raises:
            UnknownNameError: there is none.
        """
        for one in self.all():
            if one.pattern == pattern:
                return one
        raise UnknownNameError("no_pattern", pattern=f"k{pattern}")

    def delete(self, pattern: int) -> KeptPattern:
        """Take one out of sight.

        Raises:
            UnknownNameError: there is none.
        """
        found = self.get(pattern)
        change = sa.update(self._table).where(self._table.c.pattern == pattern)
        with self._catalogue.begin() as connection:
            connection.execute(change.values(deleted_at=microseconds(self._clock.now())))
        return found


def _readable(row: sa.RowMapping) -> KeptPattern:
    at = instant_of(row["created_at"])
    return KeptPattern(
        row["pattern"], row["name"], row["condition"], bool(row["is_mined"]), row["created_by"] or "", at
    )
