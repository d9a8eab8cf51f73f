"""Identity rules: tried on all the past, looked at, and only then applied."""

from __future__ import annotations

import pytest

from tests.console.catalogue import asked, words

#: At most one browser or device of each person: nobody with two keeps both.
STRICT = "limits:\n  user_id: {most: 1}\n  anonymous_id: {most: 1}\n  device: {most: 1}\n"

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")], indirect=True)
def test_rules_are_simulated_before_they_can_be_applied(signed_in, language, shots):
    said, page = words(language, "identityRules"), signed_in.page
    starts = words(language, "declaration")
    built_in = asked(signed_in, "/api/identity/rules")["built_in"]
    signed_in.open("/unify/rules")
    text, apply = page.get_by_role("textbox", name=said["text"]), page.get_by_role("button", name=said["apply"])
    simulate = page.get_by_role("button", name=said["simulate"], exact=True)
    expect(text).to_have_value(built_in)
    expect(page.get_by_text(said["untried"], exact=True)).to_be_visible()
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-untried"))

    simulate.click()
    expect(page.get_by_role("status").filter(has_text=said["same"])).to_be_visible()
    expect(apply).to_be_disabled()

    text.fill(STRICT)
    expect(page.get_by_text(said["stale"])).to_be_visible()
    simulate.click()
    found = asked(signed_in, "/api/identity/simulate", {"text": STRICT})
    told = page.get_by_role("status").filter(has_text=said["changed"])
    expect(told.locator(".stat-value").nth(2)).to_have_text(f"{found['splits']:,}")
    assert found["splits"] > 0
    expect(told.locator(".rules-change")).to_have_count(len(found["examples"]))
    if shots:
        page.screenshot(path=shots, full_page=True)

    apply.click()
    expect(page.get_by_text(said["waiting"])).to_be_visible()
    page.get_by_role("combobox", name=starts["start"]).click()
    page.get_by_title(starts["builtIn"]).last.click()
    expect(text).to_have_value(built_in)
    simulate.click()
    apply.click()  # it waits until it can be pressed
    expect(page.get_by_text(said["waiting"])).to_have_count(0)


def test_the_line_that_is_wrong_is_marked(signed_in, language):
    said, page = words(language, "identityRules"), signed_in.page
    signed_in.open("/unify/rules")
    text = page.get_by_role("textbox", name=said["text"])
    text.fill("limits:\n  user_id: {most: none}\n")
    page.get_by_role("button", name=said["simulate"], exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("user_id")
    assert (
        text.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
        == "  user_id: {most: none}"
    )
    assert signed_in.refusals == ["422 POST /identity/rules/check"]
    signed_in.refusals.clear()
