"""``qianmian identity …``: who is who, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from qianmian.app.contracts.identity import ExplainedTold, LargePeopleTold, WhoseTold
from qianmian.app.questions.identity import Explained, Verdict, explain
from qianmian.app.questions.identity_words import identifier_words
from qianmian.app.questions.large import large_people
from qianmian.app.questions.links_file import write_links
from qianmian.app.questions.whose import whose
from qianmian.app.shop import ANALYSE, OPERATE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.identity_decisions import register_decisions
from qianmian.cli.identity_review import register_review
from qianmian.cli.identity_rules import register_rules
from qianmian.cli.matching import register_matching
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown
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
    for name, function in (
        ("explain", explain_identity),
        ("find", find),
        ("large", list_large_people),
        ("export", export_links),
    ):
        command(group, name)(function)
    register_decisions(group)
    register_review(group)
    register_rules(group)
    register_matching(group)
    app.add_typer(group, name="identity")


def explain_identity(door: Door, name: _Name, other: _Other = None, purpose: Purpose = ANALYSE) -> None:
    """Say which statements join two identifiers, or where their chain breaks; of one, what holds its person."""
    with door.shop() as shop:
        found, language = explain(shop, name, other, purpose=purpose), door.language(shop)
        zone = shop.workspace.settings.zone
    table = Table(box=None, show_header=False)
    for number, step in enumerate(found.steps, 1):
        table.add_row(f"{number}" if step.joins else f"{number} ✗", printable(step.words.what(language)))
    head = printable(_head(found).what(language))
    notes = [message.what(language) for message in _notes(found)]
    told = ExplainedTold.model_validate(found, context=language)
    door.tell(told, head, *([table] if found.steps else []), *_ends(found, language, zone), *notes)


def find(
    door: Door,
    name: Annotated[
        str, typer.Argument(help="namespace:value, a bare user_id, or person:<id>, also an old id.", show_default=False)
    ],
    purpose: Purpose = ANALYSE,
) -> None:
    """Say whose an identifier is and was; an old id of a person leads to whoever has it now."""
    with door.shop() as shop:
        told, language = WhoseTold.model_validate(whose(shop, name, purpose=purpose)), door.language(shop)
        zone = shop.workspace.settings.zone
    times, moved = Table("since", "until", "person", box=None), Table("version", "was", "is", "identifiers", box=None)
    for time in told.times:
        times.add_row(shown(time.since, language, zone), shown(time.until, language, zone), time.person)
    for move in told.moved:
        moved.add_row(str(move.version), move.old, move.new or "–", f"{move.identifiers:,}")
    door.tell(told, printable(f"{told.name}: {told.person or '–'}"), times, *([moved] if told.moved else []))


def list_large_people(
    door: Door,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most that raise no alarm; the workspace's setting if not given.")
    ] = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """List the people with more identifiers than a limit, and the identifier that holds most of each together."""
    with door.shop() as shop:
        told = LargePeopleTold.model_validate(large_people(shop, purpose=purpose, limit=limit))
    table = Table("person", "identifiers", "of each kind", "seen with most", box=None)
    for one in told.people:
        kinds = ", ".join(f"{namespace} {count:,}" for namespace, count in one.namespaces.items())
        hub = f"{one.hub.namespace} {one.hub.value or '–'} ({one.hub.beside:,})" if one.hub else "–"
        table.add_row(one.person, f"{one.identifiers:,}", kinds, printable(hub))
    head = f"{told.total:,} people with more than {told.limit:,} identifiers"
    door.tell(told, head, *([table] if told.people else []))


def export_links(
    door: Door,
    to: Annotated[Path, typer.Option(help="File to write: Parquet if it ends in .parquet, else CSV.")],
    reveal: Annotated[
        bool, typer.Option("--reveal", help="With the identifiers, unmasked; leaves a job behind.")
    ] = False,
    purpose: Purpose = OPERATE,
) -> None:
    """Write every statement that the last build read into a file, under pseudonyms, the oldest first."""
    with door.shop() as shop:
        rows = write_links(shop, to, purpose=purpose, reveal=reveal)
    door.tell({"file": str(to), "rows": rows}, f"written: {to}, {rows:,} links")


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


def _ends(found: Explained, language: Language, zone: ZoneInfo) -> list[str]:
    """Whose each thing that was asked for is, and since when; one that never changed hands in one line."""
    known = {one.id: one for one in found.identifiers}
    told = []
    for end in dict.fromkeys([*found.starts, *found.ends]):
        one = known.get(end)
        if one:
            since = f"{shown(one.since, language, zone)} – " if one.since else ""
            told.append(printable(f"{since}{identifier_words(one).what(language)}: {one.person or '–'}"))
    return told
