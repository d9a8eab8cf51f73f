"""``qianmian identity …``: who is who, and why."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.identity import ExplainedTold
from qianmian.app.questions.identity import Explained, Verdict, explain
from qianmian.app.questions.identity_words import identifier_words
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.core.language import Language
from qianmian.core.messages import Message

_NAME = "namespace:value, a bare user_id, person:<id>, or id:<id> of an answer."
_Name = Annotated[str, typer.Argument(help=_NAME, metavar="A", show_default=False)]
_Other = Annotated[
    str | None, typer.Argument(help=f"The same; without it, all that belongs to A's person. {_NAME}", metavar="B")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Who is who, and why.")
    command(group, "explain")(explain_identity)
    app.add_typer(group, name="identity")


def explain_identity(door: Door, name: _Name, other: _Other = None, purpose: Purpose = ANALYSE) -> None:
    """Say which statements join two identifiers, or where their chain breaks; of one, what holds its person."""
    with door.shop() as shop:
        found, language = explain(shop, name, other, purpose=purpose), door.language(shop)
    table = Table(box=None, show_header=False)
    for number, step in enumerate(found.steps, 1):
        table.add_row(f"{number}" if step.joins else f"{number} ✗", printable(step.words.what(language)))
    head = printable(_head(found).what(language))
    notes = [message.what(language) for message in _notes(found)]
    told = ExplainedTold.model_validate(found, context=language)
    door.tell(told, head, *([table] if found.steps else []), *_ends(found, language), *notes)


def _head(found: Explained) -> Message:
    if found.ends:
        verdicts = {
            Verdict.ONE_PERSON: Message("verdict_one_person"),
            Verdict.BROKEN: Message("verdict_broken"),
            Verdict.STRANGERS: Message("verdict_strangers"),
        }
        return verdicts[found.verdict]
    return Message("verdict_whole") if found.steps else Message("identity_alone")


def _notes(found: Explained) -> list[Message]:
    notes = [Message("identity_cut")] if found.is_cut else []
    return [*notes, Message("identity_outdated")] if found.is_outdated else notes


def _ends(found: Explained, language: Language) -> list[str]:
    """Whose each thing that was asked for is, and since when; one that never changed hands in one line."""
    known = {one.id: one for one in found.identifiers}
    told = []
    for end in dict.fromkeys([*found.starts, *found.ends]):
        one = known.get(end)
        if one:
            since = f"{one.since:%Y-%m-%d %H:%M} – " if one.since else ""
            told.append(printable(f"{since}{identifier_words(one).what(language)}: {one.person or '–'}"))
    return told
