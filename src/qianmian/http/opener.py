"""The door of tracked links: plain ASGI before everything else, since whoever opens one waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from qianmian.app.opening import Opening
from qianmian.app.tracked_links import PATH
from qianmian.collect.wire.answers import Answer
from qianmian.core.messages import Message
from qianmian.http.language import preferred
from qianmian.http.plain import plain, tell

_METHODS = ("GET", "HEAD")
_HEADERS = {
    "cache-control": "no-store",
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True)
class Opener:
    """Leads on who opens a tracked link, and hands every other request on.

    Attributes:
        app: gets what is no link.
        opening: gives what leads on, once the application has begun.
    """

    app: ASGIApp
    opening: Callable[[], Opening] = field(repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead on, or hand a request on."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return
        await tell(await self._answer(scope), send, head=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope) -> Answer:
        headers = plain(scope["headers"])
        if scope["method"] not in _METHODS:
            return self._said(405, Message("unknown_method"), headers, allow=", ".join(_METHODS))
        opening = self.opening()
        link = opening.find(scope["path"].removeprefix(PATH).rstrip("/"))
        if link is None:
            return self._said(404, Message("link_unknown"), headers)
        if link.disabled_at is not None:
            return self._said(410, Message("link_over"), headers)
        if scope["method"] == "HEAD":  # nobody opens a page by its headers alone
            headers["purpose"] = "preview"
        return Answer(302, _HEADERS | {"location": await opening.open(link, headers)}, b"")

    def _said(self, status: int, message: Message, asked: dict[str, str], **more: str) -> Answer:
        words = message.what(preferred(asked.get("accept-language", "")))
        return Answer(status, _HEADERS | more, words.encode())
