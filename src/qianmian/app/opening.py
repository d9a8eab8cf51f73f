"""Opening tracked links: whoever opens one is led on, whatever else fails, and its event is kept like any other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from qianmian.app import arrivals
from qianmian.app.tracked_links import TrackedLink, TrackedLinks
from qianmian.app.workspace import Workspace
from qianmian.collect.journal.writer import JournalWriter
from qianmian.collect.wire.agents import agent_of
from qianmian.collect.wire.opened import SOURCE, Opened, click_id, host_of, landing
from qianmian.core.errors import QianmianError

#: How old what is known of links may be; of a code that is not known, how soon it is looked for again.
_REFRESH, _LOOK_AGAIN = timedelta(seconds=5), timedelta(seconds=1)
#: How long somebody waits for the disk before being led on; the event may still be kept.
_PATIENCE_SECONDS = 1.0
_CLICK_BYTES = 12
_SENDER = arrivals.Sender(SOURCE, "prod")
_log = structlog.get_logger("qianmian.links")


@dataclass
class Opening:
    """Leads on who opens a link.

    Attributes:
        workspace: the shop.
        writer: keeps the events.
        links: where links are declared.
        arrivals: counts what came.
    """

    workspace: Workspace
    writer: JournalWriter
    links: TrackedLinks
    arrivals: arrivals.Counter
    _known: dict[str, TrackedLink] = field(default_factory=dict)
    _read_at: datetime | None = None
    _unkept: Counter[str] = field(default_factory=Counter)
    _keeping: set[asyncio.Task[object]] = field(default_factory=set)

    def find(self, code: str) -> TrackedLink | None:
        """The link with a code, as it was some seconds ago at most; None if there is none."""
        now = self.workspace.clock.now()
        age = None if self._read_at is None else abs(now - self._read_at)
        if age is None or age >= _REFRESH or (code not in self._known and age >= _LOOK_AGAIN):
            self.refresh()
        return self._known.get(code)

    async def open(self, link: TrackedLink, headers: Mapping[str, str]) -> str:
        """Note that somebody opened a link; returns the address to lead them to.

        Once the event is on disk, as a rule; if that fails or takes long, they are led on all the same, and what could
        not be kept is counted.

        Args:
            link: what was opened.
            headers: of the request, by their names in small letters.
        """
        opened = Opened(
            link.code,
            link.properties,
            click_id(self.workspace.entropy(_CLICK_BYTES)),
            agent_of(headers),
            host_of(headers.get("referer", "")),
            self.workspace.clock.now(),
        )
        keeping: asyncio.Task[object] = asyncio.create_task(self._keep(opened))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        await asyncio.wait((keeping,), timeout=_PATIENCE_SECONDS)
        return landing(link.target, link.words, opened.click_id)

    async def _keep(self, opened: Opened) -> None:
        try:
            await self.writer.append(opened.delivery())
            self.arrivals.note(_SENDER, arrivals.TAKEN, 1)
        except (QianmianError, OSError) as error:
            self._unkept[opened.code] += 1
            _log.warning("not_kept", kind=type(error).__name__)

    def refresh(self) -> None:
        """Read the links again, and write down what was not kept; if neither can be done, go on with what is known."""
        self._read_at = self.workspace.clock.now()
        try:
            for code, openings in list(self._unkept.items()):
                self.links.count_unkept(code, openings)
                del self._unkept[code]
            self._known = {link.code: link for link in self.links.all()}
        except (QianmianError, sa.exc.SQLAlchemyError) as error:
            _log.warning("links_not_read", kind=type(error).__name__)

    async def settle(self) -> None:
        """Wait for the events that are being kept."""
        if self._keeping:
            await asyncio.wait(self._keeping)
        self.refresh()


@asynccontextmanager
async def opening(workspace: Workspace, writer: JournalWriter, counter: arrivals.Counter) -> AsyncIterator[Opening]:
    """Lead on until the block ends.

    Args:
        workspace: the shop.
        writer: of its journal; closed after this block.
        counter: of what comes to the door.
    """
    opened = Opening(workspace, writer, TrackedLinks(workspace.catalogue, workspace.clock), counter)
    try:
        yield opened
    finally:
        await opened.settle()
