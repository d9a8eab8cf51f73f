"""Goods as rows: what sets an item apart, where its picture is, whether it is on sale, and what is refused of it."""

from __future__ import annotations

import pytest

from qianmian.collect.imports.declaration import read_mapping
from qianmian.core.errors import MappingError
from qianmian.core.messages import Language

MAPPING = """
source: shop
grain: item
format: jsonl
item:
  item_id: sku
  valid_from: since
  title: title
  spu_id: spu
  image_url: picture
  is_delisted: {column: state, map: {上架: "false", 下架: "true"}, otherwise: keep}
"""


def good(sku, **fields):
    known = {"sku": sku, "since": "2026-05-01T00:00:00Z"}
    return {name: (known | fields).get(name) for name in ("sku", "since", "title", "spu", "picture", "state", "facts")}


def test_an_item_keeps_its_model_picture_and_state(workspace, write_jsonl):
    rows = [
        good("a", spu="p", picture="https://img.example.cn/a.jpg?x=1", state="下架"),
        good("b", spu="p", picture="HTTP://img.example.cn", state="上架"),
        good("c"),
    ]
    assert workspace.take(write_jsonl(rows), MAPPING).items == 3
    assert workspace.query("SELECT item_id, spu_id, image_url, is_delisted FROM items ORDER BY 1") == [
        ("a", "p", "https://img.example.cn/a.jpg?x=1", True),
        ("b", "p", "HTTP://img.example.cn", False),
        ("c", None, None, None),
    ]


@pytest.mark.parametrize(
    "picture",
    [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//img.example.cn/a.jpg",
        "ftp://img.example.cn/a.jpg",
        "https://user@img.example.cn/a.jpg",
        'https://img.example.cn/"onerror=',
        "https://img.example.cn/a b.jpg",
        "https://",
        "https://[img/a.jpg",
        f"https://img.example.cn/{'a' * 2_000}",
    ],
)
def test_a_picture_that_is_no_plain_web_address_is_refused(workspace, write_jsonl, picture):
    report = workspace.take(write_jsonl([good("a", picture=picture)]), MAPPING)
    assert [(one.reason, one.examples[0].field) for one in report.refused] == [("bad_address", "image_url")]
    assert "http://" in report.refused[0].examples[0].detail.what(Language.EN)
    assert not report.items


def test_a_state_that_is_neither_yes_nor_no_is_refused(workspace, write_jsonl):
    report = workspace.take(write_jsonl([good("a", state="预售"), good("b", state="下架")]), MAPPING)
    assert (report.items, [(one.reason, one.rows) for one in report.refused]) == (1, [("bad_flag", 1)])


def test_attributes_are_read_from_objects_pairs_and_columns(workspace, write_jsonl):
    objects = MAPPING + "attributes: {column: facts}\n"
    rows = [
        good("a", facts={"颜色": "红", "尺码": "M"}),
        good("b", facts="颜色:红；尺码：M"),
        good("c", facts="电话:13800138000", title="拨打13800138000订购"),
        good("d", facts="红色"),
        good("e"),
    ]
    report = workspace.take(write_jsonl(rows), objects)
    assert (report.items, [(one.reason, one.rows) for one in report.refused]) == (4, [("bad_json", 1)])
    assert workspace.query("SELECT item_id, attributes, title FROM items ORDER BY 1") == [
        ("a", '{"颜色":"红","尺码":"M"}', None),
        ("b", '{"颜色":"红","尺码":"M"}', None),
        ("c", '{"电话":"[phone]"}', "拨打[phone]订购"),
        ("e", None, None),
    ]
    columns = MAPPING.replace("source: shop", "source: other") + "attributes: [spu, state]\n"
    workspace.take(write_jsonl([good("a", spu="p", state="上架")]), columns)
    assert workspace.query("SELECT attributes FROM items WHERE source = 'other'") == [('{"spu":"p","state":"上架"}',)]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (MAPPING + "properties: [facts]\n", "properties: has no place here: with grain item .*attributes, item"),
        (MAPPING + "identifiers: {user_id: sku}\n", "identifiers: has no place here"),
        (MAPPING + "attributes: {column: facts, mentions: {a: phone}}\n", r"attributes\.mentions"),
        (
            "source: a\nformat: jsonl\nevent: {name: n, occurred_at: t}\nattributes: [facts]\n",
            "attributes: has no place here: with grain event",
        ),
    ],
)
def test_a_section_of_another_kind_of_row_is_refused(mapping, expected):
    with pytest.raises(MappingError, match=expected):
        read_mapping(mapping, "goods.yaml")
