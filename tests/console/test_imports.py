"""Imports: previewed, tried, taken; and whatever a file holds is shown as text and nothing else."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.console.catalogue import BOTH, asked, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A row may lie a day ahead of its receipt: this one is refused now, and sound twenty seconds later.
AHEAD = timedelta(days=1, seconds=20)
HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '=HYPERLINK("http://evil","x")',
    "\u202egnp.exe",
    "👩‍👩‍👧‍👦 全角！ ﷽",
    "{{7*7}} ${7*7} constructor __proto__",
    "long" * 2_500,
]
MAPPING = """source: {source}
format: csv
event:
  event_id: order_no
  name: {{value: Order Completed}}
  occurred_at: {{column: at, format: "%Y-%m-%d %H:%M"}}
  order_id: order_no
  item_id: goods
  total: amount
  channel: channel
  region: region
identifiers:
  user_id: member
properties:
  with: [note]
"""


def orders(folder, source, rows):
    path = folder / f"{source}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("order_no", "at", "goods", "amount", "channel", "region", "member", "note"), *rows]
        )
    return path, MAPPING.format(source=source)


def choose(page, said, path, mapping):
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("textbox", name=said["new"]["mapping"]).fill(mapping)
    page.get_by_role("button", name=said["new"]["look"]).click()


@BOTH
def test_a_dry_run_tells_what_would_be_refused_and_writes_nothing(signed_in, language, tmp_path):
    said, reasons, page = words(language, "imports"), words(language, "words")["reason"], signed_in.page
    good = ("D-1", "2026-10-01 10:00", "sku-1", "10.00", "web", "上海市/上海市", "dry-1", "")
    bad = ("D-2", "2026-13-40 10:00", "sku-1", "10.00", "web", "上海市/上海市", "dry-2", "")
    path, mapping = orders(tmp_path, f"dry-{language.lower()}", [good, bad])
    before = len(asked(signed_in, "/api/imports"))
    signed_in.open("/collect/imports/new")
    choose(page, said, path, mapping)
    expect(page.get_by_role("heading", name=said["trial"]["title"])).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(reasons["bad_time"])
    expect(page.get_by_role("heading", name=said["preview"]["title"])).to_be_visible()
    assert len(asked(signed_in, "/api/imports")) == before


#: What the screen asks once file and mapping are chosen.
_ASKED = ("/imports/preview", "dry_run=true")


def test_a_mapping_that_does_not_fit_is_told_as_an_error(signed_in, language, tmp_path):
    said, page = words(language, "imports"), signed_in.page
    path, _ = orders(tmp_path, "unfit", [])
    signed_in.open("/collect/imports/new")
    preview, dry_run = (page.expect_response(lambda answer, part=part: part in answer.url) for part in _ASKED)
    with preview, dry_run:  # both are refused, in either order
        choose(page, said, path, "source: unfit\nevent: {colour: blue}\n")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name=said["new"]["take"], exact=True)).to_be_disabled()
    assert {refusal.split()[0] for refusal in signed_in.refusals} == {"422"}
    signed_in.refusals.clear()


@in_one("zh-CN")
def test_hostile_text_in_every_field_is_shown_as_text(signed_in, language, tmp_path):
    said, page, source = words(language, "imports"), signed_in.page, f"hostile-{language.lower()}"
    rows = [
        (f"H{at} {text[:150]}", "2026-10-05 12:00", text[:400], "12.50", text[:400], text[:400], f"{source} {at}", text)
        for at, text in enumerate(HOSTILE)
    ]
    broken = ("<b>no time</b>", "<i>never</i>", "x", "<u>much</u>", "x", "x", "hostile-x", "x")
    path, mapping = orders(tmp_path, source, [*rows, broken])
    signed_in.open("/collect/imports/new")
    choose(page, said, path, mapping)
    expect(page.get_by_role("heading", name=said["preview"]["title"])).to_be_visible()
    harmless(page)
    taken = page.locator(".stat").filter(has_text=said["column"]["accepted"]).locator(".stat-value")
    count = int(re.sub(r"\D", "", taken.inner_text()))
    assert count >= 1
    key = "takeRows_one" if count == 1 and language == "en" else "takeRows_other"
    page.get_by_role("button", name=said["new"][key].replace("{{n}}", grouped(count))).click()
    expect(page).to_have_url(re.compile(r"/collect/imports/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)
    harmless(page)

    asked(signed_in, "/api/builds", {})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(120):
        if asked(signed_in, "/api/jobs?limit=1")[0]["status"] != "running":
            break
        page.wait_for_timeout(250)
    people = asked(signed_in, "/api/people/search", {"name": f"user_id:{source} 0"})["people"]
    assert people
    signed_in.open(f"/profile/people/{people[0]['person']}?tab=orders")
    expect(page.locator(".order")).to_have_count(1)
    expect(page.locator(".order")).to_contain_text("<script>")
    harmless(page)
    signed_in.open(f"/profile/people/{people[0]['person']}")
    page.locator(".event-toggle").first.click()
    harmless(page)
    for tag in ("region", "channel"):
        signed_in.open(f"/profile/tags/{tag}")
        expect(page.locator(".bar").first).to_be_visible()
        harmless(page)
    signed_in.open("/overview")
    expect(page.locator(".stat").first).to_be_visible()
    harmless(page)


def harmless(page):
    """Nothing ran, nothing became an element, and nothing pushed the page wider than the window."""
    assert page.title() != "owned"
    assert page.locator("main script, main img[src=x], main b, main u").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "(() => { const m = document.querySelector('main'); return m.scrollWidth <= m.clientWidth })()"
    )


def test_a_refused_row_is_told_in_both_languages_and_replayed_once_nothing_refuses_it(signed_in, tmp_path, shots):
    page, at = signed_in.page, datetime.now(SHANGHAI) + AHEAD
    path, mapping = orders(tmp_path, "replayed", [])
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(
            ("R-1", f"{at:%Y-%m-%d %H:%M:%S}", "sku-1", "10.00", "web", "上海市", "replayed 1", "")
        )
    first = taken(signed_in, path, mapping.replace("%H:%M", "%H:%M:%S"))
    assert (first["accepted"], first["refused"][0]["reason"]) == (0, "clock_suspect")  # more than a day ahead

    said = words("zh-CN", "imports")["replay"]
    told = said["done"].replace("{{read}}", "1")
    replay = page.get_by_role("button", name=said["action"])
    signed_in.open(f"/collect/imports/{first['batch']}")
    replay.click()
    expect(page.get_by_text(told.replace("{{accepted}}", "0"))).to_be_visible()

    for language, detail in (("en", "not after its receipt"), ("zh-CN", "不晚于收到时刻")):
        page.add_init_script(f"localStorage.setItem('qianmian.language', '{language}')")
        signed_in.open(f"/collect/imports/{first['batch']}")
        reason = words(language, "words")["reason"]["clock_suspect"]
        expect(page.locator("tbody tr").filter(has_text=reason)).to_contain_text(detail)
        if shots:
            page.screenshot(path=shots.with_stem(f"{shots.stem}-{language}"))

    page.wait_for_timeout(max(0.0, (at - timedelta(days=1) - datetime.now(SHANGHAI)).total_seconds() * 1000 + 500))
    replay.click()
    expect(page.get_by_text(told.replace("{{accepted}}", "1"))).to_be_visible()
    assert asked(signed_in, f"/api/imports/{first['batch']}/refused") == []
    newest = asked(signed_in, "/api/imports")[0]
    assert (newest["batch"] > first["batch"], newest["accepted"], newest["refused_rows"]) == (True, 1, 0)


def taken(watched, path, mapping):
    """A file imported through the API by the same session."""
    upload = {
        "file": {"name": path.name, "mimeType": "text/csv", "buffer": path.read_bytes()},
        "mapping": {"name": "mapping.yaml", "mimeType": "application/yaml", "buffer": mapping.encode()},
    }
    url, headers = f"{watched.site.url}/api/imports", {"x-qianmian-console": "1"}
    answer = watched.page.request.post(url, multipart=upload, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


@BOTH
def test_every_import_is_listed_and_opens(signed_in, language):
    page = signed_in.page
    signed_in.open("/collect/imports")
    batches = asked(signed_in, "/api/imports")
    expect(page.locator("tbody tr")).to_have_count(len(batches))
    row = page.locator("tbody tr").last
    expect(row).to_contain_text(batches[-1]["file"])
    expect(row).to_contain_text(grouped(batches[-1]["read"]))
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(batches[-1]["file"])
