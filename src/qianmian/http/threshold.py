"""Where a request is turned away that there is no room for: at its head, before it costs anything else.

Whoever sends twice as much as can be taken in must not keep the server from what it can. So nothing is made of such a
request: no task, no message, no body in memory. Its body is read past, then an answer that is ready is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from qianmian.http.patience import PatientProtocol
from qianmian.http.room import STAY, Stay

#: Where a request has what writes its answer whole.
WRITE = "qianmian.write"
#: Names in small letters.
Headers = Sequence[tuple[bytes, bytes]]
#: By method, address and headers, the whole answer to who is turned away, or the stay of who comes in; None = others.
Admit = Callable[[bytes, bytes, Headers], bytes | Stay | None]


def nobody_counts(_method: bytes, _url: bytes, _headers: Headers) -> None:
    """Everybody may come in."""
    return


class Threshold(PatientProtocol):
    """HTTP with an end to waiting, and with requests that are turned away at their head.

    What is odd in whatever way (a second request before the first is answered, a connection that ends, a client that
    asks before it sends its body) goes the usual way, and hears the same there.
    """

    admit: Admit = staticmethod(nobody_counts)
    _answer: bytes | None = None
    _stay: Stay | None = None

    def on_headers_complete(self) -> None:
        """Decide."""
        asks = self._owes_head() and self._is_ordinary()
        told = self.admit(self.parser.get_method(), self.url, self.headers) if asks else None
        if isinstance(told, bytes):
            self._answer = told
            return
        try:
            super().on_headers_complete()
        except BaseException:
            with told or nullcontext():  # nobody will come for its stay
                raise
        self._stay = told
        if told:
            cast("dict[str, object]", self.scope).update({STAY: told, WRITE: partial(self._write, self.cycle)})

    def on_body(self, body: bytes) -> None:
        """Read past the body of who is turned away."""
        if self._answer is None:
            if self._stay:
                self._stay.came(len(body))
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Tell who is turned away, once nothing more comes from him: some clients hear nothing while they send."""
        if self._answer is None:
            super().on_message_complete()
            return
        self.transport.write(self._answer)
        self._answer = None

    def _write(self, cycle: RequestResponseCycle, answer: bytes) -> bool:
        """Send an answer whole, by the shortest way; False = it must go the usual way."""
        if cycle.disconnected or cycle.more_body or not cycle.keep_alive or self.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        self.transport.write(answer)
        cycle.on_response()
        return True

    def _is_ordinary(self) -> bool:
        told = self.parser
        stays = told.get_http_version() == "1.1" and told.should_keep_alive() and not told.should_upgrade()
        return stays and not self.expect_100_continue

    def _owes_head(self) -> bool:
        return self._answer is None and super()._owes_head()

    def _owes_body(self) -> bool:
        return self._answer is not None or super()._owes_body()


def threshold(admit: Admit) -> type[HttpToolsProtocol]:
    """The protocol of a server whose application says who comes in."""
    return type("Threshold", (Threshold,), {"admit": staticmethod(admit)})
