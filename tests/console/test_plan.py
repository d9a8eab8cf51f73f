"""The tracking plan: begun with starters, beside what arrives; what deviates is shown, planned and replayed."""

from __future__ import annotations

import base64
import json
import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def arrive(watched, source, name, *properties):
    """Events from an SDK, taken in by the running flusher."""
    key = asked(watched, "/api/sources", {"name": source})["write_key"]
    batch = [
        {"type": "track", "messageId": f"{source}-{n}", "userId": "u-1", "event": name, "properties": told}
        for n, told in enumerate(properties)
    ]
    sender = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    answer = watched.page.request.post(
        f"{watched.site.url}/v1/batch", data=json.dumps({"batch": batch}), headers=sender
    )
    assert answer.ok, answer.text()
    for _ in range(300):
        if name in {event["name"] for event in asked(watched, "/api/plan")["events"] if event["events"]}:
            return
        watched.page.wait_for_timeout(200)
    raise AssertionError(name)


@in_one("zh-CN")
def test_a_plan_is_begun_deviations_are_planned_and_replayed(signed_in, language, shots):
    said, reasons, page = words(language, "plan"), words(language, "words")["reason"], signed_in.page
    signed_in.open("/collect/plan")
    if not asked(signed_in, "/api/plan")["version"]:  # the first language finds nothing planned
        expect(page.get_by_role("heading", name=said["starters"]["title"])).to_be_visible()
        if shots:
            page.screenshot(path=shots.with_stem(f"{shots.stem}-empty"))
        page.get_by_role("button", name=said["starters"]["begin"]).click()
    expect(page.get_by_role("link", name="Order Completed")).to_be_visible()

    mode = page.get_by_role("radiogroup", name=said["mode"]["title"])
    mode.get_by_text(said["mode"]["strict"], exact=True).click()
    expect(page.get_by_text(said["mode"]["strictWords"])).to_be_visible()
    name = f"Parcel Weighed {language}"
    arrive(signed_in, f"scales-{language.lower()}", name, {"grams": 5}, {"grams": 7, "note": "<b>x</b>"})
    page.reload()
    expect(page.locator(".state-strip")).to_contain_text("2")
    row = page.locator("tbody tr").filter(has_text=name).filter(has_text=reasons["unplanned_event"])
    expect(row).to_have_count(1)
    if shots:
        page.screenshot(path=shots)

    row.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("tbody tr").filter(has_text="grams")).to_contain_text("2 / 2")
    page.get_by_role("button", name=said["promoteOne"].replace("{{name}}", name), exact=True).first.click()
    expect(page.locator(".stat-value").first).to_have_text(exactly(said["planned"]))
    expect(page.get_by_text(said["violations"]["planned"])).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-event"))

    page.get_by_role("link", name=said["title"]).first.click()
    page.get_by_role("button", name=said["replay"]["action"], exact=True).click()
    expect(page.locator(".state-strip")).to_have_count(0, timeout=60_000)  # it waits for the flusher to let it
    expect(page.get_by_role("status").filter(has_text="2")).to_be_visible()
    assert asked(signed_in, "/api/plan")["waiting"] == []
    mode.get_by_text(said["mode"]["observe"], exact=True).click()
    expect(page.get_by_text(said["mode"]["observeWords"])).to_be_visible()


@BOTH
def test_events_are_found_by_their_titles(signed_in, language):
    said, page = words(language, "plan"), signed_in.page
    asked(signed_in, "/api/plan/starters", {"names": ["live"]})
    signed_in.open("/collect/plan?which=planned")
    page.get_by_label(said["search"]).first.fill("直播间")
    page.get_by_label(said["search"]).first.press("Enter")
    table = page.get_by_role("table", name=said["events"])
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table).to_contain_text("Live Joined")


@in_one("en")
def test_events_kept_apart_are_looked_at_and_replayed_one_by_one(signed_in, language, shots):
    said, reasons, page = words(language, "plan"), words(language, "words")["reason"], signed_in.page
    apart, source, name = said["apart"], f"belt-{language.lower()}", f"Parcel Sorted {language}"
    asked(signed_in, "/api/plan/starters", {"names": ["shop"]})
    put(signed_in, "/api/plan/mode", {"mode": "strict", "source": source})
    signed_in.open(f"/collect/plan/apart?source={source}")
    expect(page.get_by_text(words(language, "states")["filtered"]["title"])).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-empty"))
    arrive(signed_in, source, name, {"lane": 1}, {"lane": 2, "tel": "13800138000"}, {"lane": 3})
    page.reload()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text(reasons["unplanned_event"])
    rows.filter(has_text=name).nth(1).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("lane")
    assert "13800138000" not in page.content()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-one"))
    page.keyboard.press("Escape")
    asked(signed_in, "/api/plan/promote", {"event": name})
    for box in (0, 1):
        page.get_by_role("checkbox", name=apart["pick"].replace("{{event}}", name)).nth(box).check()
    if shots:
        page.screenshot(path=shots)
    page.get_by_role("button", name=apart["replayPicked"].replace("{{n}}", "2")).click()
    expect(page.get_by_role("status").filter(has_text="2")).to_be_visible(timeout=60_000)
    expect(rows).to_have_count(1)
    left = asked(signed_in, f"/api/plan/quarantine?source={source}")
    assert len(left) == 1
    page.get_by_text(apart["pickAll"], exact=True).click()
    page.get_by_role("button", name=apart["replayPicked"].replace("{{n}}", "1")).click()
    expect(rows).to_have_count(0, timeout=60_000)


@in_one("zh-CN")
def test_a_plan_is_edited_checked_by_line_and_holds(signed_in, language, shots, tmp_path):
    said, page = words(language, "plan"), signed_in.page
    edit, name = said["edit"], f"Crate Opened {language}"
    asked(signed_in, "/api/plan/starters", {"names": ["shop"]})
    signed_in.open("/collect/plan")
    page.get_by_role("link", name=edit["open"]).click()
    text = page.get_by_role("textbox", name=edit["text"])
    held = text.input_value()
    assert "Order Completed" in held
    expect(page.get_by_text(edit["same"])).to_be_visible()

    lines = held.rstrip().count("\n") + 1
    text.fill(f"{held.rstrip()}\n  {name}:\n    properties:\n      weight: numbr\n")
    page.get_by_role("button", name=button_name(edit["check"])).click()
    expect(page.get_by_role("alert")).to_contain_text(str(lines + 3))
    expect(page.get_by_role("alert")).to_contain_text("numbr")
    expect(text).to_be_focused()
    picked = text.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert picked.strip() == "weight: numbr"
    signed_in.refusals.clear()  # it was meant to be refused
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-wrong"))

    (tmp_path / "plan.yaml").write_text(f"{held.rstrip()}\n  {name}:\n    properties:\n      weight: number\n", "utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "plan.yaml")
    expect(page.get_by_text(edit["stale"])).to_be_visible()
    expect(page.get_by_role("button", name=button_name(edit["apply"]))).to_be_disabled()
    page.get_by_role("button", name=button_name(edit["check"])).click()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text=name).first).to_contain_text(edit["added"])
    if shots:
        page.screenshot(path=shots)
    page.get_by_role("button", name=button_name(edit["apply"])).click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert name in asked(signed_in, "/api/plan")["text"]


def button_name(label):
    """Two Chinese characters are drawn with a gap between them."""
    return re.compile(r"\s*".join(map(re.escape, label)))


def put(watched, path, body):
    """What the API answers to a change by the same session."""
    answer = watched.page.request.put(f"{watched.site.url}{path}", data=body, headers={"x-qianmian-console": "1"})
    assert answer.ok, answer.text()
