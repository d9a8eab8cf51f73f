"""``qianmian profile …`` and ``qianmian tag …``: what is known of a person, and how a tag lies over all people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.consent import ConsentStateTold
from qianmian.app.contracts.console import RecentTold
from qianmian.app.contracts.definitions import ListedTagTold
from qianmian.app.contracts.profile import ExportTold, ProfileTold, TagSummaryTold, TagTold
from qianmian.app.questions.consent import consent_state
from qianmian.app.questions.definitions import states
from qianmian.app.questions.recent import recent
from qianmian.app.shop import ANALYSE, OPERATE
from qianmian.cli import tag_history
from qianmian.cli.definitions import (
    apply_definitions,
    check_definitions,
    delete_definition,
    show_definitions,
    try_definition,
)
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.facts import show_traits
from qianmian.cli.portrait import Portrait
from qianmian.cli.ties import show_ties
from qianmian.cli.words import shown, word
from qianmian.collect.consent import NOTHING
from qianmian.core.errors import UnknownNameError
from qianmian.core.language import Language

_Name = Annotated[
    str, typer.Argument(help="namespace:value, a bare user_id, or person:<id>.", metavar="NAME", show_default=False)
]
_Tag = Annotated[str, typer.Argument(help="Name of a tag: see `qianmian tag list`.", metavar="TAG", show_default=False)]
Purpose = Annotated[str, typer.Option(help="What the data is looked up for.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    profiles = typer.Typer(
        no_args_is_help=True, help="One person: show, recent, consent, ties, traits, explain, export, erase."
    )
    for name, function in (
        ("show", show),
        ("recent", show_recent),
        ("consent", consent),
        ("ties", show_ties),
        ("traits", show_traits),
        ("explain", explain),
        ("export", export),
    ):
        command(profiles, name)(function)
    app.add_typer(profiles, name="profile")
    tags = typer.Typer(no_args_is_help=True, help="Tags: their definitions, coverage and distribution; the shop's own.")
    for name, one in (
        ("list", list_tags),
        ("show", show_tag),
        ("text", show_definitions),
        ("check", check_definitions),
        ("try", try_definition),
        ("apply", apply_definitions),
        ("delete", delete_definition),
    ):
        command(tags, name)(one)
    tag_history.register(tags)
    app.add_typer(tags, name="tag")


def show(door: Door, name: _Name, purpose: Purpose = ANALYSE) -> None:
    """Show a person: every tag with value, confidence and evidence."""
    with door.shop() as shop:
        told = ProfileTold.of(shop.profile(name, purpose=purpose))
        portrait = Portrait(door.language(shop), shop.workspace.settings.zone)
    door.tell(told, portrait.panel(told))


def show_recent(door: Door, name: _Name, purpose: Purpose = ANALYSE) -> None:
    """Show what was received of a person, up to this moment, and is not in the profile before the next build."""
    with door.shop() as shop:
        told, language = RecentTold.model_validate(recent(shop, name, purpose=purpose)), door.language(shop)
        zone = shop.workspace.settings.zone
    table = Table(box=None, show_header=False)
    for event in told.events:
        item = (event.item.title or event.item.item_id) if event.item else ""
        amount = "" if event.amount is None else shown(event.amount, language, zone)
        at = f"{event.occurred_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        table.add_row(*map(printable, (at, event.name, item, amount, event.source)))
    door.tell(told, word("recent", language, told.total), table)


def consent(door: Door, name: _Name, purpose: Purpose = ANALYSE) -> None:
    """Show what a person agreed to when they last said, when that was, and which event says so."""
    with door.shop() as shop:
        told = ConsentStateTold.model_validate(consent_state(shop, name, purpose=purpose))
        zone = shop.workspace.settings.zone
    if told.stated_at is None:
        door.tell(told, "-")
        return
    at = f"{told.stated_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    door.tell(told, ", ".join(told.purposes) or NOTHING, printable(f"{at} {told.source} {told.event} {told.event_id}"))


def explain(door: Door, name: _Name, tag: _Tag, purpose: Purpose = ANALYSE) -> None:
    """Say why a tag of a person has its value: the rows that count, the first and the last of them."""
    with door.shop() as shop:
        profile = ProfileTold.of(shop.profile(name, purpose=purpose))
        portrait = Portrait(door.language(shop), shop.workspace.settings.zone)
    told = next((value for value in profile.tags if value.name == tag), None)
    if told is None:
        raise UnknownNameError("no_tag", tag=tag)
    title = told.zh if portrait.language is Language.ZH else told.en
    lines = [f"{title} = {shown(told.value, portrait.language, portrait.zone)}", portrait.evidence(told.evidence)]
    ends = (("first", told.evidence.first), ("last", told.evidence.last)) if told.evidence else ()
    lines += [
        f"{end}: {at.source} {at.event_id} {shown(at.occurred_at, portrait.language, portrait.zone)}"
        for end, at in ends
        if at
    ]
    door.tell({"person": profile.person, **told.model_dump(), "computed": profile.computed}, *map(printable, lines))


def export(
    door: Door,
    name: _Name,
    purpose: Purpose = OPERATE,
    to: Annotated[Path | None, typer.Option(help="File to write; standard output if not given.")] = None,
) -> None:
    """Write everything held about a person, unmasked, as JSON for that person to keep."""
    with door.shop() as shop:
        told = ExportTold.of(shop.export(name, purpose=purpose))
    text = told.model_dump_json(indent=2)
    if to is None:
        typer.echo(text)
        return
    to.touch(mode=0o600)  # what is unmasked is the owner's alone
    to.write_text(text, encoding="utf-8")
    door.tell({"file": str(to), "person": told.person, "computed": told.computed}, f"written: {to}")


def list_tags(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List the definitions of all tags, and whether each is told of people."""
    with door.shop() as shop:
        language = door.language(shop)
        told = [
            ListedTagTold(**TagTold.of(tag).model_dump(), state=state) for tag, state in states(shop, purpose=purpose)
        ]
    heads = (word(one, language) for one in ("kind", "state", "title", "evidence"))
    table = Table("tag", *heads, box=None)
    for tag in told:
        window = word("days", language, tag.window_days) if tag.window_days else word("all time", language)
        title = tag.zh if language is Language.ZH else tag.en
        state = word(tag.state, language)
        table.add_row(tag.name, word(tag.kind, language), state, printable(title), f"{window} {', '.join(tag.events)}")
    door.tell(told, table)


def show_tag(door: Door, tag: _Tag, purpose: Purpose = ANALYSE) -> None:
    """Show how a tag lies over all people: coverage and distribution."""
    with door.shop() as shop:
        told, language = TagSummaryTold.of(shop.tag(tag, purpose=purpose)), door.language(shop)
        zone = shop.workspace.settings.zone
    table = Table(word("value", language), word("people", language), word("share", language), "", box=None)
    for share in told.shares:
        label = shown(share.label, language, zone)
        if share.upto is not None:
            label += f" – {shown(share.upto, language, zone)}"
        part = share.people / told.people if told.people else 0.0
        table.add_row(label, f"{share.people:,}", f"{part:.1%}", "█" * round(part * 40))
    covered = told.covered / told.people if told.people else 0.0
    title = told.tag.zh if language is Language.ZH else told.tag.en
    head = f"{title} ({told.tag.name}), {word('coverage', language)} {covered:.1%}"
    definition = told.tag.definition_zh if language is Language.ZH else told.tag.definition_en
    door.tell(told, head, definition, table)
