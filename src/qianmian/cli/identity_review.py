"""``qianmian identity review …``: pairs that wait for somebody to say whether they are one person's."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.identity_decisions import EndTold, decisions_told
from qianmian.app.contracts.identity_review import PairsFoundTold, ReviewQueueTold, reviews_told
from qianmian.app.identity_preview import preview
from qianmian.app.identity_proposals import accepted_wish, find_pairs, refused_wish
from qianmian.app.identity_review import IdentityReview, ReviewState
from qianmian.app.shop import ANALYSE, Shop
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.identity_decisions import Reason, tell_wish
from qianmian.cli.profile import Purpose

_Number = Annotated[int, typer.Argument(help="Number of the pair: see list.", metavar="PAIR", show_default=False)]


def register_review(group: typer.Typer) -> None:
    """Add the commands about the review queue to those about identity."""
    review = typer.Typer(no_args_is_help=True, help="Pairs that may be one person's, until somebody says.")
    for name, function in (("list", list_pairs), ("find", find), ("accept", accept), ("refuse", refuse)):
        command(review, name)(function)
    group.add_typer(review, name="review")


def list_pairs(
    door: Door,
    state: Annotated[ReviewState, typer.Option(help="In which state.")] = ReviewState.OPEN,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many.")] = 20,
    purpose: Purpose = ANALYSE,
) -> None:
    """List pairs, those with most that speaks for them first."""
    with door.shop() as shop:
        pairs = _review(shop).pairs(state)
        told = ReviewQueueTold(total=len(pairs), pairs=reviews_told(shop, pairs[:limit], purpose=purpose))
    table = Table("pair", "a", "b", "weight", "probability", "reasons", "by", box=None)
    for one in told.pairs:
        reasons = ", ".join(f"{why.field} {why.level} ({why.weight:+.1f})" for why in one.reasons)
        sides = (_side(one.a), _side(one.b))
        table.add_row(str(one.number), *sides, f"{one.weight:.1f}", f"{one.probability:.0%}", reasons, one.producer)
    door.tell_rows(told, table, "no pairs", f"{told.total:,} pairs")


def find(door: Door, purpose: Purpose = ANALYSE) -> None:
    """Put into the queue what identity rules refused, and take out what needs nobody's eyes any more."""
    with door.shop() as shop:
        told = PairsFoundTold(added=find_pairs(shop, purpose=purpose), open=len(_review(shop).pairs()))
    door.tell(told, f"{told.added:,} new pairs; {told.open:,} wait")


def accept(
    door: Door,
    pair: _Number,
    reason: Reason = None,
    accounts_too: Annotated[
        bool, typer.Option("--accounts-too", help="Also if both have an account, each another one.")
    ] = False,
    purpose: Purpose = ANALYSE,
) -> None:
    """Say that a pair is one person's; tells what changes, then, with a reason, does."""
    with door.shop() as shop:
        review = _review(shop)
        wish = accepted_wish(shop, review.get(pair).proposal, accounts_too=accounts_too, purpose=purpose)
        seen = preview(shop, wish, purpose=purpose)
        made = None if reason is None else review.accept(pair, wish, reason)
        tell_wish(door, seen, decisions_told(shop.workspace, [made] if made else []))


def refuse(door: Door, pair: _Number, reason: Reason = None, purpose: Purpose = ANALYSE) -> None:
    """Say that a pair is not one person's; it is held apart, and not proposed again on the same evidence."""
    with door.shop() as shop:
        review = _review(shop)
        wish = refused_wish(shop, review.get(pair).proposal, purpose=purpose)
        seen = preview(shop, wish, purpose=purpose)
        made = None if reason is None else review.refuse(pair, wish, reason)
        tell_wish(door, seen, decisions_told(shop.workspace, [made] if made else []))


def _review(shop: Shop) -> IdentityReview:
    return IdentityReview(shop.workspace.catalogue, shop.workspace.clock)


def _side(end: EndTold) -> str:
    return printable(f"{end.namespace}:{end.value}") if end.namespace else "erased"
