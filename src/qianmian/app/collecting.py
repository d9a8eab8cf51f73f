"""What a running server does with deliveries: who may send, and nothing acknowledged that is not on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from qianmian.app.sources import Source, Sources, WriteKeys
from qianmian.app.workspace import JOURNAL, Workspace
from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.collect.wire import contracts as wire
from qianmian.core.errors import TokenError, WireError


@dataclass(frozen=True)
class Collecting:
    """Takes deliveries in.

    Attributes:
        workspace: the shop.
        keys: who may send.
        writer: makes deliveries durable.
    """

    workspace: Workspace
    keys: WriteKeys
    writer: JournalWriter

    async def accept(self, delivery: wire.Delivery) -> None:
        """Return once a delivery is on disk.

        Raises:
            TokenError: nobody has its write key.
            WireError: its source speaks another protocol.
            JournalError: it could not be kept, or too much waits; the sender comes again.
        """
        source = self._source(delivery)
        at = self.workspace.clock.now()
        told = [_delivery(source, delivery.dialect, at, delivery.count, delivery.lines)] if delivery.count else []
        told += [
            _delivery(source, delivery.dialect, at, 1, one.raw.encode("utf-8", "surrogatepass"), str(one.reason))
            for one in delivery.refused
        ]
        await self.writer.append(*told)

    def _source(self, delivery: wire.Delivery) -> Source:
        source = self.keys.find(delivery.write_key)
        if source is None:
            raise TokenError("no_write_key")
        if delivery.dialect not in source.dialects:
            raise WireError("source_speaks_other", source=source.name, dialects=source.dialects)
        return source


@asynccontextmanager
async def collecting(workspace: Workspace) -> AsyncIterator[Collecting]:
    """Take deliveries in until the block ends; one process of a workspace can.

    Raises:
        JournalError: another process does.
    """
    keys = WriteKeys(Sources(workspace.catalogue, workspace.clock), workspace.clock)
    folder = JournalFolder(workspace.data / JOURNAL)
    writer = JournalWriter(folder, workspace.keys, workspace.clock, workspace.entropy)
    try:
        yield Collecting(workspace, keys, writer)
    finally:
        await writer.close()
        keys.refresh()


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
