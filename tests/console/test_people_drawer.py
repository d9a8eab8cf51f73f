"""The people behind a number: who they are, what sets them apart, and the four ways on."""

from __future__ import annotations

import csv
import re
from io import StringIO
from math import log2, sqrt
from pathlib import Path
from statistics import NormalDist
from urllib.parse import urlencode

import pytest

import qianmian
from qianmian.app.questions.values import is_enumerated
from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

BUYERS = "orders_total >= 1"


def shown(watched, condition, before="/overview"):
    """Open the people of a condition beside a screen; returns the drawer."""
    watched.open(f"{before}?{urlencode({'people': condition})}")
    drawer = watched.page.get_by_role("dialog")
    expect(drawer.locator(".people-total")).to_be_visible()
    return drawer


def by_sql(site, condition, named):
    """(tag, value, here, everywhere) of what stands out most, counted in SQL tag by tag, the rule applied anew."""
    shop = qianmian.open(site.shop)
    tags = [tag for tag in shop.tags() if is_enumerated(tag) and tag.name not in named]
    counts = []
    with shop.asking("analyse") as (found, _):
        for tag in tags:
            rows = found.connection.execute(
                f"SELECT '{tag.name}', {tag.name}::VARCHAR, count(*) FILTER ({condition}), count(*) "
                f"FROM profiles WHERE {tag.name} IS NOT NULL GROUP BY ALL HAVING count(*) FILTER ({condition}) > 0"
            ).fetchall()
            counts += rows
        people, everybody = found.connection.execute(
            f"SELECT count(*) FILTER ({condition}), count(*) FROM profiles"
        ).fetchall()[0]
    shop.close()
    z, kept = NormalDist().inv_cdf(1 - 0.05 / len(counts)), []
    for tag, value, here, everywhere in counts:
        share, q = here / people, everywhere / everybody
        p = (share + z**2 / (2 * people) - z * sqrt(share * (1 - share) / people + z**2 / (4 * people**2))) / (
            1 + z**2 / people
        )
        if p > q:
            kept.append((-p * log2(p / q), tag, value, here, everywhere))
    first = {one[1]: one[1:] for one in sorted(kept, reverse=True)}  # of each tag what stands out most
    return people, everybody, [one[1:] for one in sorted(kept) if one[1:] in first.values()][:5]


@BOTH_AND_LOOKS
def test_what_sets_them_apart_is_what_sql_counts(signed_in, language, scheme, shots):
    people, everybody, expected = by_sql(signed_in.site, BUYERS, {"orders_total"})
    assert len(expected) == 5
    drawer, page = shown(signed_in, BUYERS), signed_in.page
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    expect(drawer.locator(".people-total")).to_have_text(re.compile(rf"^{grouped(people)}\D"))
    told, rows = words(language, "words")["value"], drawer.locator(".insight tbody tr")
    expect(rows).to_have_count(5)
    tags = {tag["name"]: tag for tag in asked(signed_in, "/api/tags")}
    for row, (tag, value, here, everywhere) in zip(rows.all(), expected, strict=True):
        expect(row).to_contain_text(tags[tag]["zh" if language == "zh-CN" else "en"])
        expect(row.locator("bdi")).to_have_text(told.get(value, value))
        cells = row.locator("td").all_inner_texts()
        tgi = here / people / (everywhere / everybody) * 100
        assert cells == [f"{here / people:.1%}", f"{everywhere / everybody:.1%}", grouped(round(tgi))]
    if shots:
        page.screenshot(path=shots)


def test_a_share_opens_exactly_the_people_that_it_counts(signed_in):
    drawer, page = shown(signed_in, BUYERS), signed_in.page
    one = asked(signed_in, "/api/audiences/insight", {"condition": BUYERS})["typical"][0]
    drawer.locator(".insight tbody tr").first.get_by_role("link").first.click()
    expect(drawer.locator(".people-total")).to_have_text(re.compile(rf"^{grouped(one['here'])}\D"))
    page.go_back()
    drawer.locator(".insight tbody tr").first.get_by_role("link").last.click()
    expect(drawer.locator(".people-total")).to_have_text(re.compile(rf"^{grouped(one['everywhere'])}\D"))


