"""The builder of conditions: everything that a text says is built by mouse or keyboard, and both say the same."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.console.catalogue import BOTH_AND_LOOKS, asked, exactly, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

SEQUENCE = "sequence(did('Product Viewed', channel in ('app')), did('Order Completed'), within='7d', last='30d')"
BOUGHT = "did('Order Completed', last='30d')"
SOCIAL = f"friends({BOUGHT}, kind = 'invite') >= 2"
EVERYTHING = (
    "(lifecycle in ('loyal', 'active') or not net_90d >= 500.50) and region is not null and r_score in (4, 5) "
    "and orders_30d not between 1 and 3 and first_order_on < '2026-10-01' and region contains '海' "
    "and last_seen_at >= '2026-01-01T08:00:00+08:00' and not (channel = 'app' or rfm != 'general_keep') "
    "and did('Order Completed', category = '美妆', hour between 20 and 23, from='2026-01-01') <= 9 "
    "and did('Product Viewed', brand is null) = 0 and not did('Post Liked', last='7d') "
    "and sequence(did('Product Viewed', category in ('美妆', '母婴')), did('Product Added'), did('Order Completed'), "
    "within='90m', to='2026-12-31') "
    "and friends(lifecycle = 'loyal' or not region = '上海', kind in ('follow', 'invite'), direction = 'out', "
    "strength >= 0.3) >= 2 "
    "and not within(friends(did('Order Completed')) = 0 and orders_total > 0, hops = 3, kind = 'group_buy')"
)


class Builder:
    """The builder of an open page, in the words of its language."""

    def __init__(self, watched, language):
        self.page = watched.page
        self.said, self.forms = words(language, "builder"), words(language, "audiences")["form"]
        self.words = words(language, "words")
        self.unfinished = self.said.get("unfinished_one", self.said["unfinished_other"]).replace("{{n}}", "1")
        self.root = self.page.get_by_role("group", name=self.said["rows"], exact=True)

    def add(self, kind, inside=None):
        """Add a row to a group, by its button, and give the row."""
        label = self.said["addKind"].replace("{{kind}}", self.said["kind"][kind])
        (inside or self.root).get_by_role("button", name=label, exact=True).last.click()
        return (inside or self.root).get_by_role("group", name=self.said["kind"][kind], exact=True).last

    def choose(self, inside, label, wanted, typed=None, at=0):
        """Choose in a list that opens by a click, where something may be typed to find it."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        inside.locator(".ant-select").filter(has=box).nth(at).click()
        if typed is not None:
            inside.get_by_role("combobox", name=label, exact=True).nth(at).fill(typed)
        self.page.locator(".ant-select-item-option:visible").filter(has_text=wanted).first.click()

    def event(self, inside, name, at=0):
        self.choose(inside, self.said["event"], exactly(self.words["event"][name]), typed=name, at=at)

    def fill(self, inside, label, value):
        inside.get_by_role("textbox", name=label, exact=True).fill(value)

    def show(self, form):
        self.page.locator(".ant-segmented-item").filter(has_text=exactly(self.forms[form])).click()

    def text(self):
        """The condition as text."""
        self.show("text")
        return self.page.locator(".condition-field textarea")


@pytest.fixture
def builder(signed_in, language):
    return Builder(signed_in, language)


def counted(watched, condition):
    """Wait until the live count is that of a condition."""
    size = asked(watched, "/api/audiences/size", {"condition": condition})["size"]
    expect(watched.page.locator(".canonical code")).to_have_text(condition)
    expect(watched.page.locator(".count-number")).to_have_text(grouped(size))
    return size


