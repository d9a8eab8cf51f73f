"""``qianmian audience lookalike``: people like those of an audience."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table

from qianmian.app.contracts.audiences import SavedAudienceTold
from qianmian.app.contracts.lookalike import LookalikeTold
from qianmian.app.lookalike import lookalike, save_lookalike
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door
from qianmian.cli.profile import Purpose
from qianmian.cli.words import word


def find(
    door: Door,
    seeds: Annotated[
        str, typer.Argument(help="A condition that the seeds meet.", metavar="CONDITION", show_default=False)
    ],
    size: Annotated[int, typer.Option(min=1, help="About how many people are wanted.")] = 1_000,
    keep: Annotated[
        str, typer.Option("--save", help="Name of a fixed audience to keep them as.", show_default=False)
    ] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Find people like those who meet a condition, and tell how well seeds kept aside are found."""
    with door.shop() as shop:
        found = lookalike(shop, seeds, size, purpose=purpose)
        saved = save_lookalike(shop, keep, found, purpose=purpose) if keep else None
        language = door.language(shop)
    told = LookalikeTold.model_validate(found)
    table = Table(word("share", language), word("recall", language), "×", box=None)
    for one in told.found:
        table.add_row(f"{one.share:.0%}", f"{one.recall:.1%}", f"{one.lift:.1f}")
    lines: list[RenderableType] = [
        word("seeds", language, f"{told.seeds:,}", ", ".join(told.measures)),
        table,
        word("lookalikes", language, f"{told.people:,}", f"{told.recall:.1%}", f"{told.lift:.1f}"),
        told.condition,
        *([word("kept fixed", language, saved.audience)] if saved else []),
    ]
    audience = SavedAudienceTold.model_validate(saved) if saved else None
    door.tell({**told.model_dump(), "saved": audience}, *lines)
