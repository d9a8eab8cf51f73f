"""Quality of the data: nothing yet, checked from the page, told by field and day, alerts and events."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, BOTH_AND_LOOKS, asked, exactly, grouped, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect
#: By these the small shop of the tests has alerts, whatever was measured.
STRICT = "alerts: {least_events: 5, missing: 0.0, drift: 0.01}"


def checked(watched):
    """What the last check says; there was one."""
    told = asked(watched, "/api/quality")
    if told["checked_at"] is None:
        job = asked(watched, "/api/quality/check", {})["job"]
        while asked(watched, f"/api/jobs/{job}")["status"] == "running":
            watched.page.wait_for_timeout(100)
        told = asked(watched, "/api/quality")
    return told


def test_nothing_is_told_before_a_check_which_the_page_begins(signed_in, language, shots):
    said, page = words(language, "quality"), signed_in.page
    signed_in.open("/unify/quality")
    if asked(signed_in, "/api/quality")["checked_at"] is None:  # it is not when this runs once more
        expect(page.get_by_text(said["newTitle"], exact=True)).to_be_visible()
    if shots:
        page.screenshot(path=shots)
    page.get_by_role("button", name=said["check"]).click()
    expect(page.get_by_role("heading", name=said["fields"])).to_be_visible(timeout=60_000)
    expect(page.get_by_text(said["checked"])).to_be_visible()


@BOTH_AND_LOOKS
def test_fields_are_told_with_what_is_bad_of_them(signed_in, language, scheme, shots):
    said, page = words(language, "quality"), signed_in.page
    told = checked(signed_in)
    signed_in.open("/unify/quality")
    rows = page.get_by_role("table", name=exactly(said["fields"])).locator("tbody tr")
    expect(rows).to_have_count(len(told["fields"]))
    if shots:
        page.screenshot(path=shots, full_page=True)
    page.get_by_role("searchbox", name=said["search"]).fill("region")
    page.keyboard.press("Enter")
    regions = [one for one in told["fields"] if one["field"] == "region"]
    expect(rows).to_have_count(len(regions))
    shop = next(one for one in regions if one["source"] == "shop")
    expect(rows.filter(has=page.get_by_text("shop", exact=True))).to_contain_text(grouped(shop["events"]))


@BOTH_AND_LOOKS
def test_a_field_tells_its_days_its_events_and_its_values(signed_in, language, scheme, shots):
    said, page = words(language, "quality"), signed_in.page
    checked(signed_in)
    told = asked(signed_in, "/api/quality/field?source=shop&field=region")
    signed_in.open("/unify/quality/field?source=shop&field=region")
    expect(page.get_by_role("heading", level=1)).to_have_text(said["name"]["region"])
    values = page.get_by_role("table", name=exactly(said["classes"])).locator("tbody tr")
    expect(values).to_have_count(len(told["classes"]))
    expect(page.get_by_role("figure").locator("canvas")).to_be_visible()
    if shots:
        page.screenshot(path=shots, full_page=True)


@BOTH
def test_a_number_opens_the_events_that_it_counts(signed_in, language, shots):
    said, page = words(language, "quality"), signed_in.page
    checked(signed_in)
    told = asked(signed_in, "/api/quality/examples?source=shop&field=received_at&kind=late")
    assert told["events"]
    signed_in.open("/unify/quality?q=received_at")
    row = page.locator("tr").filter(has_text="received_at").filter(has=page.get_by_text("shop", exact=True))
    row.get_by_role("button", name=re.compile(f"^{said['kind']['late']}: ")).click()
    expect(page).to_have_url(re.compile("look=late"))
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_have_count(len(told["examples"]))
    expect(dialog.locator(".quality-count")).to_contain_text(grouped(told["events"]))
    if shots:
        page.wait_for_timeout(400)
        page.screenshot(path=shots)


def test_an_alert_is_looked_after_by_somebody(signed_in, language, shots):
    said, page = words(language, "quality"), signed_in.page
    checked(signed_in)
    strict = {"data": {"text": STRICT}, "headers": {"x-qianmian-console": "1"}}
    assert page.request.put(f"{signed_in.site.url}/api/clean/rules", **strict).ok
    signed_in.open("/unify/quality")
    table = page.get_by_role("table", name=exactly(said["alerts"]))
    waiting = table.get_by_role("button", name=said["acknowledge"])
    expect(waiting.first).to_be_visible()
    before = waiting.count()
    waiting.first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=said["ackSave"]).click()
    expect(dialog.get_by_text(said["ackNeeded"])).to_be_visible()
    dialog.get_by_label(said["ackBy"]).fill("李雷")
    if shots:
        page.screenshot(path=shots)
    dialog.get_by_role("button", name=said["ackSave"]).click()
    expect(dialog).to_be_hidden()
    expect(waiting).to_have_count(before - 1)
    expect(table.get_by_text("李雷").first).to_be_visible()


@BOTH
def test_flagged_events_are_opened_by_their_rule(signed_in, language, shots):
    said, page = words(language, "quality"), signed_in.page
    checked(signed_in)
    rules = asked(signed_in, "/api/clean/report")["rules"]
    pace = next(one for one in rules if one["rule"] == "pace")
    signed_in.open("/unify/quality")
    table = page.get_by_role("table", name=exactly(said["flags"]))
    expect(table.locator("tbody tr")).to_have_count(len(rules))
    left = [one for one in rules if one["is_left_out"]]
    expect(table.get_by_text(said["leftOut"], exact=True)).to_have_count(len(left))
    expect(page.get_by_text(said["leaveOut"].split("{{")[0])).to_be_visible()
    table.get_by_role("button", name=f"{words(language, 'words')['flag']['pace']}: {grouped(pace['events'])}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_have_count(20)
    if shots:
        page.wait_for_timeout(400)
        page.screenshot(path=shots)


@BOTH_AND_LOOKS
def test_rules_are_checked_while_they_are_typed_applied_and_used_by_the_next_check(signed_in, language, scheme, shots):
    said, told, page = words(language, "cleaning"), words(language, "declaration"), signed_in.page
    checked(signed_in)
    own = asked(signed_in, "/api/clean/rules")["own"]
    hours = 30 + (own["version"] if own else 0)  # nobody has said this before
    signed_in.open("/unify/quality")
    page.get_by_role("link", name=words(language, "quality")["rules"]).click()
    text, apply = page.get_by_role("textbox", name=told["text"]), page.get_by_role("button", name=told["apply"])
    text.fill("twins: {within_seconds: 5}\nlate_after_hours: soon\n")
    page.get_by_role("button", name=told["locate"].replace("{{line}}", "2")).click()
    assert (
        text.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
        == "late_after_hours: soon"
    )
    expect(apply).to_be_disabled()
    assert signed_in.refusals == ["422 POST /clean/rules/check"]
    signed_in.refusals.clear()

    text.fill(f"late_after_hours: {hours}\n")
    expect(page.get_by_text(said["section"]["late_after_hours"])).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-typed"), full_page=True)
    apply.click()
    expect(page.get_by_text(signed_in.site.user).nth(1)).to_be_visible()  # who applied it, beside who is signed in
    expect(page.get_by_text(told["same"])).to_be_visible()
    expect(page.get_by_text(said["waiting"])).to_be_visible()
    page.get_by_role("button", name=words(language, "quality")["check"]).click()
    expect(page.get_by_text(said["isCurrent"])).to_be_visible()
    assert f"late_after_hours: {hours}" in asked(signed_in, "/api/clean/rules")["own"]["text"]
    if shots:
        page.screenshot(path=shots, full_page=True)


#: Words that the tests' shop has, and gaps that it has.
WORDS_AND_FILLS = """
words: [{field: region, words: china}]
fill:
  - {field: region, events: [Product Viewed], method: forward}
  - {field: channel, events: [Product Viewed], by: device_type, method: mode}
