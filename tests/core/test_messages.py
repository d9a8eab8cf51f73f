"""Messages: one name, two languages, and what is stored can be told in either."""

from __future__ import annotations

import json

import pytest

from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.core.messages import Message, entries, restored, storable
from qianmian.core.misfits import misfit

ZH, EN = Language.ZH, Language.EN


def test_messages_lists_and_hints_inside_a_message_speak_its_language() -> None:
    inner = Message("known", names=["a", "b"])
    outer = Message("no_column", file="x.csv", column="c", hint=inner)
    assert (outer.what(ZH), outer.hint(ZH)) == ("文件 'x.csv' 没有列 'c'。", "已知：a、b")
    assert (outer.what(EN), outer.hint(EN)) == ("the file 'x.csv' has no column 'c'.", "known: a, b")
    shared = Message("one_mistake", problem=Message("no_date", text="'x'"))
    assert (shared.what(ZH), shared.hint(ZH)) == ("'x' 不是日期", "日期写作 '2026-10-01'")


def test_a_value_is_never_read_as_a_text_with_gaps() -> None:
    assert Message("no_tag", tag="{x.__class__} %s").what(EN) == "there is no tag '{x.__class__} %s'."


def test_an_empty_list_is_said_and_not_left_out() -> None:
    assert Message("known", names=[]).what(ZH) == "已知：无"


def test_what_was_stored_comes_back_whole() -> None:
    told = Message("row_expected_got", expected=Message("want_one_of", choices=["a", "b"]), given="***")
    assert restored(told.stored()) == told
    assert restored(told.stored()).what(ZH) == "应为 a、b 之一；现为 '***'"
    assert json.loads(json.dumps({"detail": told}, default=storable))["detail"]["say"] == "row_expected_got"


@pytest.mark.parametrize("text", ["no room on disk", '{"say": "of a later version"}', "[1]", '{"a": 1}', "{", ""])
def test_what_no_entry_names_is_told_as_it_stands(text: str) -> None:
    assert [restored(text).what(language) for language in Language] == [text, text]


def test_an_error_is_english_where_nobody_asked_for_a_language() -> None:
    error = InputError("no_job", job=7)
    assert str(error) == "there is no job 7.\n\nhint: see them: qianmian jobs"
    assert error.message.what(ZH) == "没有任务 7。"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"type": "less_than_equal", "ctx": {"le": 5}}, "至多为 5"),
        ({"type": "int_parsing"}, "须为整数"),
        ({"type": "literal_error", "ctx": {"expected": "'a' or 'b'"}}, "须为 'a' or 'b'"),
        ({"type": "never heard of"}, "与声明不符"),
    ],
)
def test_a_misfit_of_the_validation_library_is_one_of_our_messages(found: dict[str, object], said: str) -> None:
    assert misfit(found).what(ZH) == said


def test_no_text_is_empty_in_one_language_only() -> None:
    assert all(entry.what[language].strip() for entry in entries().values() for language in Language)
