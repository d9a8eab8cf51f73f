"""A real browser before a real server: every page that a test opens must be free of errors and of policy violations."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qianmian.http.console import DIST
from tests.http.serving import Site, served

#: Debian's names first; a browser elsewhere is named by the environment. None is ever downloaded.
_CHROMIUM = os.environ.get("QIANMIAN_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
#: Told by the page itself, before any of its own scripts: a violation is an event, not always a line in the console.
_LISTEN = """
document.addEventListener('securitypolicyviolation',
  (event) => console.error('CSP violation: ' + event.effectiveDirective + ' ' + event.blockedURI));
"""
#: What a browser writes by itself when an answer is an error that the test asked for.
_EXPECTED = "Failed to load resource: the server responded with a status of"


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
        """Sign in as the owner by the API, as the sign-in page does; the next page that is opened is signed in."""
        body = {"user": self.site.user, "password": self.site.password}
        answer = self.page.request.post(f"{self.site.url}/api/session", data=body, headers={"x-qianmian-console": "1"})
        assert answer.ok, answer.text()


@pytest.fixture(scope="session")
def console_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small demonstration shop with the built console before it; see `Site`."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the console is not built: make console")
    with served(tmp_path_factory.mktemp("console")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; tests that need it are skipped, with the reason, where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console")
    if not _CHROMIUM:
        pytest.skip("there is no Chromium: apt-get install chromium fonts-noto-cjk, or set QIANMIAN_TEST_CHROMIUM")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=["zh-CN"])
def language(request: pytest.FixtureRequest) -> str:
    """The browser's language; ``@pytest.mark.parametrize("language", ["zh-CN", "en"], indirect=True)`` takes others."""
    return str(request.param)


@pytest.fixture(params=["light"])
def scheme(request: pytest.FixtureRequest) -> str:
    """The browser's colours, light or dark; parametrized like `language`."""
    return str(request.param)


@pytest.fixture
def visitor(browser: Any, console_site: Site, language: str, scheme: str) -> Iterator[Watched]:
    """A page that nobody has signed in to."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale=language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    context.add_init_script(_LISTEN)
    page = context.new_page()
    page.set_default_timeout(15_000)
    watched = Watched(page, console_site)
    page.on("console", lambda said: _note(watched, said))
    page.on("pageerror", lambda error: watched.faults.append(f"uncaught: {error}"))
    page.on("response", lambda answer: _refused(watched, answer))
    yield watched
    context.close()
    assert watched.faults == []
    assert watched.refusals == []


@pytest.fixture
def signed_in(visitor: Watched) -> Watched:
    """A page of somebody who is signed in."""
    visitor.sign_in()
    return visitor


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where screenshots go if somebody wants to look at them: the folder that QIANMIAN_SHOTS names."""
    folder = os.environ.get("QIANMIAN_SHOTS")
    if not folder:
        return None
    path = Path(folder) / request.node.name.replace("/", "_")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_suffix(".png")


def _note(watched: Watched, said: Any) -> None:
    if said.type in {"error", "warning"} and not said.text.startswith(_EXPECTED):
        watched.faults.append(f"{said.type}: {said.text}")


def _refused(watched: Watched, answer: Any) -> None:
    if answer.status >= 400:
        watched.refusals.append(f"{answer.status} {answer.request.method} {answer.url.partition('/api')[2]}")
