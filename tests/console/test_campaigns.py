"""Campaigns on the screen: a planted effect is read, and the way to one from an audience goes by mouse alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from qianmian.app.access.accounts import OWNER
from qianmian.cli.access import new_account
from tests.app.campaigns.shop import CampaignScene, opened, paid, said
from tests.console.catalogue import BOTH_AND_LOOKS, asked, in_one, words
from tests.console.watching import Watched, watching
from tests.http.serving import Site, made_once, running, served
from tests.receiving import receiving

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

PEOPLE, ANYWAY, RISE = 200, 0.2, 0.3
#: Half of the demonstration shop: what people did one after another, and what their friends did.
SOCIABLE = "sequence(did('Product Viewed'), did('Product Added'), within='7d') or friends(did('Product Viewed')) >= 1"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a campaign that brought a planted rise, and a draft."""
    scene = opened(tmp_path_factory.mktemp("campaigns") / "shop", people=PEOPLE)
    refused = [
        said(f"u{number:04}", PEOPLE + number, at="2026-05-21T12:00:00+08:00", consent="none") for number in range(9)
    ]
    scene.settle(refused)
    sent = scene.send(scene.draft(window_days=7, spend=2000))
    scene.settle(list(_orders(scene, sent.campaign)), days=8)
    scene.draft(name="还没发出")
    scene.draft(name="被拒收", sink="crm")
    scene.shop.close()
    return scene.folder


def _orders(scene: CampaignScene, campaign: int) -> Iterator[dict[str, object]]:
    names = {scene.node(f"u{number:04}"): f"u{number:04}" for number in range(PEOPLE)}
    number = 0
    for arm, people in scene.arms(scene.campaigns.get(campaign)).items():
        share = ANYWAY + (RISE if arm == "treatment" else 0)
        for one in sorted(people)[: round(share * len(people))]:
            number += 1
            yield paid(names[one], number, "120", at=f"2026-06-0{2 + number % 6}T09:00:00+08:00")


@pytest.fixture(scope="module")
def site(shop: Path) -> Iterator[Site]:
    scene = CampaignScene(shop)
    token, password = scene.shop.token(), new_account(scene.shop, OWNER)
    scene.shop.close()
    with receiving() as refusing, pytest.MonkeyPatch.context() as patch:
        refusing.answers = [410] * 100
        patch.setenv("QIANMIAN_SINK_CRM", refusing.address)
        with running(shop) as (url, log):
            yield Site(shop.parent, log, url, token, OWNER, password, "", ("", ""), [])


@pytest.fixture
def page_of(browser, site: Site, language: str, scheme: str) -> Iterator[Watched]:
    with watching(browser, site, language, scheme) as watched:
        watched.sign_in()
        yield watched


@BOTH_AND_LOOKS
def test_what_a_campaign_brought_is_read_with_its_interval(page_of: Watched, language, shots):
    told, page = words(language, "campaigns"), page_of.page
    page_of.open("/act/campaigns")
    page.get_by_role("link", name="春季唤醒").click()
    expect(page.get_by_role("status")).to_contain_text(told["report"]["verdict"]["more"])
    rise = page.locator(".estimates > div").first
    assert 20 < float(re.search(r"\+([\d.]+)", rise.inner_text()).group(1)) < 40
    picture = rise.get_by_role("img")
    assert told["report"]["difference"] in picture.get_attribute("aria-label")
    assert picture.get_attribute("data-side") == "more"
    arms = page.get_by_role("table", name=told["report"]["title"])
    expect(arms.get_by_role("row")).to_have_count(3)
    expect(page.locator(".chart canvas")).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)
    expect(page.locator(".estimates > div").last).not_to_contain_text("–")
    spend = page.get_by_role("spinbutton", name=told["facts"]["spend"])
    spend.fill("1600" if spend.input_value() == "1500.00" else "1500")
    page.get_by_role("button", name=re.compile(r"\s*".join(told["facts"]["spendSave"]))).click()
    expect(page.locator(".estimates > div").last).not_to_have_text("")


@BOTH_AND_LOOKS
def test_a_plan_says_who_is_left_out_and_what_could_be_seen(page_of: Watched, language, shots):
    told, page = words(language, "campaigns"), page_of.page
    page_of.open("/act/campaigns/2")
    bars = page.locator(".bars > li")
    expect(bars).to_have_count(5)
    expect(bars.nth(1)).to_contain_text(told["plan"]["not_agreed"])
    expect(bars.nth(1).locator(".bar-people")).to_have_text("9")
    expect(page.locator(".campaign-seen")).to_contain_text("%")
    if shots:
        page.screenshot(path=shots, full_page=True)


