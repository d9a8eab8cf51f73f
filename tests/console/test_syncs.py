"""Syncs on the screen: made by mouse, run, approved by another, and what failed is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qianmian.app.access.accounts import OWNER
from qianmian.cli.access import new_account
from qianmian.core.errors import JobError
from tests.app.syncs.shop import SyncScene, opened
from tests.console.catalogue import BOTH_AND_LOOKS, words
from tests.console.watching import Watched, watching
from tests.http.serving import Site, running
from tests.receiving import receiving

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    scene = opened(tmp_path_factory.mktemp("syncs") / "shop", people=40)
    with receiving() as crm, receiving() as refusing, pytest.MonkeyPatch.context() as patch:
        refusing.answers = [410] * 100
        patch.setenv("QIANMIAN_SINK_CRM", crm.address)
        patch.setenv("QIANMIAN_SINK_OLD", refusing.address)
        scene.run(scene.sync(), crm)
        refused = scene.sync(name="旧系统", sink="old", daily_at=6)
        with pytest.raises(JobError):
            scene.run(refused, QIANMIAN_SINK_OLD=refusing.address)
        scene.syncs.pause(scene.sync(name="待批准", tags=("lifecycle",)).sync, paused=True)
        token, password = scene.shop.token(), new_account(scene.shop, OWNER)
        scene.shop.close()
        toml = scene.folder / "qianmian.toml"
        toml.write_text(toml.read_text("utf-8") + 'approval = "second_person"\n', "utf-8")
        scene = SyncScene(scene.folder)
        for number in (1, 2):
            scene.syncs.decide(number, approve=True, by="li")
        scene.shop.close()
        with running(scene.folder) as (url, log):
            yield Site(scene.folder.parent, log, url, token, OWNER, password, "", ("", ""), [])


@pytest.fixture
def page_of(browser, site: Site, language: str, scheme: str) -> Iterator[Watched]:
    with watching(browser, site, language, scheme) as watched:
        watched.sign_in()
        yield watched


@BOTH_AND_LOOKS
def test_the_list_says_how_far_each_receiver_is_and_a_page_why_it_failed(page_of: Watched, language, shots):
    told, page = words(language, "syncs"), page_of.page
    page_of.open("/act/syncs")
    row = page.get_by_role("row").filter(has_text="会员同步")
    expect(row).to_contain_text(told["state"]["active"])
    expect(row).to_contain_text("40")
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-syncs"), full_page=True)
    page.get_by_role("link", name="旧系统").click()
    expect(page.get_by_role("alert")).to_contain_text("410")
    expect(page.get_by_text(told["delivery"]["going"])).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-sync-stopped"), full_page=True)
    page_of.open("/act/syncs/1")
    expect(page.get_by_role("row").filter(has_text="1 / 1")).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-sync"), full_page=True)


@pytest.mark.parametrize("language", ["zh-CN"], indirect=True)
def test_a_sync_is_made_by_mouse_and_runs_once_another_has_approved_it(page_of: Watched, language, shots):
    told, page = words(language, "syncs"), page_of.page
    page_of.open("/act/syncs")
    page.get_by_role("button", name=told["new"]["open"]).click()
    page.get_by_label(told["new"]["name"], exact=True).fill("标签同步")
    page.get_by_role("button", name=told["new"]["submit"]).click()
    expect(page.get_by_text(told["new"]["whatNeeded"])).to_be_visible()
    page.get_by_label(told["new"]["audience"], exact=True).click()
    page.locator(".ant-select-item-option").filter(has_text="Product Viewed").click()
    page.get_by_label(told["new"]["sink"], exact=True).click()
    page.locator(".ant-select-item-option").filter(has_text="crm").click()
    page.get_by_text(told["new"]["behaviour"], exact=True).click()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-sync-new"), full_page=True)
    page.get_by_role("button", name=told["new"]["submit"]).click()
    expect(page.get_by_role("heading", name="标签同步")).to_be_visible()
    page.get_by_role("button", name=told["approve"], exact=True).click()
    expect(page.get_by_text("不能由创建人自己批准")).to_be_visible()
    assert [one.rpartition("/")[2] for one in page_of.refusals] == ["decision"]
    page_of.refusals.clear()
    page_of.open("/act/syncs/3")
    page.get_by_role("button", name=told["approve"], exact=True).click()
    expect(page.get_by_text(told["facts"]["approved"], exact=True)).to_be_visible()
    page.get_by_role("button", name=told["resume"], exact=True).click()
    page.get_by_role("button", name=told["run"], exact=True).click()
    expect(page.get_by_role("row").filter(has_text="1 / 1")).to_be_visible()
    page_of.open("/segment/audiences/1")
    expect(page.get_by_role("link", name="标签同步")).to_be_visible()
    page_of.open("/profile/tags/lifecycle")
    expect(page.get_by_role("link", name="待批准")).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-sync-used"), full_page=True)
