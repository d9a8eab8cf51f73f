"""``qianmian pattern …``: ways of behaving, ready ones and mined ones, each a condition."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.patterns import (
    KeptPatternTold,
    PatternEffectTold,
    PatternLibraryTold,
    PatternRunTold,
    PatternShownTold,
    PatternTold,
    TaggedPatternTold,
)
from qianmian.app.patterns.patterns import forget, keep, library, mine, show, tag
from qianmian.app.patterns.runs import LONGEST, SHORTEST, Mining
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import word
from qianmian.core.language import Language

_OF = Mining()
Named = Annotated[
    str, typer.Argument(help="Name of a ready one, k3 of a kept one, m3 of a mined one.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Patterns: ways of behaving, ready ones and mined ones.")
    named = (
        *(("list", list_patterns), ("mine", mine_patterns), ("show", show_pattern), ("keep", keep_pattern)),
        *(("tag", tag_pattern), ("forget", forget_pattern)),
    )
    for name, function in named:
        command(group, name)(function)
    app.add_typer(group, name="pattern")


def list_patterns(
    door: Door,
    origin: Annotated[str, typer.Option(help="Only built_in, kept or mined ones.", show_default=False)] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """List the kept patterns, those of the last run of mining, and the ready ones."""
    with door.shop() as shop:
        told, language = PatternLibraryTold.of(library(shop, purpose=purpose)), door.language(shop)
    _tell(door, told, language, origin)


def mine_patterns(  # noqa: PLR0913, PLR0917  # each is an option of the command
    door: Door,
    outcome: Annotated[str, typer.Option(help="Event that a pattern may lead to.")] = _OF.outcome,
    days: Annotated[int, typer.Option(min=1, help="Dates up to the build's that are looked at.")] = _OF.days,
    within: Annotated[int, typer.Option(min=1, help="Days from the first step to the last.")] = _OF.within_days,
    after: Annotated[int, typer.Option(min=1, help="Days after the last step in which it comes.")] = _OF.after_days,
    least: Annotated[float, typer.Option(help="Share of all people who must have taken it.")] = _OF.least_share,
    longest: Annotated[int, typer.Option(min=SHORTEST, max=LONGEST, help="Steps, at most.")] = _OF.longest,
    by_category: Annotated[bool, typer.Option(help="Tell products apart by category.")] = _OF.by_category,
    leave_out: Annotated[
        list[str] | None, typer.Option(help="An event that is no step; again for each.", show_default=False)
    ] = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Mine the history of the last build for what people do before something comes, and keep what stands out."""
    asked = Mining(outcome, days, within, after, least, longest, by_category, leave_out or [])
    with door.shop() as shop, door.watch() as watch:
        mine(shop, asked, purpose=purpose, watch=watch)
        told, language = PatternLibraryTold.of(library(shop, purpose=purpose)), door.language(shop)
    _tell(door, told, language, "mined")


def show_pattern(door: Door, pattern: Named, purpose: Purpose = ANALYSE) -> None:
    """Show one pattern: how many people came to each of its steps, and what came after."""
    with door.shop() as shop:
        told, language = PatternShownTold.of(show(shop, pattern, purpose=purpose)), door.language(shop)
    table = Table(*(word(one, language) for one in ("step", "people", "share")), box=None)
    for one in told.reached:
        share = one.people / told.of_people if told.of_people else 0.0
        table.add_row(printable(_step(one.step.event, one.step.category)), f"{one.people:,}", f"{share:.1%}")
    notes = [printable(_title(told.pattern, language)), told.pattern.condition, ""]
    door.tell(told, *notes, table, *(_came(told.pattern.effect, told.run, language)))


def keep_pattern(
    door: Door,
    pattern: Annotated[str, typer.Argument(help="A pattern such as m3, or a condition.", show_default=False)],
    name: Annotated[str, typer.Argument(help="What to call it.", show_default=False)],
    purpose: Purpose = ANALYSE,
) -> None:
    """Keep a mined pattern, or any condition, under a name."""
    with door.shop() as shop:
        told = KeptPatternTold.model_validate(keep(shop, pattern, name, purpose=purpose))
    door.tell(told, f"k{told.pattern}  {printable(told.name)}", told.condition)


def tag_pattern(
    door: Door,
    pattern: Named,
    name: Annotated[str, typer.Argument(help="Name of the tag; made of the pattern's if not given.")] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Declare a tag that says who meets a pattern; the next build tells it."""
    with door.shop() as shop:
        told = TaggedPatternTold.model_validate(tag(shop, pattern, name, purpose=purpose))
        language = door.language(shop)
    door.tell(told, word("tag of pattern", language, told.tag))


def forget_pattern(door: Door, pattern: Named) -> None:
    """Take a kept pattern out of the library."""
    with door.shop() as shop:
        told = KeptPatternTold.model_validate(forget(shop, pattern))
    door.tell(told, f"k{told.pattern}  {printable(told.name)}")


def _tell(door: Door, told: PatternLibraryTold, language: Language, origin: str) -> None:
    table = Table(*(word(one, language) for one in ("pattern", "title", "people", "lift", "interval")), box=None)
    shown = [one for one in told.patterns if origin in ("", one.origin)]
    for one in shown:
        people = "–" if one.people is None else f"{one.people:,}"
        table.add_row(one.pattern, printable(_title(one, language)), people, *_lift(one.effect))
    notes = [_ran(told.run, language)] if told.run else [word("not mined", language)]
    door.tell(told, table, "", *notes)


def _ran(run: PatternRunTold, language: Language) -> str:
    said = word("mined", language, f"{run.frequent:,}", f"{run.tested:,}", f"{run.told:,}", run.asked.outcome)
    return f"{said} {word(f'stopped {run.stopped}', language, run.levels)}" if run.stopped else said


def _title(one: PatternTold, language: Language) -> str:
    title = one.zh if language is Language.ZH else one.en
    steps = [_step(step.event, step.category) for step in one.steps] + [f"✕ {step.event}" for step in one.missing]
    return title or " → ".join(steps)


def _step(event: str, category: str) -> str:
    return f"{event}({category})" if category else event


def _lift(effect: PatternEffectTold | None) -> tuple[str, str]:
    if effect is None or effect.lift is None:
        return "–", "–"
    return f"{effect.lift:.2f}", f"{effect.low:.2f}–{effect.high:.2f}"


def _came(effect: PatternEffectTold | None, run: PatternRunTold | None, language: Language) -> list[str]:
    """What came after, with what it is compared with."""
    if effect is None or run is None or effect.share is None:
        return []
    others = "–" if effect.others_share is None else f"{effect.others_share:.1%}"
    shares = f"{effect.share:.1%}", f"{effect.share_low:.1%}–{effect.share_high:.1%}", others
    said = word("came after", language, run.asked.outcome, run.asked.after_days, *shares)
    return ["", said, word("lift of", language, *_lift(effect))]
