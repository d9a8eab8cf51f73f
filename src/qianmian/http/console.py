"""The console's files: one page for every address that is no other's, and the assets that it names."""

from __future__ import annotations

import gzip
import secrets
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import orjson
import structlog
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

#: Where `make console` puts what it builds; it is part of the package, not of the repository.
DIST = Path(__file__).parent / "dist"
MISSING = "The console is not built.\n\nhint: in the source folder: make console\n"
NONCE = "__CSP_NONCE__"
_PARTS = ("script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr", "media-src", "frame-src")
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'{nonce}; img-src 'self'{pictures}; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; report-uri /csp-report"
)
_RULES = frozenset({*(part.split()[0] for part in _POLICY.split("; ")), *_PARTS})
_FOR_EVER = "public, max-age=31536000, immutable"
#: Type of each kind of file, and whether it shrinks.
_TYPES = {
    ".js": ("text/javascript; charset=utf-8", True),
    ".css": ("text/css; charset=utf-8", True),
    ".svg": ("image/svg+xml", True),
    ".json": ("application/json", True),
    ".txt": ("text/plain; charset=utf-8", True),
    ".webmanifest": ("application/manifest+json", True),
    ".png": ("image/png", False),
    ".ico": ("image/x-icon", False),
    ".woff2": ("font/woff2", False),
}
#: First parts of addresses that are never the console's page.
_NOT_PAGES = ("api", "assets", "csp-report", "healthz", "readyz")
_READING = ["GET", "HEAD"]

_log = structlog.get_logger("qianmian.console")
router = APIRouter(tags=["console"], include_in_schema=False)


@dataclass(frozen=True)
class Pages:
    """What was built, as it lies on disk when the service starts.

    Attributes:
        files: by address below the root; what is not in it is not served, whatever an address spells.
        page: the page; empty if the console was not built.
    """

    files: dict[str, Path] = field(repr=False)
    page: str = field(repr=False)

    @classmethod
    def of(cls, dist: Path) -> Pages:
        """The pages in a folder; none if it is not there."""
        files = {path.relative_to(dist).as_posix(): path for path in dist.rglob("*") if path.suffix in _TYPES}
        index = dist / "index.html"
        return cls(files, index.read_text("utf-8") if index.is_file() else "")


@router.api_route("/assets/{name:path}", methods=_READING)
def asset(request: Request, name: str) -> Response:
    """A file whose name changes with its content."""
    return _file(request, f"assets/{name}", _FOR_EVER)


@router.post("/csp-report", status_code=204)
async def csp_report(request: Request) -> Response:
    """Count what a page was not allowed to load; of the report only the broken rule is told."""
    broken = _rule(await request.body())
    counts: Counter[str] = request.app.state.violations
    counts[broken] += 1
    _log.warning("csp_violation", rule=broken, count=counts[broken])
    return Response(status_code=204)


@router.api_route("/{path:path}", methods=_READING)
def page(request: Request, path: str) -> Response:
    """The console's page with a nonce of its own, or a file beside it."""
    pages: Pages = request.app.state.pages
    if path.split("/", maxsplit=1)[0] in _NOT_PAGES:
        raise HTTPException(404)
    if path in pages.files:
        return _file(request, path, "no-cache")
    if not pages.page:
        return PlainTextResponse(MISSING, 503)
    nonce = secrets.token_urlsafe(16)
    hosts = request.app.state.shop.workspace.settings.picture_hosts
    headers = {"content-security-policy": policy(nonce, hosts), "cache-control": "no-store"}
    return Response(pages.page.replace(NONCE, nonce), 200, headers, "text/html; charset=utf-8")


def policy(nonce: str = "", picture_hosts: str = "") -> str:
    """What a page may load: its own files, styles that carry its nonce, and pictures of goods from some hosts.

    >>> "img-src 'self' https://img.shop.example;" in policy(picture_hosts="img.shop.example")
    True
    """
    pictures = "".join(f" https://{host}" for host in picture_hosts.split())
    return _POLICY.format(nonce=f" 'nonce-{nonce}'" if nonce else "", pictures=pictures)


def _rule(report: bytes) -> str:
    """The directive that a browser says was broken; whatever else a report holds anybody may have written."""
    try:
        told = orjson.loads(report)["csp-report"]["effective-directive"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        told = ""
    return told if isinstance(told, str) and told in _RULES else "unknown"


def _file(request: Request, name: str, cache_control: str) -> Response:
    pages: Pages = request.app.state.pages
    if name not in pages.files:
        raise HTTPException(404)
    media, shrinks = _TYPES[pages.files[name].suffix]
    headers = {"cache-control": cache_control, "content-security-policy": policy(), "vary": "accept-encoding"}
    zipped = shrinks and "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(_content(pages.files[name], zipped), 200, headers, media)


@cache
def _content(path: Path, zipped: bool) -> bytes:
    """A file's bytes, kept: all of them are a few megabytes."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if zipped else content
