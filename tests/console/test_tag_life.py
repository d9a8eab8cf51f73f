"""The life of tags on the screen: over the builds, who moved, the check-up, and the stages of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from qianmian.app.questions.tag_stays import person_tag
from qianmian.app.shop import ANALYSE
from qianmian.cli.demo.command import open_shop
from qianmian.core.people import id_text
from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, words
from tests.databases import copy_workspace
from tests.http.serving import PLAN, Site, made_once, served

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.fixture(scope="module")
def console_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration shop, built a week before its end too; the person is one who moved since."""
    made, here = made_once(tmp_path_factory), tmp_path_factory.mktemp("life")
    copy_workspace(made / "shop", here / "shop")
    (here / "world").symlink_to(made / "world")
    shop = open_shop(here / "shop", PLAN)
    end = shop.plan_build().snapshot.instant
    shop.build(instant=end - timedelta(days=8))
    shop.build(instant=end - timedelta(days=1))
    stays = shop.table("tag_stays").to_pylist()
    moved = [row["person_id"] for row in stays if row["tag"] == "lifecycle" and row["since"] > end - timedelta(days=2)]
    person = next(
        id_text(one)
        for one in moved
        if len(person_tag(shop, "lifecycle", f"person:{id_text(one)}", purpose=ANALYSE).stays) > 1
    )
    shop.close()
    with served(here, tmp_path_factory.mktemp("life-site")) as site:
        yield Site(**{**vars(site), "person": person})


@BOTH_AND_LOOKS
def test_a_tag_over_the_builds_and_who_moved(signed_in, language, shots):
    said, page = words(language, "tagLife"), signed_in.page
    signed_in.open("/profile/tags/lifecycle")
    expect(page.get_by_role("heading", name=said["history"]["title"])).to_be_visible()
    expect(page.get_by_text(said["drift"]["base"].replace("{{n}}", "7"))).to_be_visible()
    expect(page.locator(".mark")).to_have_count(9)
    told = asked(signed_in, "/api/tag-history/lifecycle/flow")
    move = max((one for one in told["moves"] if one["before"] != one["after"]), key=lambda one: one["people"])
    values = words(language, "words")["value"]
    names = {side: values.get(move[side] or "", said["flow"]["none"]) for side in ("before", "after")}
    name = said["flow"]["drawer"].replace("{{from}}", names["before"]).replace("{{to}}", names["after"])
    if shots:
        page.set_viewport_size({"width": 1440, "height": 1800})
        page.wait_for_timeout(1500)
        page.screenshot(path=shots)
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)} {grouped(move['people'])}$")).click()
    expect(page.get_by_role("dialog").locator(".flow-people li").first).to_be_visible()
    if shots:
        page.wait_for_timeout(500)
        page.screenshot(path=str(shots).replace(".png", "-people.png"))


@BOTH_AND_LOOKS
def test_the_list_of_tags_marks_those_that_drifted(signed_in, language, shots):
    said, page = words(language, "tagLife")["drift"], signed_in.page
    signed_in.open("/profile/tags")
    told = asked(signed_in, "/api/tag-checkups")["tags"]
    verdicts = {
        one["name"]: next((mark["verdict"] for mark in one["marks"] if mark["name"] == "stability"), "") for one in told
    }
    marked = {
        name: said["drifted" if verdict == "bad" else "moved"]
        for name, verdict in verdicts.items()
        if verdict in ("bad", "look")
    }
    assert marked
    for name, mark in marked.items():
        expect(page.locator("tbody tr", has=page.locator(f'a[href="/profile/tags/{name}"]'))).to_contain_text(mark)
    expect(page.locator("tbody .verdict")).to_have_count(len(marked))
    if shots:
        page.locator("tbody tr", has_text=next(iter(marked.values()))).first.scroll_into_view_if_needed()
        page.screenshot(path=shots)


@BOTH_AND_LOOKS
def test_the_check_up_tells_the_worst_first(signed_in, language, shots):
    said, page = words(language, "tagLife"), signed_in.page
    signed_in.open("/profile/tags")
    page.get_by_role("link", name=said["checkup"]["open"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["checkup"]["title"])
    told = asked(signed_in, "/api/tag-checkups")["tags"]
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(told))
    expect(rows.first).to_contain_text(told[0]["name"])
    expect(rows.first).to_contain_text(said["verdict"][told[0]["worst"]])
    if shots:
        page.screenshot(path=shots)


@BOTH_AND_LOOKS
def test_a_person_shows_the_stages_as_published(signed_in, language, shots):
    page, values = signed_in.page, words(language, "words")["value"]
    signed_in.open(f"/profile/people/{signed_in.site.person}")
    told = asked(signed_in, f"/api/tag-history/lifecycle/person?person=person:{signed_in.site.person}")
    stays = page.locator(".strip-stay")
    expect(stays).to_have_count(len(told["stays"]))
    for stay, one in zip(stays.all(), told["stays"], strict=True):
        expect(stay).to_contain_text(values[one["value"]])
    if shots:
        page.screenshot(path=shots)
