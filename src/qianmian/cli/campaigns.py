"""``qianmian campaign …``: an audience is written to but for a holdout, and what came of it."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from time import sleep
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.campaigns import plan as planning
from qianmian.app.campaigns import report as reporting
from qianmian.app.campaigns.campaigns import MOST_DAYS, MOST_HELD_OUT, Campaign, Campaigns, Draft
from qianmian.app.campaigns.recipients_file import recipients_file
from qianmian.app.campaigns.send import Sending
from qianmian.app.contracts.campaigns import CampaignPageTold, CampaignPlanTold, CampaignTold, EstimateTold, ReportTold
from qianmian.app.shop import ANALYSE, Shop
from qianmian.cli.door import Door, command
from qianmian.cli.exits import DECLINED, printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import shown, word
from qianmian.core.errors import InputError
from qianmian.core.language import Language

_Number = Annotated[int, typer.Argument(min=1, help="Number of the campaign.", metavar="CAMPAIGN", show_default=False)]
_Name = Annotated[str, typer.Argument(help="What to call it.", metavar="NAME", show_default=False)]
_Condition = Annotated[
    str, typer.Argument(help="Whom it is for, see docs/guides/conditions.md.", metavar="CONDITION", show_default=False)
]
_Spend = Annotated[str, typer.Option(help="What it costs in all, in the shop's currency.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Campaigns: an audience is written to but for a holdout.")
    for name, function in (
        ("add", add),
        ("list", list_campaigns),
        ("show", show),
        ("plan", plan),
        ("send", send),
        ("file", write_file),
        ("spend", note_spend),
        ("report", report),
        ("delete", delete),
    ):
        command(group, name)(function)
    app.add_typer(group, name="campaign")


def add(  # noqa: PLR0913, PLR0917  # every part of a campaign is an option
    door: Door,
    name: _Name,
    condition: _Condition,
    purpose: Annotated[str, typer.Option(help="What people are written to for; must be registered.")] = "marketing",
    namespace: Annotated[str, typer.Option(help="Kind of identifier under which they are written to.")] = "user_id",
    sink: Annotated[str, typer.Option(help="file, or a receiver named by QIANMIAN_SINK_….")] = "file",
    holdout: Annotated[float, typer.Option(min=0, max=MOST_HELD_OUT, help="Share to hold out by chance.")] = 0.1,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days in which an order counts.")] = 14,
    spend: _Spend = "",
) -> None:
    """Make a draft of a campaign; nobody is written to."""
    with door.shop() as shop:
        meant = shop.audience(condition, purpose=purpose, limit=0).condition
        draft = Draft(
            name=name,
            condition=meant,
            purpose=purpose,
            namespace=namespace,
            sink=sink,
            holdout_share=holdout,
            window_days=days,
            spend=_money(spend),
        )
        _tell(door, _campaigns(shop).add(draft, shop.workspace.entropy))


def list_campaigns(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List the campaigns, the newest first."""
    with door.shop() as shop:
        shop.workspace.purposes.check(purpose)
        told, language = [CampaignTold.of(one) for one in _campaigns(shop).all()], door.language(shop)
        zone = shop.workspace.settings.zone
    table = Table("", *(word(key, language) for key in ("campaign", "state", "treatment", "holdout")), "", box=None)
    for one in told:
        arms = ["–" if many is None else f"{many:,}" for many in (one.treatment, one.holdout)]
        at = shown(one.assigned_at or one.created_at, language, zone)
        table.add_row(str(one.campaign), printable(one.name), word(f"campaign_{one.state}", language), *arms, at)
    door.tell_rows(told, table, "no campaigns; the first: qianmian campaign add NAME CONDITION")


def show(door: Door, campaign: _Number, purpose: Purpose = ANALYSE) -> None:
    """Show a campaign, how far its delivery is, and who was handed its people."""
    with door.shop() as shop:
        shop.workspace.purposes.check(purpose)
        kept = _campaigns(shop)
        told, language = CampaignPageTold.of(kept.get(campaign), kept), door.language(shop)
        zone = shop.workspace.settings.zone
    lines = [*_lines(told.campaign), f"{told.pieces:,} pieces, {told.delivered:,} people delivered"]
    lines += [
        f"{shown(one.disclosed_at, language, zone)}  {one.people:,} → {one.receiver} ({one.purpose})"
        for one in told.disclosures
    ]
    door.tell(told, *lines)