@BOTH_AND_LOOKS
def test_a_social_condition_and_a_sequence_are_built_by_mouse_and_saved(signed_in, builder, language, scheme, shots):
    page, said = signed_in.page, builder.said
    signed_in.open("/segment/audiences/new")
    row = builder.add("sequence")
    expect(row.get_by_role("combobox", name=said["span"]["label"])).to_be_focused()
    builder.event(row, "Product Viewed", at=0)
    builder.event(row, "Order Completed", at=1)
    simple = counted(signed_in, "sequence(did('Product Viewed'), did('Order Completed'), last='30d')")
    builder.choose(row, said["span"]["label"], said["span"]["d"])
    builder.fill(row, said["span"]["number"], "7")
    row.get_by_role("button", name=said["filter"]["add"], exact=True).first.click()
    builder.choose(row, said["field"], exactly(said["filter"]["channel"]))
    builder.choose(row, said["value"], builder.words["value"]["app"], typed="app")
    page.keyboard.press("Escape")
    first = counted(signed_in, SEQUENCE)
    assert first < simple

    row = builder.add("friends")
    builder.choose(row, said["ties"]["kinds"], exactly(builder.words["tie"]["invite"]))
    page.keyboard.press("Escape")
    builder.fill(row, said["count"]["number"]["people"], "2")
    ordered = builder.add("did", inside=row)
    builder.event(ordered, "Order Completed")
    both = counted(signed_in, f"{SEQUENCE} and {SOCIAL}")
    assert both < first
    in_words = "at least 2 of their friends (by invitation) meet" if language == "en" else "好友（邀请）中至少 2 人满足"
    expect(page.locator(".condition-sentence")).to_contain_text(in_words)
    if shots:
        page.screenshot(path=shots)

    root = builder.root.locator(".ant-segmented-item").filter(has_text=exactly(said["any"]))
    root.first.click()
    counted(signed_in, f"{SEQUENCE} or {SOCIAL}")
    expect(builder.text()).to_have_value(f"{SEQUENCE} or {SOCIAL}")
    builder.show("build")
    row.get_by_role("button", name=said["not"], exact=True).first.click()
    expect(builder.text()).to_have_value(f"{SEQUENCE} or not {SOCIAL}")
    builder.show("build")
    alone = asked(signed_in, "/api/audiences/clauses", {"condition": f"{SEQUENCE} or not {SOCIAL}"})["clauses"]
    expect(page.locator(".clauses .bar-people")).to_have_text([grouped(one["people"]) for one in alone])
    saved_under(signed_in, language, f"搭建 {language} {scheme}", f"{SEQUENCE} or not {SOCIAL}")


def saved_under(watched, language, name, condition):
    """Save what is built, see that it is kept, and delete it."""
    said, page = words(language, "audiences"), watched.page
    page.get_by_role("button", name=said["save"]["title"]).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name=said["column"]["name"]).fill(name)
    drawer.get_by_role("button", name=said["save"]["submit"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".facts")).to_contain_text(condition)
    number = asked(watched, "/api/audiences")[0]["audience"]
    headers = {"x-qianmian-console": "1"}
    assert page.request.delete(f"{watched.site.url}/api/audiences/{number}", headers=headers).ok


@BOTH_AND_LOOKS
def test_a_condition_with_everything_in_it_comes_back_as_the_same_text(signed_in, builder, language, scheme, shots):
    page, said = signed_in.page, builder.said
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': EVERYTHING})}")
    expect(builder.root).to_be_visible()
    if shots:
        page.locator(".ant-select-selection-item, .ant-select-content").first.wait_for()
        page.screenshot(path=shots)
        builder.root.screenshot(path=shots.with_stem(f"{shots.stem}-rows"))
    turn = builder.root.get_by_role("button", name=said["not"], exact=True).first
    turn.click()
    expect(page.locator(".canonical code")).to_have_text(f"not ({EVERYTHING})")
    turn.click()
    expect(page.locator(".canonical code")).to_have_text(EVERYTHING)
    expect(builder.text()).to_have_value(EVERYTHING)
    expect(page.locator(".condition-problems > li")).to_have_count(0)
    page.reload()
    expect(page.locator(".condition-field textarea")).to_have_value(EVERYTHING)


@in_one("zh-CN")
def test_what_is_half_filled_stays_and_does_not_count(signed_in, builder, language):
    page, said = signed_in.page, builder.said
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': 'orders_total > 0'})}")
    row = builder.add("tag")
    quiet = page.get_by_text(builder.unfinished)
    expect(quiet).to_be_visible()
    builder.choose(row, said["tag"], re.compile("."), typed="net_90d")
    counted(signed_in, "orders_total > 0")
    expect(builder.text()).to_have_value("orders_total > 0")
    builder.show("build")
    builder.fill(row, said["value"], "５00")  # a full-width digit, as a Chinese keyboard types it
    expect(quiet).to_have_count(0)
    counted(signed_in, "orders_total > 0 and net_90d >= 500")
    expect(page).to_have_url(re.compile("net_90d"))
    builder.root.get_by_role("button", name=said["remove"].replace("{{kind}}", said["kind"]["tag"])).last.click()
    counted(signed_in, "orders_total > 0")
    expect(builder.root.locator(".build-bar button").first).to_be_focused()


