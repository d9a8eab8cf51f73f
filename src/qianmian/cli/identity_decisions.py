"""``qianmian identity merge|split|undo|decisions``: who is who by hand, seen before it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.identity_decisions import (
    DecisionPreviewTold,
    DecisionTold,
    EndTold,
    decisions_told,
    every_decision_told,
)
from qianmian.app.identity_decisions import DecisionKind, IdentityDecisions, Wish
from qianmian.app.identity_preview import Preview, merge_wish, preview, split_wish, undo_wish
from qianmian.app.shop import ANALYSE, Shop
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.identity_rules import examples_shown
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown
from qianmian.core.clock import in_zone
from qianmian.core.errors import InputError

_NAME = "namespace:value, a bare user_id, person:<id>, or id:<id> of an answer."
Reason = Annotated[str | None, typer.Option(help="Why; without it only what would change is told.", show_default=False)]
_LATER = "it takes effect with the next build: qianmian build"


def register_decisions(group: typer.Typer) -> None:
    """Add the commands about decisions to those about identity."""
    for name, function in (("merge", merge), ("split", split), ("undo", undo), ("decisions", list_decisions)):
        command(group, name)(function)


def merge(
    door: Door,
    one: Annotated[str, typer.Argument(help=_NAME, metavar="A", show_default=False)],
    other: Annotated[str, typer.Argument(help="The same.", metavar="B", show_default=False)],
    reason: Reason = None,
    accounts_too: Annotated[
        bool, typer.Option("--accounts-too", help="Also if both have an account, each another one.")
    ] = False,
    purpose: Purpose = ANALYSE,
) -> None:
    """Say that two identifiers are one person's, whatever the limits; tells what changes, then, with a reason, does."""
    with door.shop() as shop:
        wish = merge_wish(shop, one, other, accounts_too=accounts_too, purpose=purpose)
        _decided(door, shop, wish, reason, purpose)


def split(
    door: Door,
    person: Annotated[str, typer.Argument(help=f"What stays: {_NAME}", metavar="PERSON", show_default=False)],
    apart: Annotated[list[str], typer.Option(help="What is not that person's; may be repeated.", show_default=False)],
    since: Annotated[
        str | None, typer.Option(help="From which date or instant on it is somebody else's; all along if not given.")
    ] = None,
    reason: Reason = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Say that identifiers are not a person's; tells what changes, then, with a reason, does."""
    with door.shop() as shop:
        instant = None if since is None else _instant(since, shop)
        _decided(door, shop, split_wish(shop, person, apart, since=instant, purpose=purpose), reason, purpose)


def undo(
    door: Door,
    decision: Annotated[int, typer.Argument(help="Its number: see decisions.", show_default=False)],
    reason: Reason = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Let a merge or a split hold no longer; tells what changes, then, with a reason, does."""
    with door.shop() as shop:
        _decided(door, shop, undo_wish(shop, decision), reason, purpose)


def list_decisions(door: Door) -> None:
    """List what was decided by hand, the newest first."""
    with door.shop() as shop:
        told, language, zone = every_decision_told(shop.workspace), door.language(shop), shop.workspace.settings.zone
    table = Table("decision", "at", "by", "what", "reason", "state", box=None)
    for one in told:
        at = shown(one.decided_at, language, zone)
        table.add_row(str(one.decision), at, one.decided_by or "–", _what(one), printable(one.reason), _state(one))
    door.tell_rows(told, table, "no decisions")


def _decided(door: Door, shop: Shop, wish: Wish, reason: str | None, purpose: str) -> None:
    seen = preview(shop, wish, purpose=purpose)
    log = IdentityDecisions(shop.workspace.catalogue, shop.workspace.clock)
    tell_wish(door, seen, decisions_told(shop.workspace, [] if reason is None else [log.add(wish, reason)]))


def tell_wish(door: Door, seen: Preview, made: list[DecisionTold]) -> None:
    """Put out what a wish would change, and the decision, if it was taken."""
    found = DecisionPreviewTold.of(seen)
    words = f"{found.people_before:,} people would be {found.people_after:,}; {found.events:,} events and "
    words += f"{found.orders:,} orders ({found.net:,.2f}) would be somebody else's"
    words = words if found.people else "by the evidence of now nothing changes"
    audiences = [f"{one.changed:,} of {one.people:,} in {printable(one.name)} change" for one in found.audiences]
    end = f"decision {made[0].decision}: {_LATER}" if made else "nothing was decided: give a --reason"
    told = {"preview": found, "decision": made[0] if made else None}
    door.tell(told, words, *audiences, *([examples_shown(found.people)] if found.people else []), end)


def _what(one: DecisionTold) -> str:
    if one.kind is DecisionKind.UNDO:
        return f"undo {one.undoes}"
    since = f" since {one.cut_at:%Y-%m-%d %H:%M}Z" if one.cut_at else ""
    return f"{one.kind.value} {_names(one.one)} | {_names(one.others)}{since}"


def _names(ends: list[EndTold]) -> str:
    return ", ".join(printable(f"{end.namespace}:{end.value}") if end.namespace else "erased" for end in ends) or "–"


def _state(one: DecisionTold) -> str:
    if one.undone_by is not None:
        return f"undone by {one.undone_by}"
    if not one.stands and one.kind is not DecisionKind.UNDO:
        return "erased"
    return "" if one.is_published else "next build"


def _instant(text: str, shop: Shop) -> datetime:
    """An instant; of a date alone, the first moment of that local date."""
    try:
        return in_zone(datetime.fromisoformat(text), shop.workspace.settings.zone)
    except ValueError:
        raise InputError("decision_since") from None
