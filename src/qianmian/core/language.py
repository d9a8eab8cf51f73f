"""The languages in which the product speaks to people."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language of everything that is shown, by its tag."""

    ZH = "zh-CN"
    EN = "en"
