"""Matching: off at first, declared, planned, run as a job, and told with the way to the review queue."""

from __future__ import annotations

import re

import pytest

from qianmian.app.access.accounts import OWNER
from qianmian.cli.access import new_account
from qianmian.world.members import make_members
from tests.app.test_matching import SILENT, taken
from tests.app.traces import Scene
from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, words
from tests.console.watching import watching
from tests.http.serving import Site, running

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect
PATH = "/api/identity/matching"


@pytest.fixture(scope="module")
def members_site(tmp_path_factory):
    """A shop with the members of two registers."""
    folder = tmp_path_factory.mktemp("members")
    scene = Scene(folder / "shop")
    taken(scene, make_members(100, seed=5))
    token, password = scene.shop.token(), new_account(scene.shop, OWNER)
    scene.shop.close()
    with running(folder / "shop") as (url, log):
        yield Site(folder, log, url, token, OWNER, password, "", ("", ""), [])


@pytest.fixture
def member_page(browser, members_site, language, scheme):
    with watching(browser, members_site, language, scheme) as watched:
        watched.sign_in()
        yield watched


def change(watched, path, body):
    answer = watched.page.request.put(f"{watched.site.url}{path}", data=body, headers={"x-qianmian-console": "1"})
    assert answer.ok, answer.text()


def ran(watched):
    """What the last run of a declaration that holds found; there was one."""
    told = asked(watched, PATH)
    if told["own"] is None or told["last"] is None:
        change(watched, "/api/purposes/match", {"basis": "consent"})
        change(watched, PATH, {"text": told["built_in"]})
        job = asked(watched, f"{PATH}/run", {})["job"]
        while asked(watched, f"/api/jobs/{job}")["status"] == "running":
            watched.page.wait_for_timeout(100)
    return asked(watched, PATH)["last"]


def test_what_is_declared_is_planned_run_and_looked_at_in_review(member_page, language, shots):
    said, told, page = words(language, "matching"), words(language, "declaration"), member_page.page
    member_page.open("/unify/matching")
    expect(page.get_by_text(said["newTitle"], exact=True)).to_be_visible()
    expect(page.get_by_text(told["holds"].replace("{{version}}", told["off"]), exact=True)).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-off"), full_page=True)
    page.get_by_role("button", name=told["apply"]).click()
    expect(page.get_by_role("alert")).to_contain_text("match")  # its purpose is not registered
    expect(page.get_by_role("button", name=said["run"])).to_be_disabled()
    assert member_page.refusals == [f"403 POST {PATH.removeprefix('/api')}/plan"]
    member_page.refusals.clear()

    change(member_page, "/api/purposes/match", {"basis": "consent"})
    page.reload()
    expect(page.get_by_text(f"{said['withoutConsent']} {len(SILENT)}")).to_be_visible()
    expect(page.get_by_text(said["never"])).to_be_visible()
    page.get_by_role("button", name=said["run"]).click()
    expect(page.get_by_role("figure", name=said["weights"])).to_be_visible(timeout=60_000)
    last = asked(member_page, PATH)["last"]
    page.get_by_role("link", name=said["review"]).click()
    expect(page).to_have_url(re.compile("/unify/review"))
    assert last["added"] == len(asked(member_page, "/api/identity/review")["pairs"]) > 0


@BOTH_AND_LOOKS
def test_a_run_is_told_with_its_weights_and_its_threshold(member_page, language, scheme, shots):
    said, page, last = words(language, "matching"), member_page.page, ran(member_page)
    member_page.open("/unify/matching")
    bars = page.get_by_role("figure", name=said["weights"]).get_by_role("listitem")
    weights = [one["weight"] for one in last["weights"]]
    expect(bars).to_have_count(max(weights) - min(weights) + 1)
    expect(page.get_by_text(said["total"]).locator("xpath=..")).to_contain_text(grouped(last["total"]))
    expect(page.get_by_role("table", name=said["agree"])).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)