"""


@BOTH_AND_LOOKS
def test_words_and_filled_values_are_told_by_rule(signed_in, language, scheme, shots):
    said, page = words(language, "quality"), signed_in.page
    if not asked(signed_in, "/api/clean/fills"):
        given = {"data": {"text": WORDS_AND_FILLS}, "headers": {"x-qianmian-console": "1"}}
        assert page.request.put(f"{signed_in.site.url}/api/clean/rules", **given).ok
        job = asked(signed_in, "/api/quality/check", {})["job"]
        while asked(signed_in, f"/api/jobs/{job}")["status"] == "running":
            page.wait_for_timeout(100)
    report, fills = asked(signed_in, "/api/clean/report"), asked(signed_in, "/api/clean/fills")
    signed_in.open("/unify/quality")
    unknown = page.get_by_role("table", name=exactly(said["unknown"])).locator("tbody tr")
    expect(unknown).to_have_count(len(report["unknown"]))
    filled = page.get_by_role("table", name=exactly(said["fills"]))
    expect(filled.locator("tbody tr")).to_have_count(2)
    if shots:
        page.screenshot(path=shots, full_page=True)
    filled.get_by_role("button", name=f"{said['name']['region']}: {grouped(fills[0]['filled'])}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_have_count(min(20, fills[0]["filled"]))
    if shots:
        page.wait_for_timeout(400)
        page.screenshot(path=shots.with_stem(f"{shots.stem}-filled"))
