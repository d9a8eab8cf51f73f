"""What a stranger writes into a file is shown as text: never run, never loaded, never let out of its line."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from qianmian.app.access.accounts import OWNER
from qianmian.app.questions.goods import goods
from qianmian.app.shop import ANALYSE, init
from qianmian.cli.access import new_account
from qianmian.http.console import DIST
from tests.console.watching import watching
from tests.http.serving import Site, running

SCRIPT = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>{{7*7}}${7*7}'
HOSTILE = {
    "script": SCRIPT,
    "formula": '=HYPERLINK("http://evil.example","click")',
    "rtl": "abc\u202efed\u202c אבג",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "long": "长" * 3_400,  # 10 kB
    "address": "javascript:window.hostile=1",
    "path": "../../../etc/passwd?a=b#c&d=%2F",
    "quote": "'; DROP TABLE profiles; -- \" \\ \t",
}
MAPPING = """
source: shop
grain: event
format: jsonl
event: {event_id: id, name: event, occurred_at: at, order_id: order, total: total, item_id: item, region: region,
  channel: channel, device_type: device}
identifiers: {user_id: user}
"""
GOODS = """
source: shop
grain: item
format: jsonl
item: {item_id: sku, title: title, valid_from: since, category_id: category, brand_id: brand, price: price}
"""


def rows():
    """An order and a look for each hostile text, which stands in every field that takes one."""
    for number, text in enumerate(HOSTILE.values()):
        told = {"item": text, "region": text, "channel": text, "device": text, "user": text, "note": text}
        at = f"2026-10-{number + 1:02}T12:00:00+08:00"
        yield {"id": f"{text} 1", "event": "Product Viewed", "at": at, **told}
        yield {"id": f"{text} 2", "event": "Order Completed", "at": at, "order": text, "total": "10", **told}


def write(folder, name, lines):
    path = folder / name
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, browser):
    """A shop all of whose words are hostile, with the ids of its people."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the console is not built: make console")
    folder = tmp_path_factory.mktemp("hostile")
    shop = init(folder / "shop", name=SCRIPT)
    (folder / "goods.yaml").write_text(GOODS)
    (folder / "events.yaml").write_text(MAPPING)
    since = "2026-01-01T00:00:00+08:00"
    items = [
        {"sku": text, "title": text, "since": since, "category": text, "brand": text, "price": "5"}
        for text in HOSTILE.values()
    ]
    shop.import_file(write(folder, "goods.jsonl", items), folder / "goods.yaml")
    shop.import_file(write(folder, "=cmd 'x' <b>.jsonl", [*rows(), {"id": SCRIPT}]), folder / "events.yaml")
    shop.build()
    people = shop.audience("orders_total > 0").members()
    known = [item.item_id for item in goods(shop, purpose=ANALYSE).goods]
    password = new_account(shop, OWNER)
    shop.close()
    with running(folder / "shop") as (url, log):
        site = Site(folder, log, url, "", OWNER, password, people[0], ("shop", known[0]), [])
        yield site, people, known


def test_the_screens_of_the_shop_show_hostile_words_as_words(browser, hostile):
    site, people, known = hostile
    assert len(people) == len(known) == len(HOSTILE)
    with watching(browser, site) as watched:
        watched.sign_in()
        for address in ("/overview", "/collect/imports", "/collect/imports/2", "/collect/goods", "/profile/people"):
            _look(watched, address)
        for tag in ("region", "channel", "preferred_brand"):
            assert {SCRIPT[:20], HOSTILE["rtl"], HOSTILE["emoji"]} <= _shown(watched, f"/profile/tags/{tag}")


def test_people_and_items_show_hostile_words_as_words(browser, hostile):
    site, people, known = hostile
    assert people
    assert known
    with watching(browser, site) as watched:
        watched.sign_in()
        for person in people:
            _look(watched, f"/profile/people/{person}")
        for item in known:
            _look(watched, f"/collect/goods/item?{urlencode({'source': 'shop', 'item': item})}")


def _look(watched, address):
    """Open a screen and wait until it stands; whatever it loaded or ran beyond its own is an error."""
    page = watched.page
    watched.open(address)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.hostile") is None, address
    assert page.locator("img[src=x]").count() == 0, address
    assert page.locator("a[href^='javascript:']").count() == 0, address
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, (address, width)


def _shown(watched, address):
    """The texts of a screen, each hostile one whole or by its beginning."""
    _look(watched, address)
    text = watched.page.locator("main").inner_text()
    return {part for part in (SCRIPT[:20], HOSTILE["rtl"], HOSTILE["emoji"]) if part in text}
