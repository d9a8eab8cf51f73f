"""How long a client may take: who sends a request too slowly gives its connection back, so that others get one.

Uvicorn waits for ever for the rest of a request. A client that opens connections and sends a byte now and then would
hold them all.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

#: What a client owes: after or of which request, whether its head, and how many bytes came so far.
_Owed = tuple[int, bool, int]


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with an end to waiting for clients.

    A client has at least one and at most two times `look_seconds` for the head of a request, and for each
    `fewest_bytes` of its body. What the application does not take up meanwhile is not its fault.
    """

    look_seconds = 10.0
    fewest_bytes = 4096
    _came = _begun = 0
    _owed: _Owed | None = None
    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._came += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Count requests."""
        self._begun += 1
        super().on_message_begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """End looking."""
        if self._looking:
            self._looking.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        owed = self._owes()
        if owed and self._owed and self._is_slow(self._owed, owed):
            self.transport.close()
            return
        self._owed = owed
        self._looking = self.loop.call_later(self.look_seconds, self._look)

    def _owes(self) -> _Owed | None:
        """What the client has to send next; None if that is nothing, or we do not listen."""
        owes_head = self._owes_head()
        if self.flow.read_paused or not (owes_head or self._owes_body()):
            return None
        return self._begun, owes_head, self._came

    def _owes_head(self) -> bool:
        return _is_over(self.cycle)

    def _owes_body(self) -> bool:
        return self.cycle.more_body

    def _is_slow(self, before: _Owed, now: _Owed) -> bool:
        is_same = before[:2] == now[:2]
        return is_same and (now[1] or now[2] - before[2] < self.fewest_bytes)


def _is_over(cycle: RequestResponseCycle | None) -> bool:
    """Whether a request is read and answered, or there was none yet, so that the next thing is a head."""
    return cycle is None or (cycle.response_complete and not cycle.more_body)
