"""The shop's own tags: built by mouse or as text, tried while they are written, saved, told, and taken away again."""

from __future__ import annotations

import re

import pytest

from tests.console.catalogue import BOTH, asked, exactly, grouped, in_one, words

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make console").expect

RULE = {
    "title": {"zh": "大客群", "en": "Large buyers"},
    "kind": "rule",
    "layers": [
        {"value": "大", "when": "net_revenue >= 500 and orders_total >= 2"},
        {"value": "小", "when": "orders_total > 0"},
    ],
    "otherwise": "无",
}


class Editor:
    """The editor of an open page, in the words of its language."""

    def __init__(self, watched, language):
        self.watched, self.page = watched, watched.page
        self.said, self.words = words(language, "tagEditor"), words(language, "words")
        self.trial = self.page.locator(".tag-trial")

    def start(self, kind):
        self.watched.open("/profile/tags/new")
        self.page.locator(".tag-kind").filter(has_text=self.said["means"][kind]).click()

    def fill(self, label, value):
        self.page.get_by_role("textbox", name=label, exact=True).fill(value)

    def choose(self, label, wanted, typed=None):
        box = self.page.get_by_role("combobox", name=label, exact=True)
        self.page.locator(".ant-select").filter(has=box).click()
        if typed is not None:
            box.fill(typed)
        self.page.locator(".ant-select-item-option:visible").filter(has_text=wanted).first.click()

    def fields(self):
        self.form("fields")

    def form(self, form):
        self.page.locator(".ant-segmented-item").filter(has_text=exactly(self.said["form"][form])).click()

    def text(self):
        self.form("text")
        return self.page.get_by_role("textbox", name=self.said["yaml"])

    def tried(self, name, entry):
        """Wait until the trial tells what the API tells of an entry."""
        told = asked(self.watched, f"/api/tag-definitions/{name}/try", {"entry": entry})
        expect(self.trial.locator(".facts")).to_contain_text(grouped(told["covered"]))
        expect(self.trial.locator(".bar")).to_have_count(len(told["shares"]))
        for bar, share in zip(self.trial.locator(".bar").all(), told["shares"], strict=True):
            expect(bar).to_contain_text(grouped(share["people"]))
        expect(self.trial.locator(".tag-examples tbody tr")).to_have_count(len(told["examples"]))
        return told

    def save(self):
        self.page.get_by_role("button", name=self.said["save"], exact=True).click()


@pytest.fixture
def editor(signed_in, language):
    yield Editor(signed_in, language)
    kept = signed_in.page.request.put(
        f"{signed_in.site.url}/api/tag-definitions/text",
        data={"text": "tags: {}"},
        headers={"x-qianmian-console": "1"},
    )
    assert kept.ok, kept.text()


def declared(watched, name, entry):
    """Declare a tag by the API."""
    headers = {"x-qianmian-console": "1"}
    answer = watched.page.request.put(
        f"{watched.site.url}/api/tag-definitions/{name}", data={"entry": entry}, headers=headers
    )
    assert answer.ok, answer.text()


@BOTH
def test_a_statistic_is_built_by_mouse_tried_saved_and_waits_for_the_next_computation(
    signed_in, editor, language, shots
):
    page, said, tags = signed_in.page, editor.said, words(language, "tags")
    signed_in.open("/profile/tags")
    page.get_by_role("link", name=tags["new"], exact=True).click()
    expect(page.locator(".tag-kind")).to_have_count(10)
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-kinds"))
    page.locator(".tag-kind").filter(has_text=said["means"]["statistic"]).click()
    editor.choose(said["events"], exactly(editor.words["event"]["Product Added"]), typed="Product Added")
    page.keyboard.press("Escape")
    page.get_by_role("spinbutton", name=said["last"]).fill("14")
    editor.fill(said["where"], "channel in ('app', 'mini_program')")
    entry = {
        "kind": "statistic",
        "title": "t",
        "last": "14d",
        "events": ["Product Added"],
        "where": "channel in ('app', 'mini_program')",
    }
    told = editor.tried("app_carts_14d", entry)
    assert told["changed"] is None
    save = page.get_by_role("button", name=said["save"], exact=True)
    expect(save).to_be_disabled()
    editor.fill(said["title"]["zh"], "近14天应用内加购次数")
    editor.fill(said["title"]["en"], "Cart additions in the app in 14 days")
    editor.fill(said["name"], "app_carts_14d")
    editor.choose(said["about"], words(language, "people")["family"]["purchase"])
    page.keyboard.press("Escape")
    expect(save).to_be_enabled()
    if shots:
        page.screenshot(path=shots)
    editor.save()
    expect(page).to_have_url(re.compile("/profile/tags/app_carts_14d$"))
    expect(page.locator(".tag-state")).to_have_text(tags["state"]["waiting"])
    expect(page.locator(".state-title")).to_have_text(tags["waiting"]["title"])
    changes = asked(signed_in, "/api/tag-definitions/app_carts_14d")["changes"]
    listed = page.get_by_role("region", name=tags["changes"]["title"]).locator("li")
    expect(listed).to_have_count(len(changes))
    expect(listed.first).to_contain_text(signed_in.site.user)
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-waiting"))
    signed_in.open("/profile/tags?origin=own")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(tags["state"]["waiting"])
    expect(page.locator("tbody tr")).to_contain_text(words(language, "people")["family"]["purchase"])
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-list"))


