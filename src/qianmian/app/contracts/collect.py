"""What the doors tell of imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract, Words
from qianmian.app.contracts.traffic import FlaggedTold
from qianmian.app.flusher import Flushed
from qianmian.collect.imports.preview import PreviewRow
from qianmian.collect.imports.report import ImportReport
from qianmian.core.language import Language
from qianmian.privacy.refused import RefusedRow


class RefusalExample(Contract):
    """One refused row, its value masked."""

    row: int = Field(description="number of the row in the file, from 1")
    field: str = Field(description="the field that was wrong")
    detail: Words = Field(description="what was expected")


class RefusalsTold(Contract):
    """The rows refused for one reason."""

    reason: str = Field(description="machine name of the reason")
    rows: int = Field(description="how many")
    examples: list[RefusalExample] = Field(description="the first few")


class MaskedTold(Contract):
    """Undeclared personal data that was replaced in one column."""

    column: str = Field(description="where")
    kind: str = Field(description="phone, email, id_card or bank_card")
    count: int = Field(description="how often")


class TemplateTold(Contract):
    """A mapping that comes with the product."""

    name: str = Field(description="platform and file, such as taobao/order_lines")
    about: str = Field(description="which download it reads")
    text: str = Field(description="the YAML")


class ImportTold(Contract):
    """The outcome of an import: read = accepted + duplicates + skipped + refused rows."""

    batch: int = Field(description="number of the batch; 0 = nothing was written")
    already: bool = Field(description="the file stood in the lake already")
    read: int = Field(description="rows in the file")
    accepted: int = Field(description="rows that became events, lines or items")
    events: int = Field(description="events written")
    lines: int = Field(description="event lines written")
    items: int = Field(description="rows of goods written")
    duplicates: int = Field(description="rows that were here before")
    skipped: int = Field(description="rows that the mapping passes over")
    refused_rows: int = Field(description="rows refused, for whatever reason")
    refused: list[RefusalsTold] = Field(description="by reason, the commonest first")
    masked: list[MaskedTold] = Field(description="undeclared personal data that was replaced")
    hidden: int = Field(description="events in which undeclared personal data were masked or left out")
    flagged: list[FlaggedTold] = Field(description="events that may be no visits of people, by reason")
    new_identifiers: int = Field(description="identifiers never seen before")
    first_at: datetime | None = Field(description="the earliest event")
    last_at: datetime | None = Field(description="the latest event")
    seconds: float = Field(description="how long it took")

    @classmethod
    def of(cls, report: ImportReport, language: Language) -> ImportTold:
        """The report, its reasons in words."""
        return cls.model_validate(report, context=language)


class BatchTold(Contract):
    """One import of the workspace."""

    batch: int = Field(description="number of the batch")
    source: str = Field(description="data source")
    file: str = Field(description="name of the file")
    started_at: datetime = Field(description="when the import began")
    done_at: datetime | None = Field(description="when it was released; empty = unfinished")
    undone_at: datetime | None = Field(description="when it was undone; empty = it stands")
    is_backfill: bool = Field(default=False, description="whether it brings the past: its events trigger nothing")
    read: int = Field(default=0, description="rows in the file")
    accepted: int = Field(default=0, description="rows that were taken")
    duplicates: int = Field(default=0, description="rows that were here before")
    refused_rows: int = Field(default=0, description="rows that were refused")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> BatchTold:
        """A batch of the catalogue with the sums of its report."""
        report = row["report"] or {"read": 0, "accepted": 0, "duplicates": 0, "refused": []}
        sums = {
            "read": report["read"],
            "accepted": report["accepted"],
            "duplicates": report["duplicates"],
            "refused_rows": sum(one["rows"] for one in report["refused"]),
        }
        return cls.model_validate({**row, **sums})


class UndoneTold(Contract):
    """The outcome of an undo."""

    batch: int = Field(description="number of the batch")
    stood: bool = Field(description="whether it was in the lake; undoing twice changes nothing")


class RefusedTold(Contract):
    """A refused row, without its content."""

    position: int = Field(description="number of the row in the file, from 1")
    reason: str = Field(description="machine name of the reason")
    field: str = Field(description="the field that was wrong; empty = the whole row")
    detail: Words = Field(description="what was expected, with the value masked")
    refused_at: datetime = Field(description="when it was refused")

    @classmethod
    def of(cls, row: RefusedRow, language: Language) -> RefusedTold:
        """Where and why, nothing of the body."""
        return cls.model_validate(row, context=language)


class FlushedTold(Contract):
    """What was taken in from the journal: received = stored + duplicates + skipped + refused."""

    received: int = Field(description="events that senders were told are safe")
    stored: int = Field(description="events in the lake; of a dev source, events that would be")
    duplicates: int = Field(description="events that were there before")
    skipped: int = Field(description="calls that say nothing of behaviour")
    refused: int = Field(description="events kept for replay, with their reason")
    hidden: int = Field(description="stored events in which undeclared personal data were masked or left out")
    flagged: list[FlaggedTold] = Field(description="stored events that may be no visits of people, by reason")
    damaged: list[str] = Field(description="files of the journal that cannot be read to their end")

    @classmethod
    def of(cls, flushed: Flushed) -> FlushedTold:
        """The counts, and what could not be read."""
        told = vars(flushed.counts) | {"flagged": FlaggedTold.of(flushed.counts.flagged)}
        return cls(**told, damaged=list(flushed.damaged))


class PreviewTold(Contract):
    """What one row of a file would become."""

    row: int = Field(description="number of the row in the file, from 1")
    refused: str = Field(description="machine name of the reason; empty = it would be taken")
    field: str = Field(description="the field that is wrong; empty = the whole row, or none")
    fields: dict[str, str] = Field(description="what it would be, personal values masked")

    @classmethod
    def of(cls, row: PreviewRow) -> PreviewTold:
        """The row with its fields by name."""
        return cls(row=row.row, refused=row.refused, field=row.field, fields=dict(row.fields))
