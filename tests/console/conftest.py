"""A real browser before a real server: every page that a test opens must be free of errors and of policy violations."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianmian.http.console import DIST
from tests.console.watching import PATIENCE_MS, Watched, watching
from tests.http.serving import Site, made_once, served

#: Debian's names first; a browser elsewhere is named by the environment. None is ever downloaded.
_CHROMIUM = os.environ.get("QIANMIAN_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser's test that fails runs once more, and is told of as a rerun: a machine may be slower than patience."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def console_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small demonstration shop with the built console before it; see `Site`."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the console is not built: make console")
    with served(made_once(tmp_path_factory), tmp_path_factory.mktemp("console")) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; tests that need it are skipped, with the reason, where there is none.

    It ends with the tests of a file: while it lives, its driver's event loop keeps this thread from running another,
    and which tests come next in a worker nobody knows.
    """
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console")
    if not _CHROMIUM:
        pytest.skip("there is no Chromium: apt-get install chromium fonts-noto-cjk, or set QIANMIAN_TEST_CHROMIUM")
    api.expect.set_options(timeout=PATIENCE_MS)
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
    with watching(browser, console_site, language, scheme) as watched:
        yield watched


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
