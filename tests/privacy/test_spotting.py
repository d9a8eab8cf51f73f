"""Which lines may name somebody: none that does is passed over, and few others are picked."""

from __future__ import annotations

import json

import pytest

from qianmian.core.people import Identifier
from qianmian.privacy.spotting import Spotter


def picked(identifier: Identifier, *lines: str) -> list[int]:
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    found = Spotter([identifier]).lines(body)
    assert all(line == body.split(b"\n")[number] for number, line in found)
    return [number for number, _ in found]


@pytest.mark.parametrize(
    ("namespace", "value", "spelled"),
    [
        ("user_id", "u-1024", '"u-1024"'),
        ("user_id", "u-1024", '" u-1024 "'),
        ("user_id", "7", "7"),
        ("user_id", "7", '"7"'),
        ("user_id", "张三丰", '"张三丰"'),
        ("user_id", "张三丰", json.dumps("张三丰")),
        ("user_id", 'a"b\\c', json.dumps('a"b\\c')),
        ("user_id", "https://x.cn/1", '"https:\\/\\/x.cn\\/1"'),
        ("phone", "13800138000", '"138 0013 8000"'),
        ("phone", "+86 (138) 0013-8000", '"008613800138000"'),
        ("phone", "+44 7911 123456", '"00447911123456"'),
        ("phone", "13800138000", "13800138000"),
        ("email", "Ming.Li@Example.com", '"ming.li@example.COM"'),
    ],
)
@pytest.mark.parametrize("line", ['{{"id":{0},"at":1}}', '{{"a":{{"id": {0}}}}}'])
def test_a_line_that_names_somebody_is_picked(namespace: str, value: str, spelled: str, line: str) -> None:
    assert picked(Identifier(namespace, value), '{"other":1}', line.format(spelled), "{}") == [1]


def test_a_short_value_is_not_found_by_chance() -> None:
    lines = ['{"id":"u-7","at":"2026-07-07","n":77,"s":"17"}', '{"id":"7"}']
    assert picked(Identifier("user_id", "7"), *lines) == [1]


def test_of_nobody_nothing_is_picked() -> None:
    assert Spotter([]).lines(b'{"id":"u-1"}\n\n') == []
