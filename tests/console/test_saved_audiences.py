"""Saved audiences: made, changed, deleted and brought back; hostile names are words and nothing else."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.console.catalogue import BOTH_AND_LOOKS, asked, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

CONDITION = "orders_total >= 2"
HOSTILE = {
    "script": '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>{{7*7}}${7*7}',
    "formula": '=HYPERLINK("http://evil.example","click")',
    "rtl": "abc\u202efed\u202c אבג",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "address": "javascript:window.hostile=1",
    "wide": "长" * 200,
    "unbroken": "x" * 200,
}


def change(watched, path, body=None, method="post"):
    """Change something by the API, as the same session."""
    ask = getattr(watched.page.request, method)
    answer = ask(f"{watched.site.url}/api{path}", data=body, headers={"x-qianmian-console": "1"})
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def save(signed_in):
    """Saves an audience; all are deleted afterwards, under names that other tests of the same shop can bear."""
    made = []

    def saved(name, condition=CONDITION, note=""):
        made.append(change(signed_in, "/audiences", {"name": name, "condition": condition, "note": note}))
        return made[-1]

    yield saved
    for number in (one["audience"] for one in made):
        change(signed_in, f"/audiences/{number}", {"name": f"gone {number}", "note": ""}, method="patch")
        change(signed_in, f"/audiences/{number}", method="delete")


@BOTH_AND_LOOKS
def test_an_audience_is_written_named_and_listed(signed_in, language, scheme, shots):
    said, page, name = words(language, "audiences"), signed_in.page, f"多次购买 {language} {scheme}"
    signed_in.open("/segment/audiences")
    page.get_by_role("link", name=said["new"]["title"]).click()
    page.get_by_text(said["form"]["text"], exact=True).click()
    page.get_by_role("textbox", name=said["condition"]).fill("orders_total>=2")
    expect(page.locator(".count-number")).to_have_text(re.compile(r"\d"))
    page.get_by_role("button", name=said["save"]["title"]).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name=said["column"]["name"]).fill(name)
    drawer.get_by_role("textbox", name=said["column"]["note"]).fill("n\nm")
    drawer.get_by_role("button", name=said["save"]["submit"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    size = asked(signed_in, "/api/audiences/size", {"condition": CONDITION})["size"]
    expect(page.locator(".count-number")).to_have_text(grouped(size))
    expect(page.locator(".facts")).to_contain_text(signed_in.site.user)
    expect(page.locator(".facts")).to_contain_text(CONDITION)
    expect(page.locator(".insight, .panel .muted").first).to_be_visible()
    expect(page.locator("tbody[data-rows] tr")).to_have_count(min(50, size))
    if shots:
        page.screenshot(path=shots)

    signed_in.open("/segment/audiences")
    row = page.locator("tbody tr").filter(has_text=name)
    expect(row).to_contain_text(grouped(size))
    row.locator("td").nth(2).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(CONDITION)
    expect(drawer.locator(".insight tbody tr").first).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-list"))
    number = asked(signed_in, "/api/audiences")[0]["audience"]
    change(signed_in, f"/audiences/{number}", method="delete")


@in_one("en")
def test_deleting_is_undone_by_one_click_even_later(signed_in, language, save, shots):
    said, page = words(language, "audiences"), signed_in.page
    one = save(f"删除 {language}", note="why")
    signed_in.open(f"/segment/audiences/{one['audience']}")
    page.get_by_role("button", name=said["delete"]).click()
    expect(page).to_have_url(re.compile(rf"deleted={one['audience']}"))
    expect(page.locator("tbody tr").filter(has_text=one["name"])).to_have_count(0)
    # The page before may still be there, with a status of its own.
    expect(page.get_by_role("status").filter(has_text=one["name"])).to_be_visible()
    if shots:
        page.screenshot(path=shots)
    page.get_by_role("button", name=said["undo"]).click()
    expect(page.locator("tbody tr").filter(has_text=one["name"])).to_have_count(1)
    expect(page).not_to_have_url(re.compile("deleted="))
    again = asked(signed_in, f"/api/audiences/{one['audience']}")
    assert again == one

    change(signed_in, f"/audiences/{one['audience']}", method="delete")
    signed_in.open("/segment/audiences?show=deleted")
    row = page.locator("tbody tr").filter(has_text=one["name"]).first
    row.get_by_role("button", name=said["restore"]).click()
    expect(page.locator("tbody tr").filter(has=page.locator(f"a[href$='/{one['audience']}']"))).to_have_count(0)
    assert asked(signed_in, f"/api/audiences/{one['audience']}")["deleted_at"] is None


@in_one("zh-CN")
def test_name_and_condition_are_changed_and_a_taken_name_is_refused(signed_in, language, save):
    said, page = words(language, "audiences"), signed_in.page
    one, other = save(f"旧名 {language}"), save(f"占用 {language}")
    signed_in.open(f"/segment/audiences/{one['audience']}")
    page.get_by_role("button", name=said["edit"]).click()
    box = page.get_by_role("dialog").get_by_role("textbox", name=said["column"]["name"])
    box.fill(other["name"])
    box.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(other["name"])
    assert signed_in.refusals == [f"400 PATCH /audiences/{one['audience']}"]
    signed_in.refusals.clear()
    box.fill(f"新名 {language}")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"新名 {language}")

    page.get_by_role("link", name=said["editCondition"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"新名 {language}")
    page.get_by_text(said["form"]["text"], exact=True).click()
    page.get_by_role("textbox", name=said["condition"]).fill("orders_total >= 3")
    expect(page.locator(".canonical")).to_contain_text("orders_total >= 3")
    page.get_by_role("button", name=said["save"]["change"]).click()
    page.get_by_role("dialog").get_by_role("button", name=said["save"]["submit"]).click()
    expect(page).to_have_url(re.compile(rf"/segment/audiences/{one['audience']}$"))
    expect(page.locator(".facts")).to_contain_text("orders_total >= 3")
    size = asked(signed_in, "/api/audiences/size", {"condition": "orders_total >= 3"})["size"]
    expect(page.locator(".count-number")).to_have_text(grouped(size))


def test_an_old_address_of_a_condition_still_leads_to_its_screen(signed_in, language):
    signed_in.open(f"/segment/audiences?{urlencode({'condition': CONDITION})}")
    expect(signed_in.page.get_by_role("heading", level=1)).to_have_text(words(language, "audiences")["new"]["title"])
    expect(signed_in.page.locator(".canonical")).to_contain_text(CONDITION)


def test_the_palette_opens_an_audience_by_pinyin(signed_in, language, save):
    page, one = signed_in.page, save("高价值沉睡")
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=words(language, "frame")["palette"]["label"]).fill("gjzcs")
    expect(page.get_by_role("option").first).to_contain_text(one["name"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/segment/audiences/{one['audience']}"))


@in_one("zh-CN")
def test_hostile_names_are_words_in_every_list(signed_in, language, save, shots):
    page, made = signed_in.page, [save(name, note=name * 2) for name in HOSTILE.values()]
    change(signed_in, f"/audiences/{made[0]['audience']}", method="delete")
    for address in (
        "/segment/audiences",
        "/segment/audiences?show=deleted",
        f"/segment/audiences?deleted={made[0]['audience']}",
    ):
        look(signed_in, address)
        if shots:
            page.screenshot(path=shots.with_stem(f"{shots.stem}{address.rpartition('/')[2]}"))
    for one in made[1:]:
        expect(page.get_by_role("link", name=one["name"], exact=True)).to_be_visible()
    look(signed_in, f"/segment/compare?{urlencode({'first': CONDITION})}")
    page.get_by_role("combobox", name=words(language, "audiences")["compare"]["second"]).press("ArrowDown")
    expect(page.locator(".ant-select-item-option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=words(language, "frame")["palette"]["label"]).fill("HYPERLINK")
    expect(page.get_by_role("option").first).to_contain_text(HOSTILE["formula"])
    harmless(page, "the palette")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_words_on_its_own_screens(signed_in, save, kind, shots):
    page, one = signed_in.page, save(HOSTILE[kind], note=HOSTILE[kind] * 2)
    number = one["audience"]
    for address in (
        f"/segment/audiences?peek={number}",
        f"/segment/audiences/{number}?save=1",
        f"/segment/audiences/new?{urlencode({'audience': number, 'condition': CONDITION})}",
    ):
        look(signed_in, address)
        expect(page.get_by_text(HOSTILE[kind]).first).to_be_attached()
        if shots:
            page.screenshot(
                path=shots.with_stem(f"{shots.stem}{'-' if 'peek' in address else '=' if 'new' in address else ''}")
            )


def look(watched, address):
    """Open a screen and wait until it stands: whatever it ran or loaded beyond its own is an error."""
    page = watched.page
    watched.open(address)
    page.get_by_role("heading", level=1).first.wait_for()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    harmless(page, address)


def harmless(page, where):
    """Nothing of what strangers wrote ran, was loaded, or broke out of its place."""
    assert page.evaluate("window.hostile") is None, where
    assert page.locator("img[src=x]").count() == 0, where
    assert page.locator("a[href^='javascript:']").count() == 0, where
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, (where, width)


def test_a_name_of_ten_kilobytes_is_cut_by_the_field_and_refused_by_the_server(signed_in, language):
    said, page = words(language, "audiences"), signed_in.page
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': CONDITION, 'save': 1})}")
    box = page.get_by_role("dialog").get_by_role("textbox", name=said["column"]["name"])
    box.fill("长" * 3_400)
    expect(box).to_have_value("长" * 200)
    for name in ("长" * 3_400, "a\nb", " "):
        answer = page.request.post(
            f"{signed_in.site.url}/api/audiences",
            data={"name": name, "condition": CONDITION},
            headers={"x-qianmian-console": "1"},
        )
        assert answer.status in (400, 422), name
        assert answer.json()["code"] == "input"


def test_a_file_of_an_audience_has_its_people_and_no_name_of_it(signed_in, language, save):
    said, page = words(language, "people")["export"], signed_in.page
    one = save(HOSTILE["formula"])
    signed_in.open(f"/segment/audiences/{one['audience']}?export=1")
    with page.expect_download() as coming:
        page.get_by_role("button", name=said["start"]).click()
    assert coming.value.suggested_filename == "people.csv"
    text = Path(coming.value.path()).read_text("utf-8")
    assert "HYPERLINK" not in text
    assert len(list(csv.reader(StringIO(text)))) == one["people"] + 1
