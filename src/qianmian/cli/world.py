"""``qianmian world …``: generate a shop whose truth is known, and judge what a workspace made of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.shop import Shop
from qianmian.cli.door import Door, command
from qianmian.cli.words import word
from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.world import tale
from qianmian.world.claim import Claim
from qianmian.world.forms import Form, write_as
from qianmian.world.generate import generate, read_truth
from qianmian.world.plan import WorldPlan
from qianmian.world.registers import write_registers
from qianmian.world.score import score
from qianmian.world.score_facts import judge_facts
from qianmian.world.score_flags import judge_flags
from qianmian.world.score_tags import judge_tags
from qianmian.world.stories.judge import judge_stories

_DEFAULT = WorldPlan()
_Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last local date.")]
_Forms = Annotated[
    list[Form] | None, typer.Option("--as", help="Write it in this form as well; may be given several times.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of the ground truth."""
    group = typer.Typer(no_args_is_help=True, help="A generated shop whose truth is known.")
    command(group, "generate", workspace=False)(generate_world)
    command(group, "show", workspace=False)(show_world)
    command(group, "registers", workspace=False)(write_world_registers)
    command(group, "score")(score_workspace)
    app.add_typer(group, name="world")


def generate_world(  # noqa: PLR0913, PLR0917  # the options of a world
    door: Door,
    folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.", show_default=False)],
    people: Annotated[int, typer.Option(help="True persons.")] = _DEFAULT.people,
    days: Annotated[int, typer.Option(help="Local dates of behaviour.")] = _DEFAULT.days,
    seed: Annotated[int, typer.Option(min=0, help="Start of all randomness.")] = _DEFAULT.seed,
    fake_orders: Annotated[int, typer.Option(min=0, help="Orders that a farm places for a seller (刷单).")] = 0,
    last_on: _Day = datetime(2026, 11, 18),  # noqa: DTZ001  # a local date
    forms: _Forms = None,
) -> None:
    """Generate a world: files of events, goods, and the truth beside them. Equal options give equal bytes."""
    plan = WorldPlan(seed=seed, people=people, days=days, last_on=last_on.date(), fake_orders=fake_orders)
    with door.watch() as watch:
        follow = (lambda done, total: watch("generate", done, total)) if watch else (lambda done, total: None)
        rows = generate(plan, folder, follow)
        written = {form.value: write_as(form, folder) for form in forms or () if form is not Form.PARQUET}
    told = {"folder": str(folder), "people": people, "days": days, "seed": seed, "rows": rows, "forms": written}
    beside = [f"{count:,} as {form} in {folder / form}" for form, count in written.items()]
    door.tell(told, f"{rows:,} rows of events of {people:,} people in {folder}", *beside)


def show_world(
    door: Door,
    folder: Annotated[Path, typer.Argument(help="Folder of a generated world.", show_default=False)],
    people: Annotated[int, typer.Option(min=1, help="How many lives and reviews.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the lot that draws them.")] = 1,
) -> None:
    """Tell a generated world to a person: some lives with their hidden traits, reviews, the day, the festival."""
    language = 1 if door.lang is Language.EN else 0
    try:
        world = tale.read_world(folder)
    except FileNotFoundError:
        raise InputError("no_world", folder=folder.name) from None
    lives = tale.lives(world, people, seed, language)
    told = {"reviews": tale.reviews(world, people, seed), "by hour": tale.hours(world), "by day": tale.days(world)}
    parts = {"lives": "\n\n".join("\n  ".join(life) for life in lives)}
    parts |= {name: "\n".join(lines) for name, lines in told.items()}
    tongue = Language.EN if language else Language.ZH
    door.tell({"lives": lives, **told}, *(f"— {word(name, tongue)} —\n{text}\n" for name, text in parts.items()))


def write_world_registers(
    door: Door,
    folder: Annotated[Path, typer.Argument(help="Folder of a generated world.", show_default=False)],
    seed: Annotated[int, typer.Option(min=0, help="Start of all randomness.")] = 1,
) -> None:
    """Write what four registers say of a world's people, with mappings, and the truth: some is missing, some wrong."""
    try:
        rows = write_registers(folder, seed)
    except FileNotFoundError:
        raise InputError("no_world", folder=folder.name) from None
    told = {"folder": str(folder / "registers"), "rows": rows, "seed": seed}
    door.tell(told, f"{rows:,} rows of what is said of people in {folder / 'registers'}")


def score_workspace(
    door: Door,
    truth: Annotated[Path, typer.Option(help="Folder of the generated world.", show_default=False)],
) -> None:
    """Judge a workspace that imported a generated world against the world's truth."""
    with door.shop() as shop:
        claims, language = judge(shop, truth), door.language(shop)
    door.tell({"claims": [claim.to_json() for claim in claims]}, claims_table(claims, language))


def judge(shop: Shop, folder: Path) -> list[Claim]:
    """The claims about what a workspace found out.

    Args:
        shop: has imported the world and built.
        folder: of the world, or its ``truth``.

    Raises:
        InputError: no truth lies there.
    """
    world = folder.parent if folder.name == "truth" and not (folder / "truth").is_dir() else folder
    truth = read_truth(world) if (world / "truth").is_dir() else {}
    if not truth:
        raise InputError("no_truth", folder=folder.name)
    findings = shop.findings()
    return [
        *score(truth, findings),
        *judge_tags(truth, findings),
        *judge_flags(truth, findings),
        *judge_facts(truth, findings),
        *judge_stories(truth, findings),
    ]


def claims_table(claims: list[Claim], language: Language) -> Table:
    """The claims for people: value beside baseline."""
    names = (
        word("claim", language),
        "",
        word("value", language),
        word("baseline", language),
        "n",
        word("coverage", language),
    )
    table = Table(*names, box=None)
    for claim in claims:
        passed = {True: "✓", False: "✗", None: "·"}[claim.passed]
        value = word("not looked for", language) if claim.value is None else f"{claim.value:.4f}"
        coverage = "" if claim.coverage is None else f"{claim.coverage:.1%}"
        table.add_row(claim.claim, passed, value, f"{claim.baseline:.4f}", f"{claim.n:,}", coverage)
    return table