def plan(door: Door, campaign: _Number) -> None:
    """Tell what sending a draft now would mean: who is left out and why, and what could be seen; changes nothing."""
    with door.shop() as shop:
        told = CampaignPlanTold.model_validate(planning.plan(shop, _campaigns(shop).get(campaign)))
        language = door.language(shop)
    table = Table("", word("people", language), box=None)
    for key in ("people", "not_agreed", "unreachable", "treatment", "holdout"):
        table.add_row(word(f"plan_{key}", language), f"{getattr(told, key):,}")
    seen = word("nothing_seen", language) if told.smallest is None else f"{told.smallest:.1%}"
    door.tell(told, table, f"{word('anyway', language)} {told.anyway:.1%}", f"{word('smallest', language)} {seen}")


def send(
    door: Door,
    campaign: _Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let chance decide, and deliver to everybody but the holdout; one that failed goes on where it was."""
    with door.shop() as shop:
        kept = _campaigns(shop).get(campaign)
        if not kept.assigned_at:
            meant = planning.plan(shop, kept)
            door.note(f"{kept.sink}: {meant.treatment:,} people, {meant.holdout:,} held out")
        if not door.confirm(f"Send campaign {campaign}?", yes=yes):
            raise typer.Exit(DECLINED)
        with door.watch() as watch:
            _tell(door, Sending(shop, campaign, os.environ, sleep).run(watch))


def write_file(
    door: Door, campaign: _Number, to: Annotated[Path, typer.Option(help="File to write.", show_default=False)]
) -> None:
    """Write the people who may be written to now, under their identifiers, into a CSV file; this is noted."""
    with door.shop() as shop:
        file = recipients_file(shop, _campaigns(shop).get(campaign))
        to.touch(mode=0o600)
        with to.open("w", encoding="utf-8", newline="") as out:
            out.writelines(file.pieces)
    door.tell({"file": str(to), "people": file.people}, f"written: {to}, {file.people:,} people")


def note_spend(
    door: Door, campaign: _Number, spend: Annotated[str, typer.Argument(help="In all.", metavar="SPEND")]
) -> None:
    """Note what a campaign cost in all."""
    with door.shop() as shop:
        _tell(door, _campaigns(shop).note_spend(campaign, _money(spend)))


def report(door: Door, campaign: _Number, purpose: Purpose = ANALYSE) -> None:
    """Tell what a campaign brought: who was written to beside who was held out."""
    with door.shop() as shop:
        told = ReportTold.of(reporting.report(shop, _campaigns(shop).get(campaign), purpose=purpose))
        language = door.language(shop)
    table = Table("", *(word(key, language) for key in ("people", "converted", "share", "mean")), box=None)
    for key in ("treatment", "holdout"):
        arm = getattr(told, key)
        table.add_row(
            word(key, language), f"{arm.people:,}", f"{arm.converted:,}", f"{arm.share:.2%}", f"{arm.mean:,.2f}"
        )
    lines = [word(f"verdict_{told.verdict}", language)]
    if told.effect and told.verdict != "not_built":
        effect = told.effect
        lines += _estimate("extra_share", effect.conversion, "+.2%", language)
        lines += _estimate("extra_converted", effect.extra_converted, "+,.0f", language)
        lines += _estimate("extra_revenue", effect.extra_revenue, "+,.2f", language)
        lines += _estimate("gain", told.gain, ".2f", language)
    door.tell(told, table, *lines)


def delete(door: Door, campaign: _Number) -> None:
    """Delete a draft."""
    with door.shop() as shop:
        _campaigns(shop).delete(campaign)
    door.tell({"campaign": campaign}, f"deleted: {campaign}")


def _estimate(key: str, one: EstimateTold | None, form: str, language: Language) -> list[str]:
    return [f"{word(key, language)} {one.value:{form}}  [{one.low:{form}}, {one.high:{form}}]"] if one else []


def _money(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        raise InputError("campaign_spend") from None


def _campaigns(shop: Shop) -> Campaigns:
    return Campaigns(shop.workspace.catalogue, shop.workspace.clock)


def _tell(door: Door, campaign: Campaign) -> None:
    told = CampaignTold.of(campaign)
    door.tell(told, *_lines(told))


def _lines(told: CampaignTold) -> list[str]:
    arms = "" if told.treatment is None else f", {told.treatment:,} people, {told.holdout:,} held out"
    return [
        f"{told.campaign}  {printable(told.name)}  {told.state}{arms}",
        told.condition,
        f"{told.purpose} · {told.namespace} → {told.sink} · holdout {told.holdout_share:.0%} · {told.window_days} days",
    ]