@BOTH
def test_a_rule_over_tags_is_told_at_once_and_opens_its_people(signed_in, editor, language, shots):
    page, said = signed_in.page, editor.said
    editor.start("rule")
    expect(editor.trial).to_contain_text(said["lacksTitle"])
    label = lambda key, n: said[key].replace("{{n}}", str(n))  # noqa: E731
    page.get_by_role("button", name=said["addLayer"]).click()
    for n, layer in enumerate(reversed(RULE["layers"]), 1):
        editor.fill(label("layerValue", n), layer["value"])
        editor.fill(label("layerWhen", n), layer["when"])
    editor.fill(said["otherwise"], RULE["otherwise"])
    first = editor.tried("large_buyers", {**RULE, "layers": RULE["layers"][::-1]})
    page.get_by_role("button", name=label("layerUp", 2)).click()
    second = editor.tried("large_buyers", RULE)
    assert first["shares"] != second["shares"]
    editor.fill(said["title"]["zh"], RULE["title"]["zh"])
    editor.fill(said["title"]["en"], RULE["title"]["en"])
    editor.fill(said["name"], "large_buyers")
    if shots:
        page.screenshot(path=shots)
    editor.save()
    title = RULE["title"]["zh" if language == "zh-CN" else "en"]
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".tag-state")).to_have_text(words(language, "tags")["state"]["told"])
    told = asked(signed_in, "/api/tags/large_buyers")
    bars = page.locator(".bar")
    expect(bars).to_have_count(len(told["shares"]))
    if shots:
        page.screenshot(path=shots.with_stem(f"{shots.stem}-page"))
    bars.first.get_by_role("link").click()
    total = page.get_by_role("dialog").locator(".people-total")
    expect(total).to_have_text(re.compile(rf"^{grouped(told['shares'][0]['people'])}\D"))


@BOTH
def test_what_is_wrong_is_told_at_its_place_in_the_language_of_the_page(signed_in, editor, language, shots):
    page, said = signed_in.page, editor.said
    editor.start("rule")
    label = lambda key, n: said[key].replace("{{n}}", str(n))  # noqa: E731
    editor.fill(label("layerValue", 1), "是")
    editor.fill(label("layerWhen", 1), "orders_totel > 0")
    wrong = page.locator("[data-at='layers.0'] [role=alert]")
    expect(wrong).to_contain_text("orders_totel")
    expect(wrong).to_contain_text("orders_total")
    expect(wrong).to_contain_text("未知的标签" if language == "zh-CN" else "unknown tag")
    expect(wrong).not_to_contain_text("layers.0")
    if shots:
        page.screenshot(path=shots)
    editor.fill(label("layerWhen", 1), "orders_total > 0")
    expect(wrong).to_have_count(0)
    expect(editor.trial.locator(".bar")).to_have_count(1)
    editor.fill(said["name"], "Not a name")
    expect(page.locator("[data-at=''] [role=alert]")).to_be_visible()
    editor.fill(said["name"], "lifecycle")
    expect(page.locator("[data-at=''] [role=alert]")).to_have_text(said["nameTaken"])
    signed_in.refusals.clear()


@in_one("zh-CN")
def test_text_and_form_say_the_same(signed_in, editor, language, shots):
    page, said = signed_in.page, editor.said
    declared(signed_in, "large_buyers", {**RULE, "note": "运营用", "about": ["value", "大小"]})
    signed_in.open("/profile/tags/large_buyers/edit")
    text = editor.text()
    expect(text).to_have_value(re.compile("layers:"))
    before = text.input_value()
    assert asked(signed_in, "/api/tag-definitions/text/read", {"text": before})["entries"]["large_buyers"] == {
        **RULE,
        "note": "运营用",
        "about": ["value", "大小"],
    }
    text.fill(before.replace("net_revenue >= 500", "net_revenue >= 900"))
    if shots:
        page.screenshot(path=shots)
    expect(editor.trial.locator(".facts")).to_contain_text(said["changed"])
    editor.fields()
    expect(page.get_by_role("textbox", name=said["layerWhen"].replace("{{n}}", "1"))).to_have_value(
        "net_revenue >= 900 and orders_total >= 2"
    )
    editor.fill(said["note"], "另一条说明")
    text = editor.text()
    expect(text).to_have_value(re.compile("另一条说明"))
    expect(text).to_have_value(re.compile("net_revenue >= 900"))
    text.fill(f"{text.input_value()}\n  other: {{kind: [")
    expect(page.get_by_role("alert").first).to_be_visible()
    signed_in.refusals.clear()


@BOTH
def test_a_tag_is_deleted_unless_another_is_made_of_it(signed_in, editor, language, shots):
    page, said = signed_in.page, words(language, "tags")
    declared(signed_in, "large_buyers", RULE)
    doubled = {"kind": "rule", "title": "t", "layers": [{"value": "a", "when": "large_buyers = '大'"}]}
    declared(signed_in, "very_large", doubled)
    signed_in.open("/profile/tags/large_buyers")
    expect(page.locator(".facts").get_by_role("link", name="t", exact=True)).to_be_visible()

    def delete():
        page.get_by_role("button", name=said["remove"]["action"], exact=True).click()
        page.locator(".ant-popconfirm").get_by_role("button", name=said["remove"]["action"], exact=True).click()

    delete()
    expect(page.get_by_role("alert")).to_contain_text("very_large")
    if shots:
        page.screenshot(path=shots)
    assert signed_in.refusals == ["422 DELETE /tag-definitions/large_buyers"]
    signed_in.refusals.clear()
    signed_in.open("/profile/tags/very_large")
    delete()
    expect(page).to_have_url(re.compile("/profile/tags$"))
    signed_in.open("/profile/tags/large_buyers")
    delete()
    expect(page).to_have_url(re.compile("/profile/tags$"))
    signed_in.open("/profile/tags?origin=own")
    expect(page.locator("tbody tr")).to_have_count(0)
    expect(page.locator(".state-title")).to_have_text(said["noneOwn"]["title"])
