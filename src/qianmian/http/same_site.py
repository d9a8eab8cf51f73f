"""Whether a request that changes something comes from the console itself, and not from a page of another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from qianmian.core.errors import CrossSiteError

#: The console sends it with every request that changes something; a page of another site cannot, unasked.
HEADER = "x-qianmian-console"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_same_site(headers: Headers, public_address: str) -> None:
    """Let pass what the console sent.

    Args:
        headers: of a request that a cookie would let in.
        public_address: where a proxy shows the console; empty if nowhere.

    Raises:
        CrossSiteError: the console's header is missing, or the browser says that another site sent it.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
    is_own = origin is None or _is_own(origin, headers.get("host", ""), public_address)
    if headers.get(HEADER) != "1" or site != "same-origin" or not is_own:
        raise CrossSiteError("cross_site", header=HEADER)


def _is_own(origin: str, host: str, public_address: str) -> bool:
    """A name that somebody else's name server points to this machine is not ours: loopback goes by its own names."""
    if public_address and origin == public_address:
        return True
    return origin == f"http://{host}" and urlsplit(origin).hostname in _LOOPBACK
