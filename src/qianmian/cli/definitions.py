"""``qianmian tag …``: the tags that a shop declares: print, check, try, apply and take away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.definitions import TagDefinitionsTold, TriedTagTold, difference
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.questions.definitions import try_tag
from qianmian.app.shop import ANALYSE, Shop
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door
from qianmian.cli.exits import printable
from qianmian.cli.words import shown, word
from qianmian.core.errors import RulesError, UnknownNameError
from qianmian.profile.tags.built_in import read_tags

_File = Annotated[Path, typer.Argument(help="YAML file of tags: see docs/guides/tags.md.", show_default=False)]
_Name = Annotated[str, typer.Argument(help="Name of the tag.", metavar="TAG", show_default=False)]
_Purpose = Annotated[str, typer.Option(help="What the data is looked up for.")]


def show_definitions(door: Door) -> None:
    """Print the shop's own tags as YAML, as they can be read again."""
    with door.shop() as shop:
        told = TagDefinitionsTold.of(shop.workspace)
    show_declaration(door, told, told.current.text if told.current and told.current.text else "tags: {}")


def check_definitions(door: Door, file: _File) -> None:
    """Tell whether a file's tags can be declared, and which differ from those that hold."""
    with door.shop() as shop:
        kept = _kept(shop)
        told = difference(kept.read(read_declaration(file, RulesError), file.name), kept.declaration())
    tell_difference(door, told)


def try_definition(door: Door, file: _File, tag: _Name, purpose: _Purpose = ANALYSE) -> None:
    """Work out for some people what a tag of a file would say, and what it says now; nothing is kept."""
    with door.shop() as shop:
        written = read_tags(read_declaration(file, RulesError), file.name)
        if tag not in written.entries:
            raise UnknownNameError("no_tag", tag=tag)
        told = TriedTagTold.of(try_tag(shop, tag, written.entries[tag], purpose=purpose, beside=written))
        language, zone = door.language(shop), shop.workspace.settings.zone
    table = Table(word("value", language), word("people", language), box=None)
    for share in told.shares:
        ends = [shown(end, language, zone) for end in (share.label, share.upto) if end is not None]
        table.add_row(printable(" – ".join(dict.fromkeys(ends))), f"{share.people:,}")
    covered = told.covered / told.people if told.people else 0.0
    head = f"{tag}: {told.people:,} / {told.of_people:,}, {word('coverage', language)} {covered:.1%}"
    door.tell(told, head, table)


def apply_definitions(door: Door, file: _File) -> None:
    """Declare all of the shop's own tags anew, as a file has them."""
    text = read_declaration(file, RulesError)
    with door.shop() as shop:
        version = _kept(shop).apply(text, file.name).version
        told = TagDefinitionsTold.of(shop.workspace)
    door.tell(told, f"version {version}: {len(told.names)} tags are declared; see `qianmian tag list` for their state")


def delete_definition(door: Door, tag: _Name) -> None:
    """Take one of the shop's own tags away; applying an earlier version brings it back."""
    with door.shop() as shop:
        version = _kept(shop).remove(tag).version
        told = TagDefinitionsTold.of(shop.workspace)
    door.tell(told, f"version {version}: {tag} is no longer declared")


def _kept(shop: Shop) -> DeclaredTags:
    return DeclaredTags(shop.workspace.catalogue, shop.workspace.clock)
