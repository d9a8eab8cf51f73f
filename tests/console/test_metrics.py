"""The dictionary of metrics and the page of one: its numbers are those of the API, and open their people."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH_AND_LOOKS
def test_the_dictionary_is_searched_and_leads_to_a_metric(signed_in, language, shots):
    said, page = words(language, "metrics"), signed_in.page
    signed_in.open("/measure/metrics")
    told = asked(signed_in, "/api/metrics", language=language)["metrics"]
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(told))
    if shots:
        page.screenshot(path=shots)
    page.get_by_label(said["search"]).fill("k_factor")
    expect(rows).to_have_count(1)
    title = next(one["title"] for one in told if one["name"] == "k_factor")
    expect(rows).to_contain_text(title)
    page.get_by_label(said["search"]).fill("zzzz")
    expect(page.locator("tbody tr")).to_have_count(0)
    page.get_by_label(said["search"]).fill("k_factor")
    expect(rows).to_have_count(1)
    rows.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@BOTH_AND_LOOKS
def test_a_metric_is_told_beside_the_time_before_and_opens_its_people(signed_in, language, shots):
    said, page = words(language, "metrics"), signed_in.page
    signed_in.open("/overview")
    shown = asked(signed_in, "/api/overview", language=language)["metrics"]
    title = next(one["metric"]["title"] for one in shown if one["metric"]["name"] == "buyers")
    page.locator(".stat").get_by_role("link", name=exactly(title)).click()
    expect(page).to_have_url(re.compile("/measure/metrics/buyers"))

    total = asked(signed_in, "/api/metrics/values", {"names": ["buyers"], "grain": "total"})
    people = total["metrics"][0]["series"][0]["points"][0]["value"]
    stat = page.locator(".stat").filter(has=page.get_by_text(exactly(said["inRange"]))).locator(".stat-value")
    expect(stat).to_have_text(grouped(people))
    expect(page.locator(".chart canvas")).to_be_visible()
    by = {"names": ["buyers"], "grain": "total", "by": "channel"}
    channels = asked(signed_in, "/api/metrics/values", by)["metrics"][0]["series"]
    expect(page.locator("tbody tr")).to_have_count(len(channels))
    if shots:
        page.screenshot(path=shots, full_page=True)

    page.get_by_label(said["grain"]["label"]).get_by_text(exactly(said["grain"]["week"])).click()
    expect(page).to_have_url(re.compile("grain=week"))
    page.get_by_label(said["condition"]).fill("orders_total >= 2")
    page.keyboard.press("Enter")
    twice = {"names": ["buyers"], "grain": "total", "condition": "orders_total >= 2"}
    told = asked(signed_in, "/api/metrics/values", twice)["metrics"][0]["series"][0]["points"][0]
    assert 0 < told["value"] < people
    expect(stat).to_have_text(grouped(told["value"]))
    stat.get_by_role("link").click()
    expect(page.get_by_role("dialog").locator(".people-total")).to_have_text(
        re.compile(rf"^{grouped(told['value'])}\D")
    )
    page.keyboard.press("Escape")

    with page.expect_download() as kept:
        page.get_by_role("button", name=said["csv"]).last.click()
    lines = kept.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == len(page.locator("tbody tr").all()) + 1
    assert lines[0].startswith(f'"{said["dimension"]["channel"]}","{title}"')


@BOTH
def test_a_wrong_condition_is_told_and_the_metric_stays(signed_in, language):
    said, page = words(language, "metrics"), signed_in.page
    signed_in.open("/measure/metrics/orders?who=lifecycel%20%3D%201")
    expect(page.locator("main")).to_contain_text("lifecycel")
    page.get_by_label(said["condition"]).fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".chart canvas")).to_be_visible()
    signed_in.refusals.clear()
