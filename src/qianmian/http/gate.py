"""What every request passes: token, size limit, headers, access log, and a last answer to the unexpected."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qianmian.app.token import check_token
from qianmian.http.errors import answer_to

#: Largest body of any route but an upload.
MOST_BYTES = 1 << 20
#: Largest upload: a file and its mapping.
MOST_UPLOAD_BYTES = 8 << 30
UPLOADS = "/api/imports"
#: What may be read without a token: it holds no data.
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/api/openapi.json"})

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
_log = structlog.get_logger("qianmian.access")


class TooLargeError(HTTPException):
    """A body went beyond its limit. It is of the framework's kind, which passes through its form parser."""

    def __init__(self) -> None:
        super().__init__(413, "the body is too large.")


@dataclass(frozen=True)
class Gate:
    """Stands before the application.

    Attributes:
        app: the application behind it.
        token: what a request must bring.
        most_upload: largest upload, in bytes.
    """

    app: ASGIApp
    token: str = field(repr=False)
    most_upload: int = MOST_UPLOAD_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = monotonic(), 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        try:
            self._check_token(scope)
            await self.app(scope, self._limited(scope, receive), send_noting)
        except Exception as error:  # noqa: BLE001  # nothing but its kind may leave; a second answer is not possible
            if not status:
                await answer_to(error)(scope, receive, send_noting)
            if status == 500:
                _log.error("unexpected", kind=type(error).__name__)
        finally:
            _log.info(
                "request",
                method=scope["method"] if scope["method"] in _METHODS else "other",
                route=template(scope),
                status=status,
                milliseconds=round((monotonic() - began) * 1000),
            )

    def _check_token(self, scope: Scope) -> None:
        if scope["path"] not in OPEN_PATHS:
            scheme, _, told = Request(scope).headers.get("authorization", "").partition(" ")
            check_token(told.strip() if scheme.lower() == "bearer" else "", self.token)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Receive no more than the limit of the route; a stated length beyond it is refused before anything is read."""
        is_upload = scope["path"].rstrip("/") == UPLOADS and scope["method"] == "POST"
        most = self.most_upload if is_upload else MOST_BYTES
        stated = Request(scope).headers.get("content-length", "0")
        if not stated.isdecimal() or int(stated) > most:
            raise TooLargeError
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise TooLargeError
            return message

        return limited


_METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}


def template(scope: Scope) -> str:
    """The route that a request matched, as it is declared; never the path itself, which may name a person."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or ("open" if scope["path"] in OPEN_PATHS else "none"))
