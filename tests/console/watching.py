"""A page that is being watched: errors, uncaught exceptions and policy violations are noted, and fail its test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.http.serving import Site

#: Told by the page itself, before any of its own scripts: a violation is an event, not always a line in the console.
_LISTEN = """
document.addEventListener('securitypolicyviolation',
  (event) => console.error('CSP violation: ' + event.effectiveDirective + ' ' + event.blockedURI));
"""
#: What a browser writes by itself when an answer is an error that the test asked for.
_EXPECTED = "Failed to load resource: the server responded with a status of"
#: How long a page may take to do what is expected of it, on a machine that has other work.
PATIENCE_MS = 15_000
#: Cookies of the last session that was begun, by address of the site.
_BEGUN: dict[str, list[Any]] = {}


@dataclass
class Watched:
    """A page, and everything wrong that it said.

    Attributes:
        faults: errors in the page's console, uncaught exceptions and policy violations.
        refusals: answers that are errors; a test that wants some takes them out.
    """

    page: Any
    site: Site
    faults: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        """Go to an address of the console."""
        self.page.goto(f"{self.site.url}{path}")

    def sign_in(self) -> None:
        """Sign in as the owner by the API, as the sign-in page does; the next page that is opened is signed in.

        A session that an earlier test began and none ended goes on, for to begin one costs the server half a second.
        """
        address, headers = f"{self.site.url}/api/session", {"x-qianmian-console": "1"}
        self.page.context.add_cookies(_BEGUN.get(self.site.url, []))
        if self.page.request.get(address, headers=headers).ok:
            return
        body = {"user": self.site.user, "password": self.site.password}
        answer = self.page.request.post(address, data=body, headers=headers)
        assert answer.ok, answer.text()
        _BEGUN[self.site.url] = self.page.context.cookies()


@contextmanager
def watching(browser: Any, site: Site, language: str = "zh-CN", scheme: str = "light") -> Iterator[Watched]:
    """A page of a site; whatever is wrong with what it showed fails the test at the end."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale=language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    context.add_init_script(_LISTEN)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watched = Watched(page, site)
    page.on("console", lambda said: _note(watched, said))
    page.on("pageerror", lambda error: watched.faults.append(f"uncaught: {error}"))
    page.on("response", lambda answer: _refused(watched, answer))
    yield watched
    context.close()
    assert not watched.faults, watched.faults
    assert not watched.refusals, watched.refusals


def _note(watched: Watched, said: Any) -> None:
    if said.type in {"error", "warning"} and not said.text.startswith(_EXPECTED):
        watched.faults.append(f"{said.type}: {said.text}")


def _refused(watched: Watched, answer: Any) -> None:
    if answer.status >= 400:
        watched.refusals.append(f"{answer.status} {answer.request.method} {answer.url.partition('/api')[2]}")
