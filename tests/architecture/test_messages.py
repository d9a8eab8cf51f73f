"""The catalogue of messages: whatever is raised has words in both languages, with the same gaps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from qianmian.core import errors
from qianmian.core.language import Language
from qianmian.core.messages import Entry, entries
from tests.architecture.source import sources

_RAISED = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
_SAYING = {"Message", "_MisfitError", *_RAISED}
#: The column "do not use" of docs/concepts/glossary.md, and words of the inside.
_WRONG_CHINESE = (
    "归一 度量 治理 新鲜度 您 (?<![邀申])请(?!求) 首页 意图 脱敏 构建 接入 客户 访客 用途 注销 团购 湖 节点 桶".split()
)
_WRONG_ENGLISH = "node bucket person_no journal lake customer visitor contact crowd please pipeline dashboard".split()


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _gaps_of(entry: Entry) -> set[str]:
    return _gaps(entry.what[Language.EN]) | _gaps(entry.hint[Language.EN])


def _texts(language: Language) -> list[tuple[str, str]]:
    return [(name, text[language]) for name, entry in entries().items() for text in (entry.what, entry.hint)]


def _names(told: ast.expr) -> Iterator[str]:
    """The messages that an argument may name; a choice between two names both."""
    match told:
        case ast.Constant(value=str() as name):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from _names(one)
            yield from _names(other)


def said(code: str) -> list[tuple[int, str, set[str] | None]]:
    """Line, message and values of everything that a module says; no values where they are handed on as they came."""
    found: list[tuple[int, str, set[str] | None]] = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[told], keywords=given) if called in _SAYING:
                values = None if any(one.arg is None for one in given) else {str(one.arg) for one in given}
                found += [(node.lineno, name, values) for name in _names(told)]
    return found


def _modules() -> dict[str, str]:
    return {source.name: source.text for source in sources("src")}


def test_everything_said_has_words_with_gaps_for_exactly_its_values() -> None:
    wrong, checked = [], 0
    for path, code in _modules().items():
        for line, name, values in said(code):
            checked += 1
            if name not in entries() or (values is not None and values != _gaps_of(entries()[name])):
                wrong.append(f"{path}:{line} {name} {sorted(values or ())}")
    assert wrong == []
    assert checked > 150


def test_what_is_not_in_the_catalogue_would_be_found() -> None:
    assert said('raise InputError("no_such_words", tag=1)') == [(1, "no_such_words", {"tag"})]
    assert said('Message("a" if x else "b")') == [(1, "a", set()), (1, "b", set())]


def test_no_error_is_raised_with_words_of_its_own() -> None:
    raised = [
        f"{path}:{node.lineno}"
        for path, code in _modules().items()
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _RAISED
        if not (node.args and (list(_names(node.args[0])) or isinstance(node.args[0], ast.Name)))
    ]
    assert raised == []


def test_every_entry_is_said_somewhere() -> None:
    constants = {
        node.value
        for code in _modules().values()
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shared = {entry.hint[Language.EN] for entry in entries().values()}
    assert [n for n, entry in entries().items() if n not in constants and entry.what[Language.EN] not in shared] == []


@pytest.mark.parametrize("part", ["what", "hint"])
def test_both_languages_have_the_same_gaps(part: str) -> None:
    texts = {name: getattr(entry, part) for name, entry in entries().items()}
    assert {n for n, text in texts.items() if _gaps(text[Language.EN]) != _gaps(text[Language.ZH])} == set()
    assert {n for n, text in texts.items() if bool(text[Language.EN]) != bool(text[Language.ZH])} == set()


def test_english_stands_once() -> None:
    texts = [entry.what[Language.EN] for entry in entries().values()]
    shared = {"a value", "unexpected {kind}."}  # said of other things in Chinese, or with another hint
    assert {text for text in texts if texts.count(text) > 1} <= shared


@pytest.mark.parametrize("wrong", _WRONG_CHINESE)
def test_chinese_uses_no_wrong_word(wrong: str) -> None:
    assert [name for name, text in _texts(Language.ZH) if re.search(wrong, text)] == []


@pytest.mark.parametrize("wrong", _WRONG_ENGLISH)
def test_english_uses_no_wrong_word(wrong: str) -> None:
    assert [name for name, text in _texts(Language.EN) if re.search(rf"\b{wrong}s?\b", text)] == []


def test_chinese_has_its_own_punctuation() -> None:
    halved = re.compile(r"[\u4e00-\u9fff}][,;?!]|[\u4e00-\u9fff]:(?!值)|[\u4e00-\u9fff]\(|！")
    assert [(name, text) for name, text in _texts(Language.ZH) if halved.search(text)] == []
