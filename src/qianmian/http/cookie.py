"""The cookie in which a browser holds its session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from qianmian.core.settings import Settings

_NAME = "qianmian_session"


def give(response: Response, secret: str, settings: Settings) -> None:
    """Let the browser hold a session: no script reads it, no other site sends it.

    Behind a proxy with TLS it goes over TLS only, and its name says so; plain loopback has no TLS to ask for.
    """
    response.set_cookie(
        name(settings),
        secret,
        max_age=settings.sign_in_days * 86_400,
        path="/",
        secure=_is_public(settings),
        httponly=True,
        samesite="strict",
    )


def take_back(response: Response, settings: Settings) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(name(settings), path="/", secure=_is_public(settings), httponly=True, samesite="strict")


def held(request: Request, settings: Settings) -> str:
    """What a browser holds; empty if nothing."""
    return request.cookies.get(name(settings), "")


def name(settings: Settings) -> str:
    """The name of the cookie; one that begins with ``__Host-`` is taken over TLS only, from this host for this host."""
    return f"__Host-{_NAME}" if _is_public(settings) else _NAME


def _is_public(settings: Settings) -> bool:
    return settings.public_address.startswith("https://")
