"""Automatic imports on the screen: a folder is watched, a file comes in, a pull runs; no secret is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import qianmian
from qianmian.app.access.accounts import OWNER
from qianmian.cli.access import new_account
from tests.app.intake.test_pulls import MAPPING, Erp
from tests.app.traces import EVENTS
from tests.cli.test_folders import ROW
from tests.console.catalogue import BOTH, in_one, words
from tests.console.watching import watching
from tests.http.serving import Site, running

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

VARIABLE = "QIANMIAN_PULL_CONSOLE"


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop of its own, in which nothing comes in by itself yet, beside a database."""
    folder = tmp_path_factory.mktemp("intake")
    erp = Erp(sa.URL.create("sqlite", database=str(folder / "s3cret.db")))
    erp.put(1, 10)
    shop = qianmian.init(folder / "shop", name="店", memory_mib=512, look_seconds=1)
    token, password = shop.token(), new_account(shop, OWNER)
    shop.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, erp.url)
        with running(folder / "shop") as (url, log):
            yield Site(folder, log, url, token, OWNER, password, "", ("", ""), [])


@pytest.fixture
def watched(browser, own_site, language, scheme):
    with watching(browser, own_site, language, scheme) as page:
        page.sign_in()
        yield page


def picture(shots: Path | None, page, name: str) -> None:
    """Keep a picture if somebody wants to look at it."""
    if shots:
        page.screenshot(path=shots.with_name(f"{shots.stem}-{name}.png"), full_page=True)


def remove(watched, said, address: str) -> None:
    """Remove what is shown, and see that it is gone."""
    page, word = watched.page, re.compile(r"\s?".join(said["forget"]["action"]))
    watched.open(f"/collect/intake/{address}")
    page.get_by_role("button", name=word).click()
    page.locator(".ant-popconfirm").get_by_role("button", name=word).click()
    expect(page).to_have_url(re.compile("/collect/intake$"))
    expect(page.get_by_text(said["none"])).to_be_visible()


@in_one("en")
def test_a_folder_is_watched_and_its_files_come_in(watched, own_site, language, shots):
    said, page = words(language, "intake"), watched.page
    watched.open("/collect/intake")
    expect(page.get_by_text(said["none"])).to_be_visible()
    picture(shots, page, "empty")
    page.get_by_role("button", name=said["new"]["open"]).first.click()
    page.get_by_label(said["column"]["name"], exact=True).fill("till")
    page.get_by_label(said["new"]["path"], exact=True).fill(f"till-{language.lower()}")
    page.get_by_label(said["new"]["mapping"], exact=True).fill(EVENTS)
    picture(shots, page, "new")
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile("/collect/intake/folders/till$"))
    expect(page.get_by_text(said["files"]["none"])).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="folder_root")).to_be_visible(timeout=60_000)
    picture(shots, page, "gone")

    place = own_site.folder / "shop" / "folders" / f"till-{language.lower()}"
    place.mkdir(parents=True)
    (place / "店铺 13800138000.jsonl").write_text(ROW.replace("e1", f"e-{language}"))
    (place / "bad.jsonl").symlink_to("nowhere")
    row = page.get_by_role("row").filter(has_text="店铺 138****8000.jsonl")
    expect(row).to_contain_text(said["file"]["taken"], timeout=60_000)
    expect(page.get_by_role("row").filter(has_text="bad.jsonl")).to_contain_text(said["file"]["failed"], timeout=60_000)
    picture(shots, page, "files")
    watched.open("/collect/intake")
    expect(page.get_by_role("row").last).to_contain_text({"zh-CN": "1个文件出错", "en": "1 file failed"}[language])
    page.get_by_role("link", name="till").click()
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/collect/imports/\d+$"))
    remove(watched, said, "folders/till")


@in_one("zh-CN")
def test_a_pull_is_declared_runs_and_is_paused_and_no_secret_is_shown(watched, language, shots):
    said, page = words(language, "intake"), watched.page
    watched.open("/collect/intake?make=1")
    page.get_by_text(said["kind"]["pulls"], exact=True).click()
    page.get_by_label(said["column"]["name"], exact=True).fill("erp")
    page.get_by_label(said["pull"]["variable"], exact=True).fill(VARIABLE)
    page.get_by_label(said["pull"]["relation"], exact=True).fill("orders")
    page.get_by_label(said["pull"]["cursor"], exact=True).fill("changed")
    page.get_by_label(said["pull"]["overlap"], exact=True).fill("5")
    page.get_by_label(said["new"]["mapping"], exact=True).fill(MAPPING.replace("erp", f"erp-{language.lower()}"))
    picture(shots, page, "new")
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile("/collect/intake/pulls/erp$"))
    runs = page.get_by_role("region", name=said["runs"]["title"]).get_by_role("row")
    expect(runs).to_have_count(2, timeout=60_000)
    expect(runs.last.get_by_role("link")).to_be_visible()
    picture(shots, page, "runs")
    assert "s3cret" not in page.content()
    page.get_by_role("button", name=re.compile(r"\s?".join(said["pause"]))).click()
    expect(page.get_by_text(said["state"]["paused"])).to_be_visible()
    watched.open("/collect/intake")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text(said["state"]["paused"])
    picture(shots, page, "list")
    remove(watched, said, "pulls/erp")


@BOTH
def test_what_cannot_be_is_refused_in_the_language_of_the_page(watched, language):
    said, page = words(language, "intake"), watched.page
    watched.open("/collect/intake?make=1")
    page.get_by_label(said["column"]["name"], exact=True).fill("out")
    page.get_by_label(said["new"]["path"], exact=True).fill("../data")
    page.get_by_label(said["new"]["mapping"], exact=True).fill(EVENTS)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text({"zh-CN": "须在", "en": "must lie below"}[language])
    assert watched.refusals == ["400 POST /folders"]
    watched.refusals.clear()
