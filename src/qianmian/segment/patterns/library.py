"""Ready patterns 内置模式: ways of behaving that social commerce knows, each a condition with what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from qianmian.core.language import Language


@dataclass(frozen=True)
class ReadyPattern:
    """A pattern to begin with.

    Attributes:
        name: stable name.
        titles: what it is called, by language.
        uses: what one does with these people, by language.
        condition: whom it holds.
    """

    name: str
    titles: dict[Language, str]
    uses: dict[Language, str]
    condition: str


@cache
def ready_patterns() -> tuple[ReadyPattern, ...]:
    """All of them, in the order of the file."""
    told = yaml.safe_load(files("qianmian.segment.patterns").joinpath("library.yaml").read_text("utf-8"))
    return tuple(
        ReadyPattern(
            name,
            {Language.ZH: one["zh"], Language.EN: one["en"]},
            {Language.ZH: one["for_zh"], Language.EN: one["for_en"]},
            one["condition"],
        )
        for name, one in told.items()
    )
