"""A wrong mapping is refused with the file, the key and what was expected."""

from __future__ import annotations

import pytest

from qianmian.collect.imports.declaration import read_mapping
from qianmian.core.errors import MappingError

SOUND = "source: shop\nformat: csv\nevent: {name: event, occurred_at: at}\n"

WRONG = [
    ("source: Shop!\nformat: csv\n", "source: must be 1 to 64"),
    (SOUND.replace("csv", "xls"), "format: must be one of csv, parquet, jsonl, xlsx, json; got 'xls'"),
    (SOUND.replace("name:", "nam:"), "event.nam: is not a key.*\n\nhint: did you mean name"),
    (SOUND.replace("occurred_at: at", "kind: k"), "event.occurred_at: is required for grain event"),
    (SOUND + "identifiers: {openid: o}\n", "identifiers.openid: is not a key"),
    (SOUND + "time_zone: Asia/Shangai\n", "time_zone: must be an IANA zone.*\n\nhint: did you mean Asia/Shanghai"),
    (SOUND + "products: {item_id: sku}\n", "products.from: must name the column"),
    (SOUND + "products: {from: p, lists: true, item_id: sku}\n", "products.from: must name the column"),
    (SOUND.replace("at}", "at, total: {first: []}}"), "event.total.first: must be"),
    (SOUND.replace("at}", "at, total: {first: [3]}}"), "event.total.first.0: must be a column"),
    (SOUND.replace("at}", "at, total: {column: x, without: name}}"), "event.total.without: must be"),
    (SOUND + "properties: 3\n", "properties: must be a list"),
    (SOUND + "skip: -1\n", "skip: must be a number of lines"),
    (SOUND + "cells: word\n", "cells: must be one of plain, excel; got 'word'"),
    (SOUND + "properties: {fields: {a: 3}}\n", "properties.fields.a: must be a column"),
    (SOUND + "source: other\n", "key 'source' stands twice"),
    ("a: &x [1]\nb: *x\n", "aliases"),
    ("!!python/object/apply:os.system ['true']\n", "not valid YAML"),
    ("- a list\n", "must hold keys and values"),
    ("x: [" * 5000, "not valid YAML"),
    (SOUND + "#" * 300_000, "at most 256 KiB"),
    (SOUND.replace("at}", "at, total: {when: {column: x}, then: 1, otherwise: 2}}"), "event.total.when: needs column"),
    (SOUND.replace("at}", "at, kind: {column: x, map: {a: b}, otherwise: drop}}"), "event.kind.otherwise: must be one"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_wrong_mapping_is_refused_precisely(text: str, message: str) -> None:
    with pytest.raises(MappingError, match=f"(?s)shop.yaml: .*{message}"):
        read_mapping(text, "shop.yaml")


def test_another_declaration_has_another_digest() -> None:
    assert read_mapping(SOUND, "a").digest == read_mapping(SOUND + "# a remark\n", "b").digest
    assert read_mapping(SOUND, "a").digest != read_mapping(SOUND.replace("at}", "when}"), "a").digest
