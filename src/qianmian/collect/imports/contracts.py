"""What an import is handed: which file it takes in, how, and where to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qianmian.collect.imports.batch import Batch
from qianmian.collect.imports.mapping import Mapping
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.imports.treatment import AS_USUAL, Treatment
from qianmian.collect.plan.judge import Judge
from qianmian.collect.seen import SeenEvents
from qianmian.core.settings import Settings
from qianmian.lake.store import Lake
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.refused import RefusedRows
from qianmian.privacy.suppression import SuppressionLedger
from qianmian.privacy.vault import Vault

#: Told the name of a phase as it begins.
Progress = Callable[[str], None]
#: Told what an import is about to release.
Announce = Callable[[ImportReport], None]


@dataclass(frozen=True)
class Stores:
    """What an import writes to and reads from.

    Attributes:
        scratch: folder for what is staged; an import owns it alone, and empties it.
        seen: says which events the lake, as it is now, may hold; None = the lake is asked.
    """

    lake: Lake
    vault: Vault
    refused: RefusedRows
    suppression: SuppressionLedger
    keys: KeyRing
    settings: Settings
    scratch: Path
    seen: SeenEvents | None = None


@dataclass(frozen=True)
class Stretch:
    """Rows that lie in a journal, not in a file of their own.

    Attributes:
        stream: under which the lake remembers how far it has come.
        upto: number of the last delivery of the stretch; grows from stretch to stretch.
        place: stream and position under which a row of the file, from 1, is kept if it is refused.
    """

    stream: str
    upto: int
    place: Callable[[int], tuple[str, int]] = field(repr=False)


@dataclass(frozen=True)
class ImportRequest:
    """What to import.

    Attributes:
        file: the file.
        mapping: how it becomes rows.
        batch: number of the batch, from the catalogue.
        now: the instant of the import, UTC.
        dry_run: compute everything, write nothing.
        replaces: a batch that leaves in the same release.
        stretch: where in a journal the rows lie; None = the file is an import of its own.
        judge: judges events by the tracking plan; None = nobody does.
        beside: changes of goods that came with the events, to be released and counted with them; None = none.
        treatment: what else is declared for the source.
    """

    file: Path
    mapping: Mapping
    batch: int
    now: datetime
    dry_run: bool = False
    replaces: Batch | None = None
    stretch: Stretch | None = None
    judge: Judge | None = None
    beside: ImportRequest | None = None
    treatment: Treatment = AS_USUAL


def silent(told: object) -> None:
    """Tells nobody."""
