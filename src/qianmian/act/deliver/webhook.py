"""Webhooks: one POST a piece, signed and numbered so that the receiver can tell a repetition from another."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from qianmian.act.deliver.patience import NotDeliveredError

_SECONDS = 30.0
#: What a receiver answers when it is only busy.
_BUSY = (408, 425, 429)


@dataclass(frozen=True)
class Receiver:
    """Where pieces go.

    Attributes:
        address: http or https.
        secret: signs them: ``whsec_`` and base64, as the specification has it, or any text; empty = nothing does.
    """

    address: str = field(repr=False)
    secret: str = field(default="", repr=False)


class _NoRedirect(HTTPRedirectHandler):
    """People's identifiers go where they were meant to go, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


def post(receiver: Receiver, body: bytes, *, message: str, at: int) -> None:
    """Hand a piece over; returns once the receiver has said that it has it.

    Args:
        receiver: where it goes.
        body: JSON.
        message: id of the piece: the same whenever the same piece is sent.
        at: seconds since 1970.

    Raises:
        NotDeliveredError: the receiver refuses, or does not answer.
    """
    headers = {"content-type": "application/json", "user-agent": "qianmian"} | signed(receiver, body, message, at)
    request = Request(receiver.address, data=body, headers=headers, method="POST")  # noqa: S310  # see `receivers`
    try:
        answer: HTTPResponse
        with build_opener(_NoRedirect()).open(request, timeout=_SECONDS) as answer:
            answer.read(1)
    except HTTPError as error:
        error.close()
        raise NotDeliveredError(f"HTTP {error.code}", may_pass=error.code >= 500 or error.code in _BUSY) from None
    except (URLError, HTTPException, OSError) as error:
        kind = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
        raise NotDeliveredError(type(kind).__name__, may_pass=True) from None


def signed(receiver: Receiver, body: bytes, message: str, at: int) -> dict[str, str]:
    """The three headers of the Standard Webhooks specification: id, instant, and a signature over both and the body."""
    headers = {"webhook-id": message, "webhook-timestamp": str(at)}
    if receiver.secret:
        digest = hmac.digest(_key(receiver.secret), f"{message}.{at}.".encode() + body, hashlib.sha256)
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


def _key(secret: str) -> bytes:
    text = secret.removeprefix("whsec_")
    return secret.encode() if text == secret else base64.b64decode(text + "=" * (-len(text) % 4))
