"""The console in a real browser: when something of each page is seen, with nothing in the browser's cache."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.ours.screens import served
from benchmarks.ours.shops import opened
from qianmian.app.access.accounts import OWNER
from qianmian.cli.access import new_account

PAGES = (
    *("/overview", "/profile/people", "/profile/tags", "/profile/tags/lifecycle", "/segment/audiences"),
    *("/segment/audiences/new", "/segment/compare", "/collect/imports", "/collect/goods", "/system/jobs"),
)
_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
_PAINT = """
new Promise((told) => new PerformanceObserver((list) => {
  const [entry] = list.getEntriesByName('first-contentful-paint');
  if (entry) told(entry.startTime);
}).observe({ type: 'paint', buffered: true }))
"""
_BYTES = "performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
_PLAIN = "<!doctype html><title>plain</title><h1>plain</h1>"


def pages(shop: str, times: int = 5) -> dict[str, Any]:
    """First paint of each page and of a plain one, and what the page loads: medians of several new visitors.

    Args:
        shop: folder of a built shop without accounts.
        times: visits of each page.
    """
    chromium = os.environ.get("QIANMIAN_TEST_CHROMIUM") or shutil.which("chromium")
    with opened(Path(shop)) as found, served(found) as client, sync_playwright() as playwright:
        password = new_account(found, OWNER)
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        try:
            told = {path: _visits(browser, str(client.base_url), path, password, times) for path in PAGES}
            return told | {"plain": {"ms": median(_plain(browser) for _ in range(times)), "kb": 0.0}}
        finally:
            browser.close()


def _visits(browser: Browser, address: str, path: str, password: str, times: int) -> dict[str, float]:
    seen = [_visit(browser, address.rstrip("/"), path, password) for _ in range(times)]
    return {"ms": median(ms for ms, _ in seen), "kb": median(size for _, size in seen) / 1000}


def _visit(browser: Browser, address: str, path: str, password: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    try:
        body = {"user": OWNER, "password": password}
        context.request.post(f"{address}/api/session", data=body, headers={"x-qianmian-console": "1"})
        page = context.new_page()
        page.goto(f"{address}{path}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        return page.evaluate(_PAINT), page.evaluate(_BYTES)
    finally:
        context.close()


def _plain(browser: Browser) -> float:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body=_PLAIN, content_type="text/html"))
        page.goto("http://plain.invalid/")
        return float(page.evaluate(_PAINT))
    finally:
        context.close()
