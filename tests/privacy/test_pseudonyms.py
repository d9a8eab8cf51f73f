"""One spelling, one pseudonym; values that name nobody get none."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianmian.core.people import NAMESPACES
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.pseudonyms import BLOCKED_VALUES, PLACEHOLDER_PHONES, node_id, normalise, pseudonymise

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("namespace", "value", "normal"),
    [
        ("phone", "13800138000", "13800138000"),
        ("phone", "+8613800138000", "13800138000"),
        ("phone", "008613800138000", "13800138000"),
        ("phone", "8613800138000", "13800138000"),
        ("phone", " +86 138-0013-8000 ", "13800138000"),
        ("phone", "（+86）138 0013 8000", "13800138000"),
        ("phone", "１３８００１３８０００", "13800138000"),
        ("phone", "13800138000.0", "13800138000"),
        ("phone", "\u202d13800138000", None),
        ("phone", "\ufeff13800138000\u200b", "13800138000"),
        ("phone", "010-8888 1234", "01088881234"),
        ("phone", "+86 010 8888 1234", "01088881234"),
        ("phone", "+1 (415) 555-0100", "+14155550100"),
        ("phone", "001 415 555 0100", "+14155550100"),
        ("phone", "+852 5123 4567", "+85251234567"),
        ("phone", "138****8000", None),
        ("phone", "1.38E+10", None),
        ("phone", "无", None),
        ("email", " Ming.Li@Example.COM ", "ming.li@example.com"),
        ("email", "ｍｉｎｇ＠example.com", "ming@example.com"),
        ("email", "m***@example.com", None),
        ("email", "not an address", None),
        ("user_id", " U-7 ", "U-7"),
        ("user_id", "Ａ①", "Ａ①"),
        ("user_id", "用户\u200b", "用户"),
        ("wechat_unionid", "o6_bmjrPTlm6", "o6_bmjrPTlm6"),
        ("order:taobao", " 2201 ", "2201"),
    ],
)
def test_every_spelling_of_a_value_becomes_one(namespace: str, value: str, normal: str | None) -> None:
    assert normalise(namespace, value) == normal


def test_a_foreign_number_is_not_a_mainland_number_of_the_same_digits() -> None:
    assert normalise("phone", "+1 415 555 0100") != normalise("phone", "14155550100")


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize(
    "value",
    ["", "  ", "\u3000", "\u200b", "0", "000", "-", "00000000-0000-0000-0000-000000000000", *BLOCKED_VALUES, "NULL"],
)
def test_values_that_programs_send_for_nobody_are_blocked(namespace: str, value: str) -> None:
    assert normalise(namespace, value) is None
    assert normalise(namespace, f" {value.upper()} ") is None


@pytest.mark.parametrize(
    "value", [*PLACEHOLDER_PHONES, "11111111111", "00000000000", "+86 11111111111", "123", "1" * 20]
)
def test_placeholder_phones_are_blocked(value: str) -> None:
    assert normalise("phone", value) is None


@given(st.sampled_from(NAMESPACES), st.text())
def test_a_normal_spelling_is_its_own_normal_spelling(namespace: str, value: str) -> None:
    normal = normalise(namespace, value)
    assert normal is None or normalise(namespace, normal) == normal


@given(st.binary(max_size=64), st.binary(), st.binary())
def test_the_keyed_hash_is_hmac_sha256(key: bytes, prefix: bytes, message: bytes) -> None:
    assert keyed_hash(key, prefix)(message) == hmac.digest(key, prefix + message, hashlib.sha256)


def test_a_node_id_is_the_top_63_bits_of_the_hash_and_its_check_the_next_64() -> None:
    number = int.from_bytes(hmac.digest(KEY, b"phone\x1f13800138000", "sha256"), "big")
    assert node_id(KEY, "phone", "13800138000") == (number >> 193, (number >> 129) % 2**64)


@given(st.lists(st.none() | st.text(max_size=20) | st.from_regex(r"(\+86)?1[3-9]\d{9}", fullmatch=True)))
def test_many_at_once_are_the_same_as_one_by_one(values: list[str | None]) -> None:
    nodes, checks, blocked = pseudonymise(KEY, "phone", values)
    normal = [None if value is None else normalise("phone", value) for value in values]
    assert blocked.tolist() == [value is None for value in normal]
    expected = [(0, 0) if value is None else node_id(KEY, "phone", value) for value in normal]
    assert list(zip(nodes.tolist(), checks.tolist(), strict=True)) == expected
    assert (nodes.dtype, checks.dtype) == (np.int64, np.uint64)


def test_namespace_and_key_part_equal_values() -> None:
    same = {node_id(key, space, "42424242") for key in (KEY, KEY[::-1]) for space in ("phone", "user_id")}
    assert len(same) == 4
