"""Goods: found by words and by how they stand, each with its course, its model and its people; and the context."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH
def test_goods_are_found_and_open_with_their_buyers(signed_in, language):
    said, page = words(language, "goods"), signed_in.page
    signed_in.open("/collect/goods")
    told = asked(signed_in, "/api/goods?limit=50")
    expect(page.locator("tbody tr")).to_have_count(len(told["goods"]))
    expect(page.locator(".table-foot")).to_contain_text(grouped(told["total"]))

    title = told["goods"][0]["title"]
    page.get_by_role("searchbox", name=said["search"]).fill(title)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator("tbody tr").first).to_contain_text(title)

    item = told["goods"][0]
    page.locator("tbody tr").filter(has_text=item["item_id"]).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    one = asked(signed_in, f"/api/goods/{item['source']}/{item['item_id']}")
    stats = page.locator(".stat")
    expect(stats.filter(has=page.get_by_text(exactly(said["column"]["price"]))).locator(".stat-value")).to_have_text(
        f"¥{float(one['item']['price']):,.2f}"
    )
    viewers = stats.filter(has=page.get_by_text(exactly(said["viewers"]))).locator(".stat-value")
    expect(viewers).to_have_text(grouped(one["viewers"]["people"]))
    viewers.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(one['viewers']['people'])}\D"))


@BOTH
def test_a_filter_says_what_it_means_and_holds_what_it_counts(signed_in, language, shots):
    said, page = words(language, "goods"), signed_in.page
    signed_in.open("/collect/goods")
    told = asked(signed_in, "/api/goods?limit=1")
    rules = told["rules"]
    page.get_by_text(f"{said['state']['over_stocked']} {grouped(told['states']['over_stocked'])}", exact=True).click()
    expect(page).to_have_url(re.compile("state=over_stocked"))
    meaning = page.locator(".stock-meaning")
    for figure in (rules["pace_days"], rules["long_days"]):
        expect(meaning).to_contain_text(str(figure))
    expect(page.locator(".table-foot")).to_contain_text(grouped(told["states"]["over_stocked"]))
    states = page.locator("tbody .stock-state")
    assert set(states.all_inner_texts()) == {said["state"]["over_stocked"]}
    if shots:
        page.screenshot(path=shots)


@BOTH
def test_an_item_tells_its_course_its_model_and_its_buyers(signed_in, language, shots):
    said, page = words(language, "goods"), signed_in.page
    goods = asked(signed_in, "/api/goods?limit=200")["goods"]
    item = max(goods, key=lambda one: one["pieces"])
    one = asked(signed_in, f"/api/goods/{item['source']}/{item['item_id']}")
    signed_in.open(f"/collect/goods/item?source={item['source']}&item={item['item_id']}")
    label = said["recentBuyers"].replace("{{days}}", str(one["sales"]["rules"]["pace_days"]))
    buyers = page.locator(".stat").filter(has=page.get_by_text(label, exact=True)).locator(".stat-value")
    expect(buyers).to_have_text(grouped(one["sales"]["buyers"]["people"]))
    for name, value in one["attributes"].items():
        expect(page.locator(".fact").filter(has_text=name)).to_contain_text(value)
    expect(page.get_by_text(said["noPicture"])).to_be_visible()
    assert page.locator("img.item-picture").count() == 0
    others = [variant for variant in one["variants"] if variant["item_id"] != item["item_id"]]
    for variant in others[:1]:
        expect(page.get_by_role("link", name=variant["title"]).first).to_be_visible()
    marked = page.locator(".chart-marks li")
    expect(marked).to_have_count(len(one["marks"]))
    course = page.get_by_role("figure")
    course.get_by_text(said["column"]["sold"], exact=True).click()
    course.get_by_text(words(language, "frame")["chart"]["table"], exact=True).click()
    sold = sum(day["pieces"] for day in one["course"])
    cells = course.locator("tbody tr td:nth-child(5)").all_inner_texts()
    assert sum(int(cell.replace(",", "")) for cell in cells) == sold > 0
    if shots:
        page.screenshot(path=shots, full_page=True)


@BOTH
def test_the_context_is_a_list_and_marks_the_overview(signed_in, language, shots):
    said, page = words(language, "context"), signed_in.page
    signed_in.open("/collect/context")
    told = asked(signed_in, "/api/context")
    assert told["total"] > 10
    expect(page.locator("tbody tr")).to_have_count(told["total"])
    page.get_by_role("searchbox", name=said["search"]).fill("国庆")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text(f"{said['kinds']['policy']} 0", exact=True).click()
    expect(page.get_by_text(words(language, "states")["filtered"]["title"])).to_be_visible()
    if shots:
        page.screenshot(path=shots)
    signed_in.open("/overview")
    marks = asked(signed_in, "/api/overview")["marks"]
    assert marks
    expect(page.locator(".chart-marks li")).to_have_count(len(marks))
    expect(page.locator(".chart-marks")).to_contain_text(marks[0]["name"])
