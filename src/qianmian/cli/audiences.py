"""``qianmian audience …`` on what is kept or told of audiences: saved ones, what sets one apart, a list as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.audiences import SavedAudience, SavedAudiences
from qianmian.app.contracts.audiences import InsightTold, SavedAudienceTold
from qianmian.app.freeze import save_fixed
from qianmian.app.questions.insight import insight
from qianmian.app.questions.people import Sort
from qianmian.app.questions.people_book import format_of, people_in
from qianmian.app.questions.people_file import FileAsked
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.uses import delete_unused
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown, word
from qianmian.core.language import Language

_Number = Annotated[int, typer.Argument(min=1, help="Number of the audience.", metavar="AUDIENCE", show_default=False)]
_Condition = Annotated[
    str, typer.Argument(help="A condition, see docs/guides/conditions.md.", metavar="CONDITION", show_default=False)
]
_Name = Annotated[str, typer.Argument(help="What to call it.", metavar="NAME", show_default=False)]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of the stage."""
    for name, function in (
        ("insight", show_insight),
        ("export", export),
        ("list", list_audiences),
        ("save", save),
        ("show", show),
        ("change", change),
        ("delete", delete),
        ("restore", restore),
    ):
        command(group, name)(function)


def show_insight(
    door: Door,
    condition: _Condition,
    purpose: Purpose = ANALYSE,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Tell at most so many values.")] = 5,
) -> None:
    """Show the tag values that the people of an audience have more often than everybody."""
    with door.shop() as shop:
        told = InsightTold.model_validate(insight(shop, condition, purpose=purpose, most=limit))
        language, zone = door.language(shop), shop.workspace.settings.zone
    table = Table(*(word(key, language) for key in ("tag", "value", "people", "everybody")), "TGI", "≥", box=None)
    for one in told.typical:
        title = one.tag.zh if language is Language.ZH else one.tag.en
        index = [f"{number:.0f}" if number is not None else "–" for number in (one.tgi, one.tgi_low)]
        here, everywhere = part(one.here, told.people), part(one.everywhere, told.of_people)
        table.add_row(title, shown(one.value, language, zone), here, everywhere, *index)
    door.tell(told, f"{word('people', language)} {told.people:,} / {told.of_people:,}", table)


def part(count: int, people: int) -> str:
    """A number of people and their share, which fewer than 30 have none of.

    >>> part(1_000, 4_000), part(3, 10)
    ('1,000 (25.0%)', '3 / 10')
    """
    return f"{count:,} ({count / people:.1%})" if people >= 30 else f"{count} / {people}"


def export(
    door: Door,
    condition: _Condition,
    to: Annotated[Path, typer.Option(help="File to write.", show_default=False)],
    purpose: Purpose = ANALYSE,
    sort: Annotated[Sort, typer.Option(help="Order of the rows.")] = Sort.PERSON,
    limit: Annotated[int, typer.Option(min=1, help="Write at most so many people.")] = 1_000_000,
) -> None:
    """Write the people who meet a condition into a .csv, .xlsx or .parquet file, identifiers masked."""
    with door.shop() as shop:
        asked = FileAsked(condition, sort, limit, door.language(shop))
        file = people_in(shop, asked, format_of(to), purpose=purpose)
        to.touch(mode=0o600)
        with to.open("wb") as out:
            out.writelines(file.pieces)
    told = {"file": str(to), "people": file.total, "rows": file.rows}
    door.tell(told, f"written: {to}, {file.rows:,} of {file.total:,} people")


def list_audiences(
    door: Door,
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones instead.")] = False,
    purpose: Purpose = ANALYSE,
) -> None:
    """List the saved audiences with their last counts."""
    with door.shop() as shop:
        saved, language = _saved(shop, purpose).all(deleted=deleted), door.language(shop)
        zone = shop.workspace.settings.zone
    heads = (word(key, language) for key in ("audience", "title", "people", "condition"))
    table = Table("", *heads, "counted over", box=None)
    for one in saved:
        number, size = str(one.audience), f"{one.people:,} / {one.of_people:,}"
        table.add_row(number, printable(one.name), size, one.condition, shown(one.computed_at, language, zone))
    none = "no deleted audiences" if deleted else "no audiences"
    door.tell_rows([SavedAudienceTold.model_validate(one) for one in saved], table, none)


def save(
    door: Door,
    name: _Name,
    condition: _Condition,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    fixed: Annotated[bool, typer.Option("--fixed", help="Keep its people as they are now.")] = False,
    purpose: Purpose = ANALYSE,
) -> None:
    """Give an audience a name, and count it."""
    with door.shop() as shop:
        if fixed:
            _tell(door, save_fixed(shop, name, condition, note=note, purpose=purpose))
            return
        _tell(door, _saved(shop, purpose).add(name, shop.audience(condition, purpose=purpose, limit=0), note=note))


def show(door: Door, audience: _Number, purpose: Purpose = ANALYSE) -> None:
    """Count a saved audience over the last build, and keep the number."""
    with door.shop() as shop:
        saved = _saved(shop, purpose)
        counted = shop.audience(saved.get(audience).lists, purpose=purpose, limit=0)
        _tell(door, saved.note_count(audience, counted))


def change(
    door: Door,
    audience: _Number,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    note: Annotated[str | None, typer.Option(help="Another note.")] = None,
    condition: Annotated[str | None, typer.Option(help="Another condition.")] = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Change name, note or condition of a saved audience."""
    with door.shop() as shop:
        counted = None if condition is None else shop.audience(condition, purpose=purpose, limit=0)
        _tell(door, _saved(shop, purpose).change(audience, name=name, note=note, counted=counted))


def delete(door: Door, audience: _Number, purpose: Purpose = ANALYSE) -> None:
    """Delete a saved audience; its people stay, and `restore` brings it back."""
    with door.shop() as shop:
        shop.workspace.purposes.check(purpose)
        _tell(door, delete_unused(shop.workspace, audience, door.language(shop)))
    door.note(f"undo: qianmian audience restore {audience}")


def restore(door: Door, audience: _Number, purpose: Purpose = ANALYSE) -> None:
    """Bring a deleted audience back."""
    with door.shop() as shop:
        _tell(door, _saved(shop, purpose).restore(audience))


def _saved(shop: Shop, purpose: str) -> SavedAudiences:
    """The saved audiences, for a purpose: their counts tell of people."""
    shop.workspace.purposes.check(purpose)
    return SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)


def _tell(door: Door, saved: SavedAudience) -> None:
    lines = [
        f"{saved.audience}  {printable(saved.name)}",
        *([printable(saved.note)] if saved.note else []),
        saved.condition,
        f"{saved.people:,} / {saved.of_people:,}",
    ]
    door.tell(SavedAudienceTold.model_validate(saved), *lines)
