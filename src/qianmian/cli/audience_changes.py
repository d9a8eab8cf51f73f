"""``qianmian audience …`` on people over time: who came and went, freezing, and how audiences overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.audiences import AudienceChangesTold, OverlapTold, SavedAudienceTold
from qianmian.app.freeze import freeze
from qianmian.app.questions.audience_changes import CausePeople, audience_changes
from qianmian.app.questions.overlap import overlap
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown, word
from qianmian.core.language import Language
from qianmian.segment.sentence import CAUSE_WORDS

_Number = Annotated[int, typer.Argument(min=1, help="Number of the audience.", metavar="AUDIENCE", show_default=False)]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of the stage."""
    for name, function in (("changes", show_changes), ("freeze", freeze_audience), ("overlap", show_overlap)):
        command(group, name)(function)


def show_changes(
    door: Door,
    audience: _Number,
    purpose: Purpose = ANALYSE,
    limit: Annotated[int, typer.Option(min=1, max=2_000, help="Tell at most so many builds.")] = 20,
) -> None:
    """Show who entered and left a saved audience with each build, and why."""
    with door.shop() as shop:
        found = audience_changes(shop, audience, purpose=purpose, most=limit)
        language, zone = door.language(shop), shop.workspace.settings.zone
    table = Table(*(word(key, language) for key in ("build", "counted", "people", "entered", "left")), box=None)
    for one in found.builds:
        entered = one.failed.what(language) if one.failed else _by_cause(one.entered, language)
        left = _by_cause(one.left, language)
        table.add_row(str(one.build), shown(one.counted_at, language, zone), f"{one.people:,}", entered, left)
    told = AudienceChangesTold.model_validate(found, context=language)
    lines = [f"{audience}  {printable(found.audience.name)}", word(found.audience.kind.value, language)]
    lines += [found.failed.what(language)] if found.failed else []
    door.tell(told, *lines, table if found.builds else word("not counted", language))


def _by_cause(told: Sequence[CausePeople], language: Language) -> str:
    """How many for which cause, in one line.

    >>> _by_cause([], Language.EN)
    '–'
    """
    return ", ".join(f"{one.people:,} {CAUSE_WORDS[one.cause.value].what(language)}" for one in told) or "–"


def freeze_audience(door: Door, audience: _Number, purpose: Purpose = ANALYSE) -> None:
    """Freeze a dynamic audience: its people are those of the last build from now on."""
    with door.shop() as shop:
        frozen = freeze(shop, audience, purpose=purpose)
    lines = f"{frozen.audience}  {printable(frozen.name)}", f"{frozen.people:,} / {frozen.of_people:,}"
    door.tell(SavedAudienceTold.model_validate(frozen), *lines)


def show_overlap(
    door: Door,
    audiences: Annotated[
        list[int], typer.Argument(min=1, help="Numbers of 2 to 6 audiences.", metavar="AUDIENCE…", show_default=False)
    ],
    purpose: Purpose = ANALYSE,
) -> None:
    """Show how saved audiences overlap: two by two, and who is in just which of them."""
    with door.shop() as shop:
        found = overlap(shop, audiences, purpose=purpose)
        language = door.language(shop)
    names = {one.audience: f"{one.audience} {printable(one.name)}" for one in found.audiences}
    both = {(one.first, one.second): one for one in found.pairs}
    matrix = Table("", *names.values(), box=None)
    for row in found.audiences:
        cells = []
        for column in found.audiences:
            pair = both.get((row.audience, column.audience)) or both.get((column.audience, row.audience))
            of = None if pair is None else pair.of_first if pair.first == row.audience else pair.of_second
            share = "" if of is None else f" ({of:.1%})"
            cells.append(f"{row.people if pair is None else pair.people:,}{share}")
        matrix.add_row(names[row.audience], *cells)
    just = Table(word("only in", language), word("people", language), word("share", language), box=None)
    for one in found.intersections:
        share = "–" if one.share is None else f"{one.share:.1%}"
        just.add_row(" + ".join(names[number] for number in one.audiences), f"{one.people:,}", share)
    door.tell(OverlapTold.model_validate(found), matrix, just)
