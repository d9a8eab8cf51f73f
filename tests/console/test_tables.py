"""Tables: a row opens beside the list, a link goes to the page, keys step and open, Escape closes what is on top."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

#: List → what its page's address ends with; each row has a link to the page of what it shows.
LISTS = {
    "/profile/people": r"/profile/people/[a-z2-7]{13}$",
    "/profile/tags": r"/profile/tags/\w+$",
    "/segment/audiences": r"/segment/audiences/\d+$",
    "/system/jobs": r"/system/jobs/\d+$",
    "/collect/goods": r"/collect/goods/item\?source=",
    "/collect/imports": r"/collect/imports/\d+$",
    "/collect/links": r"/collect/links/[\w-]+$",
}


@in_one("zh-CN")
@pytest.mark.parametrize("path", LISTS)
def test_a_row_opens_beside_the_list_by_keys_and_by_a_click_and_a_link_goes_to_the_page(
    signed_in, language, path, shots
):
    page = signed_in.page
    signed_in.open(path)
    _stepped_and_opened_by_keys(page)
    row = page.locator("tbody[data-rows] tr").first
    row.locator("td").last.click(position={"x": 2, "y": 2})
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    expect(drawer.locator("[aria-busy=true]")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"{re.escape(path)}\?"))
    expect(row).to_have_attribute("aria-selected", "true")
    if shots:
        page.screenshot(path=shots)
    page.reload()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    row.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(LISTS[path]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _stepped_and_opened_by_keys(page):
    """J, K and the arrows step from anywhere, Enter opens, Escape closes and goes back to the row."""
    rows = page.locator("tbody[data-rows] tr")
    expect(rows.first).to_be_visible()
    page.keyboard.press("j")
    expect(rows.first).to_be_focused()
    if rows.count() > 1:
        page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(rows.first).to_be_focused()


def test_single_keys_stay_letters_in_a_field_and_when_turned_off(signed_in, language):
    page = signed_in.page
    signed_in.open("/profile/tags")
    box = page.get_by_role("textbox", name=words(language, "tags")["filter"])
    box.press("j")
    expect(box).to_have_value("j")
    box.fill("")
    page.evaluate("localStorage.setItem('qianmian.keys', 'off')")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    expect(page.locator("tbody[data-rows] tr").first).not_to_be_focused()


@in_one("en")
def test_escape_closes_a_popover_and_nothing_behind_it(signed_in, language):
    frame, page = words(language, "frame"), signed_in.page
    signed_in.open("/profile/people")
    opener = page.get_by_role("button", name=re.compile(re.escape(frame["table"]["columns"]))).first
    opener.click()
    box = page.locator(".column-list")
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(opener).to_be_focused()

    signed_in.open("/overview?people=orders_total>0")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name=re.compile(re.escape(frame["freshness"]["how"]))).click()
    expect(page.locator(".reproduce")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".reproduce")).to_have_count(0)
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_number_in_a_drawer_replaces_it_and_back_brings_it_again(signed_in, language):
    page = signed_in.page
    signed_in.open("/profile/tags?peek=lifecycle")
    drawer = page.get_by_role("dialog")
    drawer.locator(".bar").first.get_by_role("link").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.locator(".people-total")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog").locator(".bar").first).to_be_visible()


@BOTH
def test_the_values_of_a_tag_are_chosen_by_name_code_or_pinyin(signed_in, language, shots):
    said, values, page = words(language, "audiences"), words(language, "words")["value"], signed_in.page
    signed_in.open("/segment/audiences/new?form=text")
    title = next(tag for tag in asked(signed_in, "/api/tags") if tag["name"] == "lifecycle")
    picker = page.get_by_role("combobox", name=said["insertTag"])
    picker.fill("smzq")  # pinyin initials find the Chinese title whatever the page's language
    page.locator(".ant-select-item-option").first.click()
    named = title["zh" if language == "zh-CN" else "en"]
    group = page.get_by_role("group", name=said["values"]["of"].replace("{{tag}}", named))
    told = asked(signed_in, "/api/tags/lifecycle/values")["values"]
    options = page.locator(".ant-select-item-option:visible")
    expect(options).to_have_count(len(told))
    for option, value in zip(options.all(), told, strict=True):
        expect(option).to_contain_text(values[value["value"]])
        expect(option).to_contain_text(str(value["people"]))
    if shots:
        page.screenshot(path=shots)
    box = group.get_by_role("combobox")
    for typed, wanted in (("loyal", "loyal"), (values["at_risk"][:3], "at_risk")):
        box.fill(typed)
        page.locator(".ant-select-item-option:visible").filter(has_text=values[wanted]).click()
    group.get_by_role("button", name=said["values"]["insert"], exact=True).click()
    expect(group).to_have_count(0)
    condition = page.get_by_role("textbox", name=said["condition"])
    expect(condition).to_have_value("lifecycle in ('loyal', 'at_risk')")
    expect(page.locator(".count-number")).to_have_text(re.compile(r"\d"))

    picker.fill("net_90d")
    page.locator(".ant-select-item-option:visible").first.click()
    expect(condition).to_have_value(re.compile(r"net_90d$"))


def test_the_live_count_is_told_apart_from_what_is_seen(signed_in, language):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open("/segment/audiences/new?condition=orders_total>0&form=text")
    size = asked(signed_in, "/api/audiences/size", {"condition": "orders_total > 0"})["size"]
    expect(page.locator(".count-number")).to_have_text(str(size))
    heard = page.locator(".panel [role=status]")
    expect(heard).to_contain_text(str(size))
    expect(page.locator(".count-number")).not_to_have_attribute("aria-live", re.compile("."))
    page.get_by_role("textbox", name=said["condition"]).fill("orders_total > ")
    expect(heard).to_have_text("")
