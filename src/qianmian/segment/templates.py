"""Ready audiences 人群模板: conditions to begin with, each with what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from qianmian.core.language import Language

GOALS = ("keep", "repeat", "convert", "win_back", "target", "spread")


@dataclass(frozen=True)
class Template:
    """An audience to begin with.

    Attributes:
        name: stable name.
        goal: one of `GOALS`.
        titles: what the people are called, by language.
        uses: what one does with them, by language.
        condition: whom it holds.
    """

    name: str
    goal: str
    titles: dict[Language, str]
    uses: dict[Language, str]
    condition: str


@cache
def templates() -> tuple[Template, ...]:
    """All of them, by goal."""
    told = yaml.safe_load(files("qianmian.segment").joinpath("templates.yaml").read_text("utf-8"))
    return tuple(
        Template(
            name,
            one["goal"],
            {Language.ZH: one["zh"], Language.EN: one["en"]},
            {Language.ZH: one["for_zh"], Language.EN: one["for_en"]},
            one["condition"],
        )
        for name, one in told.items()
    )
