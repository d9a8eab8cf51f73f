"""Who came and went in a saved audience, and how audiences overlap: every number is the API's and opens its people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from qianmian.app.audiences import SavedAudiences
from tests.app.traces import NOW, Scene, trace
from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, in_one, words
from tests.console.watching import watching
from tests.http.serving import OWNER, Site, new_account, running

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def change(watched, path, body=None, method="post"):
    """Change something by the API, as the same session."""
    ask = getattr(watched.page.request, method)
    answer = ask(f"{watched.site.url}/api{path}", data=body, headers={"x-qianmian-console": "1"})
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def save(signed_in):
    """Saves an audience; all are deleted afterwards."""
    made = []

    def saved(name, condition, kind="dynamic"):
        made.append(change(signed_in, "/audiences", {"name": name, "condition": condition, "kind": kind}))
        return made[-1]["audience"]

    yield saved
    for number in made:
        change(signed_in, f"/audiences/{number['audience']}", method="delete")


@pytest.fixture(scope="module")
def grown(tmp_path_factory) -> Iterator[Site]:
    """A tiny shop whose audience changed with three builds, for other causes each time."""
    folder = tmp_path_factory.mktemp("grown") / "shop"
    scene = Scene(folder)
    viewed = [trace("Product Viewed", "2026-05-31", user=f"u{n}") for n in range(40)]
    scene.take([*viewed, trace("Order Completed", "2026-05-01", order="o", total="10", user="late")])
    scene.shop.build()
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.add("近七天浏览", scene.shop.audience("views_7d >= 1", limit=0))
    scene.shop.build()
    for days in (2, 8):
        scene = scene.at(NOW + timedelta(days=days))
        scene.take(trace("Product Viewed", scene.now - timedelta(hours=1), user=f"v{n}") for n in range(3 * days))
        scene.shop.build()
    token, password = scene.shop.token(), new_account(scene.shop, OWNER)
    scene.shop.close()
    with running(folder) as (url, log):
        yield Site(folder.parent, log, url, token, OWNER, password, "", ("", ""), [])


@BOTH_AND_LOOKS
def test_entries_and_exits_are_told_by_cause_and_open_their_people(browser, grown, language, scheme, shots):
    said = words(language, "members")
    with watching(browser, grown, language, scheme) as watched:
        watched.sign_in()
        page, told = watched.page, asked(watched, "/api/audiences/1/changes")
        watched.open("/segment/audiences/1")
        panel = page.locator("section.panel").filter(has=page.get_by_role("heading", name=said["title"]))
        expect(panel).to_contain_text(said["kind"]["dynamic"])
        expect(panel.locator("canvas")).to_be_visible()
        rows = panel.locator("tbody tr")
        expect(rows).to_have_count(len(told["builds"]))
        assert [one["people"] for one in told["builds"]] == [24, 46, 40]
        for row, built in zip(rows.all(), told["builds"], strict=True):
            causes = [(one["cause"], one["people"]) for one in (*built["entered"], *built["left"])]
            for shown, (cause, people) in zip(row.locator("li").all(), causes, strict=True):
                expect(shown).to_have_text(f"{said['cause'][cause]} {grouped(people)}")
        if shots:
            page.screenshot(path=shots, full_page=True)
        panel.get_by_role("link", name=f"{said['left']} {said['cause']['window']}").click()
        total = page.get_by_role("dialog").locator(".people-total")
        expect(total).to_have_text(re.compile(r"^40\D"))


@in_one("zh-CN")
def test_an_audience_that_no_build_has_counted_says_what_to_do_and_is_frozen(signed_in, language, save, shots):
    said, page = words(language, "members"), signed_in.page
    number = save("还没有计算", "orders_total >= 3")
    signed_in.open(f"/segment/audiences/{number}")
    expect(page.get_by_text(said["none"])).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)
    page.get_by_role("button", name=said["freeze"]).click()
    page.locator(".ant-popconfirm").get_by_role("button", name=said["freeze"]).click()
    expect(page.get_by_text(said["kind"]["fixed"])).to_be_visible()
    assert asked(signed_in, f"/api/audiences/{number}")["kind"] == "fixed"


@BOTH_AND_LOOKS
def test_what_audiences_share_is_drawn_and_opens_its_people(signed_in, language, scheme, save, shots):
    said, page = words(language, "members"), signed_in.page
    conditions = ("orders_total >= 2", "views_30d >= 1", "orders_total >= 1")
    numbers = [save(f"重合 {at} {language} {scheme}", one) for at, one in enumerate(conditions)]
    query = "&".join(f"audience={one}" for one in numbers)
    told = asked(signed_in, f"/api/audiences/overlap?{query}")
    signed_in.open("/segment/overlap")
    expect(page.get_by_text(said["overlap"]["none"])).to_be_visible()
    signed_in.open(f"/segment/overlap?of={','.join(map(str, numbers))}")
    rows = page.locator("table.overlap-upset tbody tr")
    expect(rows).to_have_count(len(told["intersections"]))
    for row, one in zip(rows.all(), told["intersections"], strict=True):
        expect(row.get_by_role("link")).to_have_text(grouped(one["people"]))
        expect(row.locator("[data-in]")).to_have_count(len(one["audiences"]))
    matrix = page.locator("table.overlap-matrix")
    expect(matrix.get_by_role("link")).to_have_count(9)
    if shots:
        page.screenshot(path=shots, full_page=True)
    rows.first.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(told['intersections'][0]['people'])}\D"))


@in_one("en")
def test_another_audience_is_built_into_a_condition(signed_in, language, save, shots):
    said, page = words(language, "builder"), signed_in.page
    number = save("built in", "orders_total >= 2")
    signed_in.open("/segment/audiences/new")
    page.get_by_role("button", name=re.compile(re.escape(said["kind"]["audience"]))).first.click()
    page.get_by_role("combobox", name=said["kind"]["audience"]).press("ArrowDown")
    page.locator(".ant-select-item-option").filter(has_text="built in").click()
    size = asked(signed_in, "/api/audiences/size", {"condition": "orders_total >= 2"})["size"]
    expect(page.locator(".count-number")).to_have_text(grouped(size))
    expect(page.get_by_text(f"audience({number})").first).to_be_visible()
    if shots:
        page.screenshot(path=shots)