@in_one("en")
def test_a_mistake_is_told_in_words_below_and_no_number_is_shown(signed_in, builder, language, shots):
    page, said = signed_in.page, builder.said
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': BOUGHT})}")
    days = builder.root.get_by_role("textbox", name=said["window"]["number"])
    days.fill("9999")
    expect(page.locator(".condition-problems > li")).to_contain_text("9999")
    expect(page.locator(".count-number")).not_to_have_text(re.compile(r"\d"))
    if shots:
        page.screenshot(path=shots)
    days.fill("7")
    counted(signed_in, "did('Order Completed', last='7d')")
    expect(page.locator(".condition-problems > li")).to_have_count(0)


@in_one("zh-CN")
def test_a_name_that_nobody_knows_is_told_and_mended_in_its_row(signed_in, builder, language):
    page, said = signed_in.page, builder.said
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': 'lifecycel is null and orders_total > 0'})}")
    expect(page.locator(".condition-problems > li")).to_contain_text("lifecycel")
    row = builder.root.get_by_role("group", name=said["kind"]["tag"], exact=True).first
    builder.choose(row, said["tag"], re.compile("."), typed="lifecycle")
    builder.choose(row, said["comparison"], exactly(said["word"]["not null"]))
    counted(signed_in, "lifecycle is not null and orders_total > 0")


@in_one("en")
def test_what_cannot_be_read_is_shown_as_text_until_it_can(signed_in, builder, language):
    page = signed_in.page
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': 'lifecycle = loyal'})}")
    box = page.locator(".condition-field textarea")
    expect(box).to_have_value("lifecycle = loyal")
    build = page.locator(".ant-segmented-item").filter(has_text=exactly(builder.forms["build"]))
    expect(build).to_have_class(re.compile("disabled"))
    box.fill("lifecycle = 'loyal'")
    expect(build).not_to_have_class(re.compile("disabled"))
    builder.show("build")
    expect(builder.root.get_by_role("group", name=builder.said["kind"]["tag"])).to_have_count(1)


@in_one("zh-CN")
def test_steps_change_places_filters_leave_and_a_change_is_taken_back(signed_in, builder, language):
    said = builder.said
    condition = "sequence(did('Post Viewed', hour = 8), did('Product Added'), did('Order Completed'))"
    signed_in.open(f"/segment/audiences/new?{urlencode({'condition': condition})}")
    builder.root.get_by_role("button", name=said["step"]["down"].replace("{{n}}", "1")).click()
    moved = "sequence(did('Product Added'), did('Post Viewed', hour = 8), did('Order Completed'))"
    counted(signed_in, moved)
    builder.root.get_by_role("button", name=said["filter"]["remove"]).click()
    builder.root.get_by_role("button", name=said["step"]["remove"].replace("{{n}}", "3")).click()
    counted(signed_in, "sequence(did('Product Added'), did('Post Viewed'))")
    expect(builder.root.get_by_role("button", name=said["step"]["remove"].replace("{{n}}", "1"))).to_be_disabled()
    builder.root.locator("xpath=..").get_by_role("button", name=said["undo"]).click()
    counted(signed_in, "sequence(did('Product Added'), did('Post Viewed'), did('Order Completed'))")


@in_one("zh-CN")
def test_a_condition_is_built_by_keyboard_alone(signed_in, builder, language):
    said, keys = builder.said, signed_in.page.keyboard
    signed_in.open("/segment/audiences/new")
    expect(builder.root).to_be_visible()
    keys.press("/")
    keys.press("Enter")
    tag = builder.root.get_by_role("combobox", name=said["tag"])
    expect(tag).to_be_focused()
    keys.type("smzq")  # pinyin initials
    expect(signed_in.page.locator(".ant-select-item-option:visible")).to_have_count(1)
    keys.press("Enter")
    comparison = builder.root.get_by_role("combobox", name=said["comparison"])
    expect(comparison).to_be_attached()
    keys.press("Tab")
    expect(comparison).to_be_focused()
    keys.press("Tab")
    expect(builder.root.get_by_role("combobox", name=said["value"])).to_be_focused()
    expect(signed_in.page.get_by_text(builder.unfinished)).to_be_visible()
    keys.type("loyal")
    expect(signed_in.page.locator(".ant-select-item-option:visible")).to_have_count(1)
    keys.press("Enter")
    keys.press("Escape")
    counted(signed_in, "lifecycle in ('loyal')")
