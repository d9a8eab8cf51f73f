"""The weight of the console: what a first visit of any page loads. When it is seen: `make bench NAME=paint`."""

from __future__ import annotations

import gzip

import pytest

from qianmian.http.console import DIST

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

FIRST_LOAD_BYTES = 514_000
CHUNK_BYTES = 176_000
PAGES = [
    *(
        "/overview",
        "/profile/people",
        "/profile/tags",
        "/profile/tags/lifecycle",
        "/profile/tags/new?kind=rule",
        "/collect/imports/new",
    ),
    *("/segment/audiences", "/segment/audiences/new?condition=orders_total>0", "/segment/audiences/1"),
    *(
        "/segment/compare?first=orders_total>0",
        "/profile/people?people=orders_total>0",
        "/overview?people=orders_total>0",
    ),
]


def weight(name):
    return len(gzip.compress((DIST / "assets" / name).read_bytes(), 6))


@pytest.mark.parametrize("path", PAGES)
def test_the_first_load_of_a_page_is_light(signed_in, path):
    page, loaded = signed_in.page, set()
    page.on("response", lambda answer: loaded.add(answer.url.partition("/assets/")[2]))
    signed_in.open(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    total = sum(weight(name) for name in loaded - {""})
    assert 0 < total <= FIRST_LOAD_BYTES, f"{path}: {total:,} bytes"


def test_a_page_brings_its_own_texts_and_no_others(signed_in):
    loaded = set()
    signed_in.page.on("response", lambda answer: loaded.add(answer.url.partition("/assets/")[2].rpartition("-")[0]))
    signed_in.open("/collect/links")
    signed_in.page.wait_for_load_state("networkidle")
    assert loaded & {"audiences", "links", "people", "plan", "sources"} == {"links"}


def test_no_file_is_heavy():
    if not (DIST / "assets").is_dir():
        pytest.skip("the console is not built: make console")
    heavy = {file.name: weight(file.name) for file in (DIST / "assets").iterdir()}
    assert {name: size for name, size in heavy.items() if size > CHUNK_BYTES} == {}


def test_files_come_compressed_and_stay(signed_in):
    answers = []
    signed_in.page.on("response", lambda answer: answers.append(answer) if "/assets/" in answer.url else None)
    signed_in.open("/overview")
    signed_in.page.wait_for_load_state("networkidle")
    for answer in answers:
        assert "immutable" in answer.headers["cache-control"], answer.url
    scripts = [answer for answer in answers if answer.url.endswith(".js") and len(answer.body()) > 2_000]
    assert scripts
    assert {answer.headers.get("content-encoding") for answer in scripts} == {"gzip"}
