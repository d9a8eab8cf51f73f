"""What a running server does with deliveries: who may send how much, and nothing acknowledged that is not on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from time import monotonic

import sqlalchemy as sa
import structlog

from qianmian.app.allowances import Allowance, Allowances, allowed
from qianmian.app.arrivals import TAKEN, Arrivals, Counter, Sender
from qianmian.app.sources import Source, Sources, WriteKeys
from qianmian.app.workspace import JOURNAL, Workspace
from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.collect.wire import contracts as wire
from qianmian.collect.wire import sensors
from qianmian.collect.wire.answers import status_of
from qianmian.core.clock import local_date
from qianmian.core.errors import QianmianError, TokenError, WireError

#: Between two looks at what is to be written down.
_NOTE_SECONDS = 5.0
#: A client that understands no error is held up instead, so long and so many at a time; then its events are taken.
_LONGEST_SECONDS, _MOST_HELD_UP = 5.0, 64
_log = structlog.get_logger("qianmian.collecting")


@dataclass
class Collecting:
    """Takes deliveries in.

    Attributes:
        workspace: the shop.
        keys: who may send.
        allowances: how much.
        writer: makes deliveries durable.
        counter: counts what came and how it was answered.
    """

    workspace: Workspace
    keys: WriteKeys
    allowances: Allowances
    writer: JournalWriter
    counter: Counter
    _held_up: int = 0
    _allowed: dict[str, tuple[Source, Allowance]] = field(default_factory=dict)

    async def accept(self, delivery: wire.Delivery) -> None:
        """Return once a delivery is on disk.

        Raises:
            TokenError: nobody has its write key.
            WireError: its source speaks another protocol.
            LimitError: its source has sent as much as it may; the sender comes again.
            JournalError: it could not be kept, or too much waits; the sender comes again.
        """
        events = delivery.count + len(delivery.refused)
        sender = Sender()
        try:
            source = self._source(delivery)
            sender = Sender(source.name, source.environment)
            if delivery.dialect not in source.dialects:
                raise WireError("source_speaks_other", source=source.name, dialects=source.dialects)
            await self._keep(source, delivery, events)
        except (QianmianError, OSError) as error:
            self.counter.note(sender, status_of(error), events)
            raise
        self.counter.note(sender, TAKEN, events)

    def turned_away(self, status: int, key: str) -> None:
        """Count a request that was answered without being read; its key may be empty."""
        source = self.keys.find(key)
        self.counter.note(Sender(source.name, source.environment) if source else Sender(), status)

    async def _keep(self, source: Source, delivery: wire.Delivery, events: int) -> None:
        allowance = self._allowance(source)
        if delivery.dialect == sensors.DIALECT:
            await self._hold_up(self.allowances.wait_seconds(source.name, allowance))
        else:
            self.allowances.check(source.name, allowance)
        self.allowances.spend(source.name, allowance, events)
        try:
            await self.writer.append(*_deliveries(source, delivery, self.workspace.clock.now()))
        except BaseException:
            self.allowances.spend(source.name, allowance, -events)
            raise

    async def _hold_up(self, seconds: float) -> None:
        """Let a client wait that would lose events, or end for ever, at any error."""
        if seconds and self._held_up < _MOST_HELD_UP:
            self._held_up += 1
            try:
                await asyncio.sleep(min(seconds, _LONGEST_SECONDS))
            finally:
                self._held_up -= 1

    def _allowance(self, source: Source) -> Allowance:
        known = self._allowed.get(source.name)
        if known is None or known[0] is not source:  # its limits are read again with its key
            known = self._allowed[source.name] = source, allowed(self.workspace.settings, source.limits)
        return known[1]

    def _source(self, delivery: wire.Delivery) -> Source:
        source = self.keys.find(delivery.write_key)
        if source is None:
            raise TokenError("no_write_key")
        return source


@asynccontextmanager
async def collecting(workspace: Workspace) -> AsyncIterator[Collecting]:
    """Take deliveries in until the block ends; one process of a workspace can.

    Raises:
        JournalError: another process does.
    """
    keys = WriteKeys(Sources(workspace.catalogue, workspace.clock), workspace.clock)
    folder = JournalFolder(workspace.data / JOURNAL)
    arrivals, counter = Arrivals(workspace.catalogue, workspace.clock), Counter(workspace.clock)
    writer = JournalWriter(folder, workspace.keys, workspace.clock, workspace.entropy)
    try:
        allowances = Allowances(workspace.clock, workspace.settings.zone, monotonic, _today(workspace, arrivals))
        noting = asyncio.create_task(_note(workspace, arrivals, counter))
        try:
            yield Collecting(workspace, keys, allowances, writer, counter)
        finally:
            noting.cancel()
            with suppress(asyncio.CancelledError):
                await noting
    finally:
        await writer.close()
        keys.refresh()
        _write_down(arrivals, counter)


async def _note(workspace: Workspace, arrivals: Arrivals, counter: Counter) -> None:
    """Write down what was counted, and begin a file of the journal with each local date, so that a day has its own."""
    today = _date(workspace)
    while True:
        await asyncio.sleep(_NOTE_SECONDS)
        await asyncio.to_thread(_write_down, arrivals, counter)
        if _date(workspace) != today:
            today = _date(workspace)
            workspace.journal.ask_turn()


def _write_down(arrivals: Arrivals, counter: Counter) -> None:
    counts = counter.take()
    if not counts:
        return
    try:
        arrivals.add(counts)
    except (sa.exc.SQLAlchemyError, QianmianError) as error:  # the catalogue is busy or full: with the next
        counter.put_back(counts)
        _log.warning("arrivals_not_noted", kind=type(error).__name__)


def _today(workspace: Workspace, arrivals: Arrivals) -> dict[str, int]:
    """Events that each source has sent today, as far as an earlier process wrote them down."""
    midnight = datetime.combine(_date(workspace), time(), workspace.settings.zone).astimezone(UTC)
    return {
        sender.source: sums.events
        for (sender, status), sums in arrivals.answered(midnight).items()
        if status == TAKEN and sender.source
    }


def _date(workspace: Workspace) -> date:
    return local_date(workspace.clock.now(), workspace.settings.time_zone)


def _deliveries(source: Source, delivery: wire.Delivery, at: datetime) -> list[Delivery]:
    told = [_delivery(source, delivery.dialect, at, delivery.count, delivery.lines)] if delivery.count else []
    return told + [
        _delivery(source, delivery.dialect, at, 1, one.raw.encode("utf-8", "surrogatepass"), str(one.reason))
        for one in delivery.refused
    ]


def _delivery(source: Source, dialect: str, at: datetime, count: int, lines: bytes, reason: str = "") -> Delivery:
    return Delivery(
        dialect=dialect,
        source=source.name,
        environment=source.environment,
        received_at=at,
        count=count,
        lines=lines,
        reason=reason,
    )
