"""What a screen shows when there is nothing ordinary to show: each state has its words and its way on."""

from __future__ import annotations

import json
import re

import pytest

from tests.console.catalogue import in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


def refuse(page, path, status, code, what="", hint=""):
    """Let the server answer with an error, as it would."""
    body = json.dumps({"code": code, "what": what, "hint": hint})
    page.route(
        re.compile(re.escape(path)),
        lambda route: route.fulfill(status=status, content_type="application/json", body=body),
    )


@in_one("zh-CN")
def test_without_a_build_a_screen_says_what_to_do(signed_in, language):
    said, page = words(language, "states")["notBuilt"], signed_in.page
    refuse(page, "/api/overview", 404, "not_built", "nothing was built yet.")
    signed_in.open("/overview")
    expect(page.get_by_text(said["title"])).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=said["import"]).click()
    expect(page).to_have_url(re.compile("/collect/imports/new"))
    signed_in.refusals.clear()


@in_one("en")
def test_what_is_not_allowed_names_what_is_missing(signed_in, language):
    said, page = words(language, "states")["forbidden"], signed_in.page
    refuse(page, "/api/people/search", 403, "purpose", "the purpose 'analyse' is not registered.", "register it")
    signed_in.open("/profile/people")
    expect(page.get_by_role("alert")).to_contain_text(said["title"])
    expect(page.get_by_role("alert")).to_contain_text("analyse")
    signed_in.refusals.clear()


@in_one("zh-CN")
def test_a_failure_can_be_tried_again_and_the_rest_of_the_page_lives(signed_in, language):
    said, page = words(language, "states")["error"], signed_in.page
    refuse(page, "/api/coverage", 500, "unexpected", "unexpected KeyError.")
    refuse(page, "/api/jobs", 500, "lake", "the table events is not as it must be.", "qianmian doctor")
    signed_in.open("/system/jobs")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("the table events is not as it must be.")
    expect(alert).to_contain_text("qianmian doctor")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name=said["retry"]).click()
    expect(page.locator("tbody tr").first).to_be_visible()
    signed_in.refusals.clear()


@in_one("en")
def test_a_service_that_cannot_be_reached_is_said_so(signed_in, language):
    said, page = words(language, "states")["error"], signed_in.page
    page.route(re.compile("/api/imports"), lambda route: route.abort("connectionrefused"))
    signed_in.open("/collect/imports")
    expect(page.get_by_text(said["unreachable"])).to_be_visible()
    signed_in.faults[:] = [fault for fault in signed_in.faults if "ERR_CONNECTION_REFUSED" not in fault]


def test_numbers_older_than_the_imports_are_marked_as_such(signed_in, language):
    said, page = words(language, "overview")["unbuilt"], signed_in.page

    def with_two_waiting(route):
        answer = route.fetch()
        told = answer.json()
        told["freshness"]["unbuilt_batches"] = 2
        route.fulfill(response=answer, json=told)

    page.route(re.compile("/api/overview"), with_two_waiting)
    signed_in.open("/overview")
    expect(page.get_by_role("status")).to_contain_text(said["words_other"].replace("{{count}}", "2"))
    page.get_by_role("link", name=words(language, "states")["stale"]["build"]).click()
    expect(page.get_by_role("dialog")).to_contain_text(words(language, "jobs")["build"]["title"])


def test_while_the_words_of_a_page_are_on_their_way_no_key_is_shown(signed_in, language):
    page = signed_in.page

    def not_before_it_was_waited_for(route):
        expect(page.locator("main [aria-busy=true]")).to_be_visible()
        expect(page.get_by_role("heading")).to_have_count(0)
        route.continue_()

    page.route(re.compile("/assets/links-"), not_before_it_was_waited_for)
    signed_in.open("/collect/links")
    expect(page.get_by_role("heading", level=1)).to_have_text(words(language, "links")["title"])


def test_words_that_do_not_come_are_a_fault_and_no_keys(signed_in, language):
    page = signed_in.page
    page.route(re.compile("/assets/links-"), lambda route: route.abort())
    signed_in.open("/collect/links")
    expect(page.get_by_text(words(language, "states")["fault"]["what"])).to_be_visible()
    assert signed_in.faults
    signed_in.faults.clear()


def test_while_an_answer_is_on_its_way_nothing_false_is_shown(signed_in):
    page = signed_in.page
    page.route(re.compile("/api/people/search"), lambda route: None)
    signed_in.open("/profile/people")
    expect(page.locator("[aria-busy=true]")).to_be_visible()
    text = page.get_by_role("main").inner_text()
    assert not re.search(r"\b0\b|undefined|NaN", text)


def test_a_session_that_ended_asks_to_sign_in_at_the_same_address(signed_in, language):
    page = signed_in.page
    signed_in.open("/profile/tags")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.context.clear_cookies()
    page.locator("tbody tr a").first.click()
    expect(page.get_by_role("heading", name=words(language, "signIn")["title"])).to_be_visible()
    expect(page).to_have_url(re.compile("/profile/tags/"))
    signed_in.refusals.clear()