@in_one("zh-CN")
def test_a_campaign_that_its_receiver_refuses_says_why_and_can_go_on(page_of: Watched, language, shots):
    told, page = words(language, "campaigns"), page_of.page
    page_of.open("/act/campaigns/3")
    again, send = (
        page.get_by_role("button", name=re.compile(r"\s*".join(told["send"][key]))) for key in ("again", "action")
    )
    expect(again.or_(send)).to_be_visible()
    if again.is_visible():  # a run before this one has assigned everybody already
        again.click()
    else:
        send.click()
        page.locator(".ant-popconfirm").get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("HTTP 410")
    expect(again).to_be_visible()
    if shots:
        page.screenshot(path=shots)


@BOTH_AND_LOOKS
def test_a_new_campaign_is_asked_for_in_a_drawer(page_of: Watched, language, shots):
    told, page = words(language, "campaigns"), page_of.page
    condition = "did('Product Viewed')"
    page_of.open(f"/act/campaigns?make=1&condition={quote(condition)}")
    page.get_by_label(told["new"]["name"], exact=True).fill("夏季上新")
    expect(page.locator(".ant-segmented-item-selected").filter(has_text="10%")).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)
    page.get_by_role("button", name=told["new"]["cancel"]).click()
    expect(page).to_have_url(re.compile(r"/act/campaigns$"))


@pytest.fixture
def busy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration shop in a copy of its own, since a campaign leaves traces."""
    with served(made_once(tmp_path_factory), tmp_path_factory.mktemp("busy")) as made:
        yield made


@in_one("zh-CN")
def test_from_an_audience_to_what_it_brought_by_mouse(browser, busy_site: Site, language, tmp_path, shots):
    told, audiences = words(language, "campaigns"), words(language, "audiences")
    with watching(browser, busy_site, language) as watched:
        watched.sign_in()
        page = watched.page
        saved = asked(watched, "/api/audiences", {"name": "有好友下单的", "condition": SOCIABLE})
        watched.open(f"/segment/audiences/{saved['audience']}")
        page.get_by_role("link", name=re.compile(r"\s*".join(audiences["act"]))).click()
        drawer = page.get_by_role("dialog")
        drawer.get_by_role("button", name=re.compile(told["new"]["allow"])).click()
        expect(drawer.get_by_role("alert")).to_have_count(0)
        drawer.get_by_label(told["new"]["name"], exact=True).fill("好友都在买")
        drawer.locator(".ant-segmented-item").filter(has_text="50%").click()
        drawer.get_by_role("button", name=told["new"]["submit"]).click()
        page.get_by_role("button", name=re.compile(r"\s*".join(told["send"]["action"]))).click()
        page.locator(".ant-popconfirm").get_by_role("button").last.click()
        expect(page.get_by_role("status")).to_contain_text(told["report"]["verdict"]["not_built"])
        with page.expect_download() as download:
            page.get_by_role("button", name=told["file"]["action"]).click()
        names = Path(download.value.path()).read_text("utf-8-sig").split()
        campaign = asked(watched, "/api/campaigns")[0]
        assert names[0] == "user_id"
        assert len(names) - 1 == campaign["treatment"] > 0
        assert campaign["holdout"] > 0
        _buy(busy_site, names[1:])
        report = asked(watched, f"/api/campaigns/{campaign['campaign']}/report")
        assert (report["verdict"], report["treatment"]["converted"]) == ("early", len(names) - 1)
        assert report["holdout"]["converted"] == 0
        assert report["effect"]["conversion"]["low"] > 0.7
        page.reload()
        expect(page.get_by_role("status")).to_contain_text(told["report"]["verdict"]["early"])
        expect(page.get_by_role("table", name=told["handed"]["title"]).get_by_role("row")).to_have_count(2)
        if shots:
            page.screenshot(path=shots, full_page=True)


def _buy(site: Site, names: list[str]) -> None:
    """Everybody of a list pays an order now, and a build sees it."""
    with site.sender("till") as sender:
        orders = [
            {
                "type": "track",
                "event": "Order Completed",
                "userId": name,
                "messageId": f"paid-{name}",
                "properties": {"order_id": f"after-{name}", "total": 88},
            }
            for name in names
        ]
        assert sender.post("/v1/batch", json={"batch": orders}).is_success
    with site.client() as client:
        for _ in range(60):
            stored = {one["name"]: one["stored"] for one in client.get("/api/sources/health").json()["sources"]}
            if stored.get("till") == len(names):
                break
            time.sleep(0.5)
        number = client.post("/api/builds").raise_for_status().json()["job"]
        while client.get(f"/api/jobs/{number}").json()["status"] == "running":
            time.sleep(0.2)
