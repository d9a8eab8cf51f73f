"""Refused rows are sealed, listed, replayed and destroyed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qianmian.core.errors import WorkspaceError
from qianmian.core.messages import Message
from qianmian.core.people import Identifier
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.refused import RefusedRow, RefusedRows
from qianmian.privacy.tables import REFUSED
from tests.databases import Database

AT = datetime(2026, 11, 11, 8, 0, 0, 123456, tzinfo=UTC)
ROW = RefusedRow(
    "batch-1",
    7,
    "wrong_type",
    "price",
    Message("row_expected_got", expected=Message("type_number"), given="***"),
    '{"phone": "13800138000"}',
    AT,
)


@pytest.fixture
def refused(database: Database, keys: KeyRing) -> Iterator[RefusedRows]:
    opened = RefusedRows(database.open(REFUSED), keys, os.urandom)
    yield opened
    opened.close()


def test_a_refused_row_comes_back_as_it_was(refused: RefusedRows) -> None:
    refused.keep([ROW, replace(ROW, position=2, body="手机,中文\ud800")])
    assert list(refused.bodies("batch-1")) == [replace(ROW, position=2, body="手机,中文\ud800"), ROW]
    assert refused.rows("batch-1")[1] == replace(ROW, body=None)


def test_a_body_is_sealed(refused: RefusedRows, database: Database) -> None:
    refused.keep([ROW])
    stored = database.stored()
    assert b"13800138000" not in stored
    assert b"wrong_type" in stored


def test_a_text_with_nul_is_kept_with_a_sign_in_its_place(refused: RefusedRows, database: Database) -> None:
    refused.keep([replace(ROW, field="a\0b")])
    (kept,) = refused.rows("batch-1")
    assert kept.field == ("a\ufffdb" if database.server else "a\0b")


def test_keeping_a_row_again_replaces_it(refused: RefusedRows) -> None:
    refused.keep([ROW])
    refused.keep([replace(ROW, reason="id_conflict", body="{}"), replace(ROW, reason="late", body="[]")])
    assert list(refused.bodies()) == [replace(ROW, reason="late", body="[]")]


def test_reasons_are_counted_per_stream_and_in_all(refused: RefusedRows) -> None:
    refused.keep([ROW, replace(ROW, position=8), replace(ROW, position=9, reason="late"), replace(ROW, stream="other")])
    assert refused.counts("batch-1") == {"wrong_type": 2, "late": 1}
    assert list(refused.counts().items()) == [("wrong_type", 3), ("late", 1)]


def test_a_forgotten_stream_is_in_no_file_and_its_neighbours_stay(
    refused: RefusedRows, keys: KeyRing, database: Database
) -> None:
    refused.keep([ROW, replace(ROW, stream="other", body="[1]")])
    with refused._engine.connect() as connection:
        query = "SELECT body FROM refused WHERE stream = 'batch-1'"
        sealed = connection.exec_driver_sql(query).scalar_one()
    assert sealed in database.stored()
    refused.forget("batch-1")
    database.rewrite("refused")
    assert sealed not in database.stored()
    assert keys.refused_salts.count() == 1
    assert [row.body for row in refused.bodies()] == ["[1]"]


@pytest.mark.parametrize(
    "body",
    [
        '{"phone": "13800138000"}',
        '{"phone": 13800138000}',
        '{"phone": "+8613800138000"}',
        '{"phone": "138 0013-8000"}',
        '{"url": "https://x.cn/?p=%2B8613800138000&q=1"}',
        '{"url": "https://x.cn/?q=%2013800138000"}',
        json.dumps({"text": "打给到13800138000吧"}),
        '{"text": "电话１３８００１３８０００"}',
        "a,b,13800138000",
        '{"mail": "Ming.Li@Example.com"}',
        '{"url": "https://x.cn/?m=ming.li%40example.com"}',
        '{"id": "U-7"}',
        json.dumps({"nick": "小鹿不吃草"}),
    ],
)
def test_a_row_that_mentions_an_identifier_is_found_in_every_spelling(refused: RefusedRows, body: str) -> None:
    refused.keep([replace(ROW, body=body)])
    wanted = [
        Identifier("phone", "+86 13800138000"),
        Identifier("email", "ming.li@example.com"),
        Identifier("user_id", "U-7"),
        Identifier("taobao_nick", "小鹿不吃草"),
    ]
    assert refused.mentioning(wanted) == [("batch-1", 7)]


@pytest.mark.parametrize(
    "body", ['{"order": "9138001380001"}', '{"id": "U-77"}', '{"id": "XU-7"}', '{"mail": "xming.li@example.com"}', ""]
)
def test_a_longer_value_that_contains_the_identifier_is_another(refused: RefusedRows, body: str) -> None:
    refused.keep([replace(ROW, body=body)])
    wanted = ("phone", "13800138000"), ("user_id", "U-7"), ("email", "ming.li@example.com")
    assert refused.mentioning([Identifier(*pair) for pair in wanted]) == []
    assert refused.mentioning([]) == []


def test_only_the_rows_that_mention_somebody_are_forgotten(refused: RefusedRows) -> None:
    refused.keep([ROW, replace(ROW, position=8, body="{}")])
    for stream, position in refused.mentioning([Identifier("phone", "13800138000")]):
        refused.forget(stream, [position])
    assert [row.position for row in refused.rows("batch-1")] == [8]


def test_a_row_without_its_salt_is_passed_over(refused: RefusedRows, keys: KeyRing) -> None:
    refused.keep([ROW])
    with keys._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM refused_salts")
    assert list(refused.bodies()) == []


def test_a_damaged_body_is_refused_without_showing_anything(refused: RefusedRows, database: Database) -> None:
    refused.keep([ROW])
    with refused._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE refused SET body = {database.blob(60)}")
    with pytest.raises(WorkspaceError, match="cannot be decrypted"):
        list(refused.bodies())


@pytest.mark.parametrize(
    "change", ["reason = 'wrong_typf'", "field = ''", "detail = '{}'", "refused_at = refused_at + 1"]
)
def test_a_change_of_what_is_told_beside_a_body_is_found(refused: RefusedRows, change: str) -> None:
    refused.keep([replace(ROW, field="a\0b")])
    assert len(list(refused.bodies())) == 1
    with refused._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE refused SET {change}")
    with pytest.raises(WorkspaceError, match="cannot be decrypted"):
        list(refused.bodies())


def test_a_body_that_was_sealed_alone_is_still_opened(refused: RefusedRows, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("qianmian.privacy.refused._beside", lambda *_told: None)
        refused.keep([ROW])
    assert [row.body for row in refused.bodies()] == [ROW.body]
