"""``qianmian sync …``: a receiver or a database is told who enters or leaves an audience, or changes a tag."""

from __future__ import annotations

import os
from time import sleep
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.syncs import SyncPageTold, SyncTold
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.syncs.held import Held
from qianmian.app.syncs.make import make
from qianmian.app.syncs.run import Syncing
from qianmian.app.syncs.syncs import Sync, SyncDraft, Syncs, Way
from qianmian.cli.door import Door, command
from qianmian.cli.exits import DECLINED, printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown, word
from qianmian.core.language import Language
from qianmian.segment.members.causes import Cause

_Number = Annotated[int, typer.Argument(min=1, help="Number of the sync.", metavar="SYNC", show_default=False)]
_Name = Annotated[str, typer.Argument(help="What to call it.", metavar="NAME", show_default=False)]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Syncs: receivers are told what each build changed.")
    for name, function in (
        ("add", add),
        ("list", list_syncs),
        ("show", show),
        ("run", run),
        ("pause", pause),
        ("resume", resume),
        ("approve", approve),
        ("delete", delete),
    ):
        command(group, name)(function)
    app.add_typer(group, name="sync")


def add(  # noqa: PLR0913, PLR0917  # every part of a sync is an option
    door: Door,
    name: _Name,
    sink: Annotated[str, typer.Option(help="Receiver of QIANMIAN_SINK_…, or database of QIANMIAN_TARGET_….")],
    audience: Annotated[int, typer.Option(min=0, help="Number of the audience; 0 = whoever the tags speak of.")] = 0,
    tag: Annotated[list[str] | None, typer.Option(help="A tag whose values go along; may be repeated.")] = None,
    relation: Annotated[str, typer.Option(help="Table of the database; without it, a webhook is told.")] = "",
    namespace: Annotated[str, typer.Option(help="Kind of identifier under which people are told.")] = "user_id",
    purpose: Annotated[str, typer.Option(help="What for; must be registered.")] = "marketing",
    cause: Annotated[
        list[Cause] | None, typer.Option(help="A cause of entry that counts; may be repeated; none = all.")
    ] = None,
    daily_at: Annotated[int, typer.Option(min=-1, max=23, help="Local hour; -1 = after each build.")] = -1,
) -> None:
    """Make a sync; a server runs it after each build, or once a day."""
    draft = SyncDraft(
        name=name,
        audience=audience or None,
        tags=tuple(tag or ()),
        way=Way.DATABASE if relation else Way.WEBHOOK,
        sink=sink,
        relation=relation,
        namespace=namespace,
        purpose=purpose,
        causes=tuple(cause or ()),
        daily_at=None if daily_at < 0 else daily_at,
    )
    with door.shop() as shop:
        _tell(door, shop, make(shop, draft))


def list_syncs(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List the syncs, the newest first, how far each is and what is wrong."""
    with door.shop() as shop:
        shop.workspace.purposes.check(purpose)
        language, zone = door.language(shop), shop.workspace.settings.zone
        told = [SyncTold.of(shop.workspace, one, language) for one in _syncs(shop).all()]
    heads = ("sync", "state", "sync_held", "sync_build", "sync_delivered", "sync_problem")
    table = Table("", *(word(key, language) for key in heads), box=None)
    for one in told:
        at = shown(one.delivered_at, language, zone) if one.delivered_at else ""
        state = word(f"sync_{one.state}", language)
        table.add_row(
            str(one.sync), printable(one.name), state, f"{one.held:,}", str(one.build or ""), at, printable(one.problem)
        )
    door.tell_rows(told, table, "no syncs; the first: qianmian sync add NAME --audience 1 --sink crm")


def show(door: Door, sync: _Number, purpose: Purpose = ANALYSE) -> None:
    """Show a sync, what its receiver was told, and when identifiers left."""
    with door.shop() as shop:
        shop.workspace.purposes.check(purpose)
        language, zone = door.language(shop), shop.workspace.settings.zone
        told = SyncPageTold.of(shop.workspace, _syncs(shop).get(sync), language)
    heads = ("sync_build", "sync_entered", "sync_changed", "sync_left", "sync_pieces", "sync_delivered")
    table = Table("", *(word(key, language) for key in heads), box=None)
    for one in told.deliveries:
        numbers = [f"{many:,}" for many in (one.entered_people, one.changed_people, one.left_people)]
        at = shown(one.ended_at, language, zone) if one.ended_at else ""
        table.add_row(str(one.delivery), str(one.build), *numbers, f"{one.done}/{one.pieces}", at)
    door.tell(told, *_lines(told.sync, language), table)


def run(door: Door, sync: _Number) -> None:
    """Tell the receiver what changed since it was told last; one that failed goes on where it was."""
    with door.shop() as shop:
        with door.watch() as watch:
            told = Syncing(shop, sync, os.environ, sleep).run(watch)
        if told:
            _tell(door, shop, told)
        else:
            door.tell({"sync": sync}, f"deleted: {sync}")


def pause(door: Door, sync: _Number) -> None:
    """Let a sync run no longer by itself."""
    with door.shop() as shop:
        _tell(door, shop, _syncs(shop).pause(sync, paused=True))


def resume(door: Door, sync: _Number) -> None:
    """Let a sync run by itself again, also one that had stopped."""
    with door.shop() as shop:
        _tell(door, shop, _syncs(shop).pause(sync, paused=False))


def approve(
    door: Door, sync: _Number, refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False
) -> None:
    """Approve or refuse a sync that an account of the console made."""
    with door.shop() as shop:
        _tell(door, shop, _syncs(shop).decide(sync, approve=not refuse))


def delete(door: Door, sync: _Number, yes: _Yes = False) -> None:
    """End a sync, so that its next run takes its people back; forget one that was ended or holds nobody."""
    with door.shop() as shop:
        held = Held(shop.workspace.catalogue, shop.workspace.clock, sync).size()
        if not door.confirm(f"Delete sync {sync}, whose receiver holds {held:,} people?", yes=yes):
            raise typer.Exit(DECLINED)
        ended = _syncs(shop).delete(sync, held=held)
        if ended:
            _tell(door, shop, ended)
        else:
            door.tell({"sync": sync}, f"deleted: {sync}")


def _syncs(shop: Shop) -> Syncs:
    return Syncs(shop.workspace.catalogue, shop.workspace.clock)


def _tell(door: Door, shop: Shop, sync: Sync) -> None:
    language = door.language(shop)
    told = SyncTold.of(shop.workspace, sync, language)
    door.tell(told, *_lines(told, language))


def _lines(told: SyncTold, language: Language) -> list[str]:
    what = word("sync_audience", language, told.audience) if told.audience else word("sync_everybody", language)
    to = f"{told.sink}:{told.relation}" if told.relation else told.sink
    state = word(f"sync_{told.state}", language)
    lines = [
        f"{told.sync}  {printable(told.name)}  {word('sync_told', language, state, f'{told.held:,}')}",
        f"{' + '.join((what, *told.tags))} · {told.purpose} · {told.namespace} → {to}",
    ]
    return [*lines, printable(told.problem)] if told.problem else lines