@BOTH
def test_of_few_people_no_percent_is_shown(signed_in, language, shots):
    listed = asked(signed_in, "/api/people/search", {"sort": "net_revenue", "limit": 12})["people"]
    few = f"net_revenue >= {listed[-1]['net_revenue']}"
    size = asked(signed_in, "/api/audiences/size", {"condition": few})["size"]
    assert size < 30
    drawer = shown(signed_in, few)
    expect(drawer.locator(".insight tbody tr, .drawer-part .muted").first).to_be_visible()
    for row in drawer.locator(".insight tbody tr").all():
        here, _, tgi = row.locator("td").all_inner_texts()
        assert here.endswith(f" / {size}")
        assert tgi == "–"
    assert "%" not in drawer.locator(".baseline").inner_text()
    if shots:
        signed_in.page.screenshot(path=shots)


@BOTH
def test_the_exported_file_holds_the_people_of_the_api(signed_in, language, shots):
    said, page = words(language, "people"), signed_in.page
    drawer = shown(signed_in, BUYERS)
    drawer.get_by_role("button", name=said["export"]["title"]).click()
    part = drawer.get_by_role("region", name=said["export"]["title"])
    expect(part).to_contain_text(words(language, "words")["basis"]["consent"])
    if shots:
        page.screenshot(path=shots)
    with page.expect_download() as coming:
        part.get_by_role("button", name=said["export"]["start"]).click()
    text = Path(coming.value.path()).read_text("utf-8")
    body = {"condition": BUYERS, "sort": "last_seen_at", "limit": 200}
    told = asked(signed_in, "/api/people/search", body)
    head, *rows = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""))
    assert [row[0] for row in rows] == [one["person"] for one in told["people"]]
    assert head[:2] == (["用户", "用户标识"] if language == "zh-CN" else ["Person", "Identifiers"])
    assert not [name for name in signed_in.site.names if name["phone"] in text or f":{name['user_id']}" in text]
    done = said["export"]["done"].replace("{{rows}}", grouped(len(rows))).replace("{{people}}", grouped(told["total"]))
    expect(part).to_contain_text(done)


def test_a_purpose_that_is_not_registered_writes_nothing(signed_in, language):
    said, page = words(language, "people")["export"], signed_in.page
    page.route(
        re.compile("/api/purposes"),
        lambda route: route.fulfill(json=[{"name": "advertise", "basis": "consent", "registered_at": "2026-01-01"}]),
    )
    drawer = shown(signed_in, BUYERS)
    drawer.get_by_role("button", name=said["title"]).click()
    drawer.get_by_role("combobox", name=said["purpose"]).press("ArrowDown")
    page.locator(".ant-select-item-option").first.click()
    drawer.get_by_role("button", name=said["start"]).click()
    expect(drawer.get_by_role("alert")).to_contain_text("advertise")
    assert signed_in.refusals == ["403 POST /people/export?purpose=advertise"]
    signed_in.refusals.clear()


@BOTH
def test_the_four_ways_on_keep_the_people(signed_in, language):
    said, page = words(language, "people")["drawer"], signed_in.page
    size = asked(signed_in, "/api/audiences/size", {"condition": BUYERS})["size"]
    shown(signed_in, BUYERS).get_by_role("link", name=said["openList"]).click()
    expect(page.locator(".table-foot")).to_contain_text(grouped(size))
    shown(signed_in, BUYERS).get_by_role("link", name=said["compare"]).click()
    expect(page.locator(".stat").first).to_contain_text(grouped(size))
    shown(signed_in, BUYERS).get_by_role("link", name=said["asAudience"]).click()
    expect(page.get_by_role("dialog")).to_contain_text(BUYERS)


def test_of_everybody_there_is_nothing_to_compare_but_a_list_and_a_file(signed_in, language):
    said = words(language, "people")
    drawer = shown(signed_in, "*")
    expect(drawer.get_by_role("link", name=said["drawer"]["openList"])).to_be_visible()
    expect(drawer.get_by_role("button", name=said["export"]["title"])).to_be_visible()
    expect(drawer.get_by_role("link", name=said["drawer"]["compare"])).to_have_count(0)
    expect(drawer.locator(".insight")).to_have_count(0)
