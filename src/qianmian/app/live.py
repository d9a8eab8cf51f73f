"""Events as they arrive, for whoever looks: what each holds, masked, and what will become of it.

Nobody looking costs nothing. However many look, the end of the journal is read once, at most twice a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from threading import Lock
from time import monotonic
from typing import Any

from qianmian.app.tail import Tail
from qianmian.app.tracking.plans import judge_of
from qianmian.app.treatment import treatment_of
from qianmian.app.workspace import Workspace
from qianmian.collect.imports.check import SKIPPED
from qianmian.collect.imports.mapping import Mapping as Meaning
from qianmian.collect.imports.preview import PreviewRow, preview
from qianmian.collect.imports.treatment import Treatment
from qianmian.collect.journal.entries import Entry
from qianmian.collect.plan.judge import Judge
from qianmian.collect.traffic.rules import FLAGGED, ORDINARY
from qianmian.collect.wire.meanings import goods_mapping, is_of_goods, mapping_of
from qianmian.collect.wire.shown import library, parsed, shown
from qianmian.core.messages import Message

#: Events kept for those who look, and of one source in one reading.
_KEPT, _AT_ONCE = 500, 60
_PAUSE_SECONDS = 0.5
#: Who looks again after so long begins anew.
_IDLE_SECONDS = 60.0
_NO_ROW = PreviewRow(0, "", "", ())


class Fate(StrEnum):
    """What will become of an event."""

    STORED = "stored"  # unless it was there before
    CHECKED = "checked"  # of a source in development: sound, and not stored
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class LiveEvent:
    """An event that arrived.

    Attributes:
        number: grows with arrival, from 1.
        received_at: when.
        source: who sent it.
        environment: dev or prod.
        dialect: protocol.
        name: of the event, as it will be called; empty if it cannot be read.
        event_id: its id, masked where it looks personal.
        occurred_at: when it happened; None if that cannot be read.
        library: name and version of the SDK; may be empty.
        fate: what will become of it.
        reason: machine name of the reason for which it is refused.
        field: the field that is wrong; may be empty.
        why: what becomes of it in words, with a hint.
        traffic: why it may be no visit of a person, by what it states of itself; empty = nothing says so.
        event: what it holds, personal values masked; None if it is no JSON object.
    """

    number: int
    received_at: datetime
    source: str
    environment: str
    dialect: str
    name: str
    event_id: str
    occurred_at: datetime | None
    library: str
    fate: Fate
    reason: str
    field: str
    why: Message
    traffic: str
    event: dict[str, Any] | None


@dataclass(frozen=True)
class Wanted:
    """Which events somebody looks for; empty = any.

    Attributes:
        traffic: a reason for which events are flagged; `FLAGGED` = any; `ORDINARY` = those that are not.
    """

    source: str = ""
    environment: str = ""
    name: str = ""
    traffic: str = ""

    def fits(self, event: LiveEvent) -> bool:
        """Whether an event is one of them; a name is looked for as a part, in small letters."""
        return (
            self.source in ("", event.source)
            and self.environment in ("", event.environment)
            and self.name.lower() in event.name.lower()
            and self.traffic in ("", event.traffic or ORDINARY, FLAGGED if event.traffic else ORDINARY)
        )


@dataclass(frozen=True)
class Look:
    """What somebody sees.

    Attributes:
        events: newest first.
        cursor: what to come again with, so that only newer ones are told.
        passed: events that came since the last look and were too many to show.
    """

    events: tuple[LiveEvent, ...]
    cursor: str
    passed: int


@dataclass(frozen=True)
class _Ring:
    """What those who look share.

    Attributes:
        name: of this ring; a cursor of another is of no use.
        events: oldest first.
        last: number of the newest event so far.
        passed: events so far that were too many to show.
    """

    name: str
    events: tuple[LiveEvent, ...] = ()
    last: int = 0
    passed: int = 0


class Live:
    """The newest events of a workspace, for any number of viewers."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is read until somebody looks."""
        self._workspace = workspace
        self._reading = Lock()
        self._looked_at = self._read_at = float("-inf")
        self._begin()

    def look(self, wanted: Wanted = Wanted(), cursor: str = "", limit: int = 100) -> Look:
        """The newest events.

        Args:
            wanted: which.
            cursor: of an earlier look: only newer ones come; of a server that ended meanwhile, all come.
            limit: at most so many.
        """
        # While another reads, what is known already is told; who comes first to an empty ring waits for it.
        if self._reading.acquire(blocking=not self._ring.events):
            try:
                self._refresh()
            finally:
                self._reading.release()
        ring = self._ring
        since, passed = _place_of(cursor, ring)
        found = [event for event in ring.events if event.number > since and wanted.fits(event)]
        told = f"{ring.name}-{ring.last}-{ring.passed}"
        return Look(tuple(found[-limit:][::-1]), told, ring.passed - passed)

    def _begin(self) -> None:
        self._tail = Tail(self._workspace, _AT_ONCE)
        self._ring = _Ring(self._workspace.entropy(4).hex())

    def _refresh(self) -> None:
        now = monotonic()
        if now - self._looked_at > _IDLE_SECONDS:
            self._begin()
        self._looked_at = now
        if now - self._read_at < _PAUSE_SECONDS:
            return
        ring, stretch = self._ring, self._tail.read()
        come = tuple(self._judged([entry for _, entry in reversed(stretch.entries)]))
        passed = stretch.passed + sum(entry.count for _, entry in stretch.entries) - len(come)
        self._ring = replace(
            ring,
            events=(*ring.events, *come)[-_KEPT:],
            last=ring.last + len(come),
            passed=ring.passed + (passed if ring.last else 0),  # what came before somebody looked was missed by nobody
        )
        self._read_at = monotonic()

    def _judged(self, entries: Sequence[Entry]) -> Iterable[LiveEvent]:
        sources = {entry.source for entry in entries}
        judges = {source: judge_of(self._workspace, source) for source in sources}
        treatments = {source: treatment_of(self._workspace, source) for source in sources}

        def kind(entry: Entry) -> tuple[str, ...]:
            treatment = treatments[entry.source]
            declared = sorted(treatment.consent.own.items())
            return entry.dialect, judges[entry.source].mode, treatment.personal_data, str(declared)

        told = sorted((entry for entry in entries if not entry.reason), key=kind)
        rows: dict[tuple[str, ...], Iterator[PreviewRow]] = {}
        for by, some in groupby(told, kind):
            alike = list(some)
            judge, treatment = judges[alike[0].source], treatments[alike[0].source]
            rows[by] = self._woven(alike, judge, treatment)
        number = self._ring.last
        for entry in entries:
            for line in [entry.lines] if entry.reason else _lines(entry):
                number += 1
                yield _event(number, entry, line, _NO_ROW if entry.reason else next(rows[kind(entry)]))

    def _woven(self, entries: Sequence[Entry], judge: Judge, treatment: Treatment) -> Iterator[PreviewRow]:
        """What the imports of their protocol, and the tracking plan, would make of the lines, in their order."""
        dialect = entries[0].dialect
        lines = [line for entry in entries for line in _lines(entry)]
        are_goods = [is_of_goods(dialect, line) for line in lines]
        events, goods = (
            [line for line, one in zip(lines, are_goods, strict=True) if one is of] for of in (False, True)
        )
        told = {
            False: iter(self._preview(mapping_of(dialect), events, judge, treatment)),
            True: iter(self._preview(goods_mapping(), goods, None, treatment)),
        }
        return (next(told[of]) for of in are_goods)

    def _preview(
        self, mapping: Meaning, lines: Sequence[bytes], judge: Judge | None, treatment: Treatment
    ) -> list[PreviewRow]:
        if not lines:
            return []
        workspace = self._workspace
        with workspace.spill() as folder:
            folder.mkdir(parents=True)
            file = folder / "lines"
            file.write_bytes(b"\n".join(lines) + b"\n")
            scratch, now = folder / "scratch", workspace.clock.now()
            return preview(
                mapping,
                file,
                workspace.settings,
                scratch,
                now,
                rows=len(lines),
                judge=judge,
                treatment=treatment,
            )


