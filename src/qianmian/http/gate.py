"""What every request passes: who asks, size limit, headers, access log, and a last answer to the unexpected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qianmian.app.access.admission import Admission, Caller
from qianmian.core.settings import Settings
from qianmian.http.cookie import held
from qianmian.http.errors import answer_to
from qianmian.http.language import spoken
from qianmian.http.same_site import SAFE_METHODS, check_same_site

#: Largest body of any route but an upload.
MOST_BYTES = 1 << 20
#: Largest upload: a file and its mapping.
MOST_UPLOAD_BYTES = 8 << 30
#: Where files come in.
UPLOADS = frozenset({"/api/imports", "/api/imports/preview"})
#: What may be asked by anybody, beside the console's files, which hold no data.
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/api/openapi.json", "/csp-report"})
SIGN_IN = "/api/session"

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
        super().__init__(413)


@dataclass(frozen=True)
class Gate:
    """Stands before the application.

    Attributes:
        app: the application behind it.
        admission: knows who may come in.
        settings: of the workspace.
        most_upload: largest upload, in bytes.
    """

    app: ASGIApp
    admission: Admission = field(repr=False)
    settings: Settings = field(repr=False)
    most_upload: int = MOST_UPLOAD_BYTES
    #: Look-ups of sessions wait for no question.
    _threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2), repr=False)

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
                message = {**message, "headers": _with_headers(message.get("headers", ()))}
            await send(message)

        try:
            await self._admit(scope)
            await self.app(scope, self._limited(scope, receive), send_noting)
        except Exception as error:  # noqa: BLE001  # nothing but its kind may leave; a second answer is not possible
            if not status:
                await answer_to(error, spoken(Request(scope)))(scope, receive, send_noting)
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

    async def _admit(self, scope: Scope) -> None:
        """Find out who asks, before anything of the body is read; the route finds it in the request's state."""
        path, method = scope["path"], scope["method"]
        is_api = path == "/api" or path.startswith("/api/")
        if path in OPEN_PATHS or (not is_api and method in SAFE_METHODS):
            return
        request = Request(scope)
        if (path, method) == (SIGN_IN, "POST"):
            check_same_site(request.headers, self.settings.public_address)
            return
        caller = await to_thread.run_sync(self._caller, request, limiter=self._threads)
        scope.setdefault("state", {})["caller"] = caller

    def _caller(self, request: Request) -> Caller:
        if "authorization" in request.headers:
            scheme, _, told = request.headers["authorization"].partition(" ")
            return self.admission.by_token(told.strip() if scheme.lower() == "bearer" else "")
        caller = self.admission.by_session(held(request, self.settings))
        if request.method not in SAFE_METHODS:
            check_same_site(request.headers, self.settings.public_address)
        return caller

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Receive no more than the limit of the route; a stated length beyond it is refused before anything is read."""
        is_upload = scope["path"].rstrip("/") in UPLOADS and scope["method"] == "POST"
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


def _with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, and those of every answer that it does not set itself."""
    own = list(headers)
    named = {name for name, _ in own}
    return [*own, *(header for header in _HEADERS if header[0] not in named)]


_METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}


def template(scope: Scope) -> str:
    """The route that a request matched, as it is declared; never the path itself, which may name a person."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or ("open" if scope["path"] in OPEN_PATHS else "none"))
