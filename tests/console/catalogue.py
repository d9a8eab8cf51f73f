"""The words of the console, so that a test asks for what people read, in either language."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

CATALOGUES = Path(__file__).parents[2] / "console" / "src" / "i18n"
#: Somebody wants to look at the pictures: of every language and every look.
_ALL = "QIANMIAN_SHOTS" in os.environ
BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"], indirect=True)
#: Every language and every look once.
BOTH_AND_LOOKS = pytest.mark.parametrize(
    ("language", "scheme"),
    [("zh-CN", "light"), ("en", "dark"), *([("zh-CN", "dark"), ("en", "light")] if _ALL else [])],
    indirect=True,
)


def in_one(language: str) -> pytest.MarkDecorator:
    """In one language, for a long way through many screens: that its words are there in both is proved without it."""
    return BOTH if _ALL else pytest.mark.parametrize("language", [language], indirect=True)


def words(language: str, part: str) -> dict[str, Any]:
    """A part of a catalogue."""
    return json.loads((CATALOGUES / language / f"{part}.json").read_text("utf-8"))


def asked(watched: Any, path: str, body: dict[str, Any] | None = None, language: str = "en") -> Any:
    """What the API answers to the same session."""
    url, headers = f"{watched.site.url}{path}", {"x-qianmian-console": "1", "accept-language": language}
    request = watched.page.request
    answer = request.get(url, headers=headers) if body is None else request.post(url, data=body, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


def grouped(number: int) -> str:
    """A whole number as both languages write it."""
    return f"{number:,}"


def exactly(text: str) -> re.Pattern[str]:
    """A text as a whole."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
