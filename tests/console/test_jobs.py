"""Jobs: what ran, what came of it, and a build that is planned before it runs."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect


@BOTH
def test_every_job_is_listed_with_its_state_and_opens(signed_in, language):
    said, page = words(language, "words"), signed_in.page
    signed_in.open("/system/jobs")
    jobs = asked(signed_in, "/api/jobs?limit=100")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(jobs))
    for row, job in zip(rows.all(), jobs, strict=True):
        expect(row).to_contain_text(said["job"][job["kind"]])
        expect(row).to_contain_text(said["status"][job["status"]])
    rows.first.locator("td").first.click()
    expect(page).to_have_url(re.compile(rf"job={jobs[0]['job']}\b"))
    expect(page.get_by_role("dialog")).to_contain_text(grouped(jobs[0]["rows_read"]))
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


@in_one("en")
def test_a_build_is_shown_as_a_plan_then_run_and_watched(signed_in, language):
    said, page = words(language, "jobs"), signed_in.page
    signed_in.open("/system/jobs")
    before = asked(signed_in, "/api/jobs?limit=1")[0]["job"]
    page.get_by_role("button", name=said["build"]["open"]).click()
    plan = asked(signed_in, "/api/builds/plan")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(grouped(plan["events"]))
    drawer.get_by_role("button", name=said["build"]["start"]).click()
    expect(page).to_have_url(re.compile(rf"job={before + 1}\b"))
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(words(language, "words")["status"]["done"], timeout=60_000)