def _place_of(cursor: str, ring: _Ring) -> tuple[int, int]:
    """The newest event that a viewer has seen, and how many had passed by then."""
    name, _, rest = cursor.partition("-")
    last, _, passed = rest.partition("-")
    if name != ring.name or not (last.isdecimal() and passed.isdecimal()):
        return 0, ring.passed
    return int(last), int(passed)


def _dialect(entry: Entry) -> str:
    return entry.dialect


def _lines(entry: Entry) -> list[bytes]:
    return [line for line in entry.lines.split(b"\n") if line][-_AT_ONCE:]


def _event(number: int, entry: Entry, line: bytes, row: PreviewRow) -> LiveEvent:
    fields = dict(row.fields)
    told = parsed(line) or {}
    refused = entry.reason or row.refused
    fate = _fate(refused, entry.environment)
    return LiveEvent(
        number=number,
        received_at=entry.received_at,
        source=entry.source,
        environment=entry.environment,
        dialect=entry.dialect,
        name=fields.get("name") or (told.get("type", "") if is_of_goods(entry.dialect, line) else ""),
        event_id=fields.get("event_id", ""),
        occurred_at=_instant(fields.get("occurred_at") or fields.get("valid_from", "")),
        library=library(entry.dialect, told),
        fate=fate,
        reason=refused if fate is Fate.REFUSED else "",
        field=row.field if fate is Fate.REFUSED else "",
        why=_why(fate, row),
        traffic=fields.get("traffic", ""),
        event=shown(entry.dialect, line),
    )


def _fate(refused: str, environment: str) -> Fate:
    if refused:
        return Fate.SKIPPED if refused == SKIPPED else Fate.REFUSED
    return Fate.STORED if environment == "prod" else Fate.CHECKED


def _why(fate: Fate, row: PreviewRow) -> Message:
    match fate:
        case Fate.STORED:
            return Message("live_stored")
        case Fate.CHECKED:
            return Message("live_checked")
        case Fate.SKIPPED:
            return Message("live_skipped")
        case Fate.REFUSED if row.expected:
            return Message("live_refused", field=row.field or Message("live_whole"), expected=row.expected)
        case Fate.REFUSED:
            return Message("live_refused_at_door")


def _instant(told: str) -> datetime | None:
    """An instant as the preview writes it: with the offset of UTC."""
    return datetime.fromisoformat(told).astimezone(UTC) if told else None
