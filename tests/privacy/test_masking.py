"""No declared shape of personal data gets past the scan, and nothing else is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.privacy.masking import WHOLE, count_sql, mask_sql, mask_text, mask_value

MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect(config={"threads": 1})
    opened.execute("SET TimeZone='UTC'")
    yield opened
    opened.close()


def masked(connection: duckdb.DuckDBPyConnection, text: str | None, *, as_json: bool = False) -> str:
    found = connection.execute(f"SELECT {mask_sql('x', json=as_json)} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchall()
    return found[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800138000", "[phone]"),
        ("我的电话13800138000号", "我的电话[phone]号"),
        ("tel13800138000", "tel[phone]"),
        ("+8613800138000", "[phone]"),
        ("+86 138-0013-8000", "[phone]"),
        ("0086 13800138000", "[phone]"),
        ("8613800138000", "[phone]"),
        ("138 0013 8000", "[phone]"),
        ("１３８００１３８０００", "[phone]"),
        ("13800138000,13900139000;13700137000 13600136000", "[phone],[phone];[phone] [phone]"),
        ("ming.li+shop@example.com.cn。", "[email]。"),
        ("加我me@163.com吧", "加我[email]吧"),
        ("a@qq.com,b@qq.com", "[email],[email]"),
        ("110101199003077758", "[id_card]"),
        ("身份证11010119900307775X。", "身份证[id_card]。"),
        ("6222021234567890123", "[bank_card]"),
        ("卡号6222 0212 3456 7890 123", "卡号[bank_card]"),
        ("4111-1111-1111-1111", "[bank_card]"),
        ("https://x.cn/?p=13800138000&m=me%40163.com", "https://x.cn/?p=[phone]&m=[email]"),
        ("https://x.cn/?p=%2B8613800138000", "https://x.cn/?p=[phone]"),
        ("q=%2013800138000%20", "q=%20[phone]%20"),
        ("%E5%88%B013800138000%2013900139000", "%E5%88%B0[phone]%20[phone]"),
        (r"\u523013800138000", r"\u5230[phone]"),
    ],
)
def test_personal_data_in_text_and_urls_is_masked(
    connection: duckdb.DuckDBPyConnection, text: str, expected: str
) -> None:
    assert masked(connection, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1763400000000",
        "2026-11-11 08:00:00.000123",
        "12800128000",
        "138001380001",
        "913800138000",
        "4987654321012345",
        "2201138001380001234",
        "110101199013077758",
        "00000000-0000-0000-0000-000000000138",
        "550e8138-0013-8000-a716-446655440000",
        "好物@小鹿不吃草 #双11#",
        "3@2.5",
        "价格 1380.0138",
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_other_text_is_left_alone(connection: duckdb.DuckDBPyConnection, text: str, as_json: bool) -> None:
    text = json.dumps({"text": text}) if as_json else text
    assert masked(connection, text, as_json=as_json) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"phone": 13800138000}', '{"phone": "[phone]"}'),
        ("[13800138000,13900139000]", '["[phone]","[phone]"]'),
        ('{"13800138000":110101199003077758}', '{"[phone]":"[id_card]"}'),
        ('{"card":6222021234567890123 }', '{"card":"[bank_card]" }'),
        (
            '{"at":113.13812345678,"n":13800138000.5,"p":13800138000}',
            '{"at":113.13812345678,"n":13800138000.5,"p":"[phone]"}',
        ),
        ('{"text":"打:13800138000,谢","n":1}', '{"text":"打:[phone],谢","n":1}'),
        (r'{"text":"\u523013800138000"}', r'{"text":"\u5230[phone]"}'),
        (r'{"text":"行\nme@qq.com"}', r'{"text":"行\n[email]"}'),
        (r'{"text":"行\\nme@qq.com"}', r'{"text":"行\\[email]"}'),
        (r'{"text":"\\\nme@qq.com"}', r'{"text":"\\\n[email]"}'),
        (r'{"text":"\u5230me@qq.com"}', r'{"text":"\u5230[email]"}'),
        (r'{"text":"say \"13800138000\""}', r'{"text":"say \"[phone]\""}'),
        (r'{"text":"me\u0040qq.com"}', r'{"text":"[email]"}'),
        (r'{"text":"\u138001380001380 13800138000"}', r'{"text":"\u138001380001380 [phone]"}'),
    ],
)
def test_json_stays_json(connection: duckdb.DuckDBPyConnection, text: str, expected: str) -> None:
    json.loads(expected)
    assert masked(connection, text, as_json=True) == expected


def test_json_that_cannot_be_masked_in_place_is_replaced_whole(connection: duckdb.DuckDBPyConnection) -> None:
    assert masked(connection, r'{"text":"\u13800138000"}', as_json=True) == WHOLE
    json.loads(WHOLE)


def test_an_empty_column_stays_empty(connection: duckdb.DuckDBPyConnection) -> None:
    assert masked(connection, None) is None
    assert masked(connection, None, as_json=True) is None


def test_hits_are_counted_by_kind(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["13800138000 13900139000", "a@qq.com", "nothing", None, "[phone] 13700137000", "110101199003077758"]
    query = f"""
        SELECT {count_sql("x", "y")} FROM (SELECT x, {mask_sql("x")} AS y FROM (SELECT unnest(?::VARCHAR[]) AS x))
    """
    counts = connection.execute(query, [texts]).fetchall()[0][0]
    assert counts == {"phone": 3, "email": 1, "id_card": 1, "bank_card": 0, "whole": 0}


def test_a_batch_without_rows_counts_zero(connection: duckdb.DuckDBPyConnection) -> None:
    query = f"SELECT {count_sql('x', 'y')} FROM (SELECT '' AS x, '' AS y) WHERE false"
    assert set(connection.execute(query).fetchall()[0][0].values()) == {0}


def test_a_column_name_cannot_become_sql(connection: duckdb.DuckDBPyConnection) -> None:
    name = 'x" OR 1=1; --'
    quoted = name.replace('"', '""')
    found = connection.execute(f'SELECT {mask_sql(name)} FROM (SELECT ? AS "{quoted}")', ["13800138000"]).fetchall()
    assert found == [("[phone]",)]


phones = st.from_regex(r"(\+?86[ -]?)?1[3-9][0-9]{9}", fullmatch=True)
emails = st.from_regex(r"[a-z][a-z0-9.]{0,8}@[a-z0-9]{1,8}\.(com|cn)", fullmatch=True)
glue = st.sampled_from(["", ",", " ", "电话", "a", ":", "\n", "\\", '"', "/", "%", "=", "(", "1", "é", "\u5230", "😀"])
texts = st.lists(st.one_of(phones, emails, glue, st.text(max_size=4)), max_size=8).map("".join)


@settings(deadline=None)
@given(texts)
def test_no_mobile_number_survives_a_mask(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert not MOBILE.search(masked(connection, text))
    assert not MOBILE.search(mask_text(text))


@settings(deadline=None)
@given(texts, st.booleans())
def test_no_mobile_number_survives_in_json(
    connection: duckdb.DuckDBPyConnection, text: str, ensure_ascii: bool
) -> None:
    document = json.dumps({"text": text, text: [13800138000, 1.5, None]}, ensure_ascii=ensure_ascii)
    read = json.loads(masked(connection, document, as_json=True))
    assert not MOBILE.search(json.dumps(read, ensure_ascii=False))


@settings(deadline=None)
@given(texts)
def test_no_mobile_number_survives_in_a_url(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert not MOBILE.search(unquote(masked(connection, f"https://x.cn/?q={quote(text)}")))


@settings(deadline=None)
@given(texts)
def test_masking_twice_is_masking_once(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    once = masked(connection, text)
    assert masked(connection, once) == once


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13800138000", "138****8000"),
        ("+86 138-0013-8000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("ming.li@example.com", "m***@example.com"),
        ("11010119900307775X", "1***X"),
        ("6222021234567890123", "6***3"),
        ("李小明", "***"),
        ("", "***"),
        ("1380013", "***"),
    ],
)
def test_a_value_in_a_message_keeps_no_more_than_needed(value: str, expected: str) -> None:
    assert mask_value(value) == expected


def test_a_message_keeps_what_is_not_personal() -> None:
    assert (
        mask_text('row 7: price "12,5" of 13800138000 (a@qq.com)') == 'row 7: price "12,5" of 138****8000 (a***@qq.com)'
    )
