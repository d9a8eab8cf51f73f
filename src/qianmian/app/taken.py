"""What was taken in from the journal, counted: received = stored + duplicates + skipped + refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from qianmian.app.batches import next_number
from qianmian.app.tables import TAKEN
from qianmian.app.tracking.counts import count
from qianmian.collect.plan.found import Findings, findings_of
from qianmian.core.clock import Clock
from qianmian.privacy.database import declared, microseconds


@dataclass(frozen=True, order=True)
class Share:
    """The deliveries of one source in one file of the journal that are taken in together.

    Attributes:
        file: the journal file.
        source: data source.
        environment: dev or prod.
        dialect: protocol.
    """

    file: str
    source: str
    environment: str
    dialect: str

    @property
    def stream(self) -> str:
        """The name by which the lake remembers how far it has come, over all files."""
        return f"journal:{self.source}:{self.dialect}"


#: Counts that are columns of the catalogue.
SUMMED = ("received", "stored", "duplicates", "skipped", "refused", "hidden")


@dataclass(frozen=True)
class Counts:
    """Events by what became of them.

    Attributes:
        hidden: stored ones in which personal data that nobody declared were masked or left out.
        flagged: why stored ones may be no visits of people: reason → events.
    """

    received: int = 0
    stored: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused: int = 0
    hidden: int = 0
    flagged: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        flagged = Counter(self.flagged) + Counter(other.flagged)
        sums = {name: getattr(self, name) + getattr(other, name) for name in SUMMED}
        return Counts(**sums, flagged=dict(flagged))

    def stored_row(self) -> dict[str, Any]:
        """As the catalogue keeps them."""
        numbers = {name: getattr(self, name) for name in SUMMED}
        return numbers | {"flagged": json.dumps(self.flagged) if self.flagged else None}


class Taken:
    """The counts of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, zone: str = "UTC") -> None:
        """The counts in a catalogue whose tables exist; days are those of a time zone."""
        self._catalogue = catalogue
        self._zone = ZoneInfo(zone)
        self._clock = clock
        self._table = declared(TAKEN)

    def begin(self, share: Share, upto: int) -> int:
        """Number what is about to be taken in."""
        with self._catalogue.begin() as connection:
            number = next_number(connection)
            row = {**asdict(share), **Counts().stored_row(), "batch": number, "upto": upto}
            connection.execute(sa.insert(self._table).values(**row, begun_at=microseconds(self._clock.now())))
        return number

    def announce(self, batch: int, counts: Counts, findings: Findings | None = None) -> None:
        """Note the counts of what is about to be released, and what the plan's judge found in it."""
        values = {**counts.stored_row(), "findings": findings and findings.stored()}
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.batch == batch).values(**values))

    def done(self, batch: int) -> None:
        """What was announced is in: it joins what was counted of the same share before."""
        table, now = self._table, self._clock.now()
        with self._catalogue.begin() as connection:
            row = connection.execute(sa.select(table).where(table.c.batch == batch)).mappings().one()
            earlier = (*(table.c[name] == row[name] for name in _OF_SHARE), table.c.done_at.is_not(None))
            counts = _counts(row)
            for before in connection.execute(sa.select(table).where(*earlier)).mappings().all():
                counts += _counts(before)
            connection.execute(sa.delete(table).where(*earlier))
            if row["findings"]:
                found = findings_of(row["findings"])
                count(connection, row["source"], found, now, now.astimezone(self._zone).date())
            done = {**counts.stored_row(), "done_at": microseconds(now), "findings": None}
            connection.execute(sa.update(table).where(table.c.batch == batch).values(**done))

    def settle(self, is_in: Callable[[Share, int], bool]) -> None:
        """Bring what a crash cut short to what the lake knows: released is done, the rest comes again.

        Args:
            is_in: whether the lake has come so far in a share.
        """
        with self._catalogue.connect() as connection:
            cut = connection.execute(sa.select(self._table).where(self._table.c.done_at.is_(None))).mappings().all()
        for row in cut:
            if row["received"] and is_in(_share(row), row["upto"]):
                self.done(row["batch"])
            else:
                with self._catalogue.begin() as connection:
                    connection.execute(sa.delete(self._table).where(self._table.c.batch == row["batch"]))

    def upto(self, file: str) -> dict[Share, int]:
        """How far each share of a file is counted."""
        wanted = sa.select(self._table).where(self._table.c.file == file, self._table.c.done_at.is_not(None))
        with self._catalogue.connect() as connection:
            return {_share(row): int(row["upto"]) for row in connection.execute(wanted).mappings()}

    def since(self, file: str) -> dict[Share, tuple[int, Counts]]:
        """How far each share of a file and of all after it is counted, and its counts, as of one moment."""
        wanted = sa.select(self._table).where(self._table.c.file >= file, self._table.c.done_at.is_not(None))
        with self._catalogue.connect() as connection:
            rows = connection.execute(wanted).mappings().all()
        return {_share(row): (int(row["upto"]), _counts(row)) for row in rows}

    def counts(self) -> dict[tuple[str, str], Counts]:
        """All that was taken in, by source and environment."""
        c = self._table.c
        sums = [sa.func.sum(c[name]).label(name) for name in SUMMED]
        summed = sa.select(c.source, c.environment, *sums, sa.null().label("flagged")).group_by(c.source, c.environment)
        flagged = sa.select(c.source, c.environment, *(sa.literal(0).label(name) for name in SUMMED), c.flagged)
        counts: dict[tuple[str, str], Counts] = {}
        with self._catalogue.connect() as connection:
            for query in (summed, flagged.where(c.flagged.is_not(None))):
                for row in connection.execute(query.where(c.done_at.is_not(None))).mappings():
                    at = row["source"], row["environment"]
                    counts[at] = counts.get(at, Counts()) + _counts(row)
        return counts


_OF_SHARE = ("file", "source", "environment", "dialect")


def _counts(row: Any) -> Counts:
    return Counts(**{name: int(row[name] or 0) for name in SUMMED}, flagged=json.loads(row["flagged"] or "{}"))


def _share(row: Any) -> Share:
    return Share(*(row[name] for name in _OF_SHARE))
