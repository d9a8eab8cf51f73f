"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from qianmian.collect.plan.found import Findings
from qianmian.core.messages import Message


@dataclass(frozen=True)
class Example:
    """One refused row: where it is and what was wrong, with the value masked."""

    row: int
    field: str
    detail: Message


@dataclass(frozen=True)
class Refusals:
    """The rows refused for one reason.

    Attributes:
        reason: machine name, see `check.Reason`.
        rows: how many.
        examples: the first few, in the file's order.
    """

    reason: str
    rows: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Masked:
    """Personal data that nobody declared, found in one column and replaced."""

    column: str
    kind: str
    count: int


@dataclass(frozen=True)
class Flagged:
    """Events that were taken in and may be no visits of people, for one reason."""

    reason: str
    events: int


@dataclass(frozen=True)
class ImportReport:
    """The outcome of an import. ``read == accepted + duplicates + skipped + refused rows``, always.

    Attributes:
        batch: number of the batch; 0 if nothing was written.
        stream: name under which the lake remembers the file with this mapping.
        leader: table whose release shows it; empty = of an earlier version, which had none but these two.
        already: this file was imported with this mapping before; nothing was done.
        read: rows in the file.
        accepted: rows that became events, lines or items.
        events: events written; fewer than ``accepted`` where a row is an order line.
        duplicates: rows that were here before, in this file or in the lake.
        skipped: rows that the mapping says to pass over.
        new_identifiers: identifiers that no earlier batch showed.
        first_at: the earliest event.
        last_at: the latest event.
        seconds: how long it took.
        hidden: events in which personal data that nobody declared were masked or left out.
        flagged: events that may be no visits of people, by reason.
        findings: what the tracking plan's judge found; None = nobody judged.
    """

    batch: int
    stream: str
    leader: str = ""
    already: bool = False
    read: int = 0
    accepted: int = 0
    events: int = 0
    lines: int = 0
    items: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused: tuple[Refusals, ...] = ()
    masked: tuple[Masked, ...] = ()
    new_identifiers: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    seconds: float = 0.0
    hidden: int = 0
    flagged: tuple[Flagged, ...] = ()
    findings: Findings | None = None

    def joined(self, other: ImportReport) -> ImportReport:
        """This report with the rows of another, released with it."""
        return replace(
            self,
            read=self.read + other.read,
            accepted=self.accepted + other.accepted,
            items=self.items + other.items,
            duplicates=self.duplicates + other.duplicates,
            skipped=self.skipped + other.skipped,
            refused=(*self.refused, *other.refused),
        )

    @property
    def refused_rows(self) -> int:
        """How many rows were refused, for whatever reason."""
        return sum(reason.rows for reason in self.refused)
