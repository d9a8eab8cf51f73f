"""``qianmian clean …``: the rules by which data are judged, and what they flagged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.cleaning import CleaningRules
from qianmian.app.contracts.quality import (
    CleaningReportTold,
    CleaningRulesTold,
    FilledTold,
    FillReportTold,
    FlaggedEventTold,
)
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.questions.fills import fill_reports, newest_fills
from qianmian.app.questions.flags import flagged, report
from qianmian.app.shop import ANALYSE
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.core.errors import CleaningError
from qianmian.unify.clean.declaration import read_cleaning

_File = Annotated[Path, typer.Argument(help="Rules, YAML: see docs/guides/cleaning.md.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Cleaning: what data are judged by; nothing is dropped.")
    rules = typer.Typer(no_args_is_help=True, help="The rules by which data are judged.")
    for name, function in (("show", show), ("check", check), ("apply", apply)):
        command(rules, name)(function)
    command(group, "report")(show_report)
    command(group, "flags")(flags)
    command(group, "fills")(fills)
    group.add_typer(rules, name="rules")
    app.add_typer(group, name="clean")


def show_report(door: Door, purpose: Purpose = ANALYSE) -> None:
    """Show what each rule flagged at the last check; nothing was changed."""
    with door.shop() as shop:
        told = CleaningReportTold.model_validate(report(shop, purpose=purpose))
    table = Table("rule", "source", "field", "events", "share", "identifiers", "last", "counts", box=None)
    for one in told.rules:
        share = f"{one.events / told.events:.3%}"
        last = f"{one.last_at:%Y-%m-%d %H:%M}"
        field = printable(one.field)
        counts = "no" if one.is_left_out else "yes"
        share_of_all = (f"{one.events:,}", share, f"{one.identifiers:,}")
        table.add_row(one.rule, one.source, field, *share_of_all, last, counts)
    words = Table("read by", "field", "source", "words", "events", box=None)
    for word in told.words:
        words.add_row(word.rule, word.field, word.source, f"{word.words:,}", f"{word.events:,}")
    unknown = Table("unknown word", "field", "source", "events", box=None)
    for lacking in told.unknown:
        unknown.add_row(printable(lacking.word), lacking.field, lacking.source, f"{lacking.events:,}")
    if told.checked_at is None:
        door.tell_rows(told, table, "not measured")
        return
    current = "" if told.is_current else "; events or rules changed since: qianmian quality check"
    door.tell(
        told,
        table,
        words,
        unknown,
        f"of {told.events:,} events, as of {told.checked_at:%Y-%m-%d %H:%M} UTC{current}",
        f"left out: {', '.join(told.leave_out) or 'nothing'}",
    )


def flags(
    door: Door,
    rule: Annotated[str, typer.Argument(help="Rule, as `report` lists it.", show_default=False)],
    source: Annotated[str, typer.Argument(help="Data source.", show_default=False)],
    field: Annotated[str, typer.Argument(help="Field; none for rules of whole events.", show_default=False)] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Show the newest events that a rule flagged, and whose they are."""
    with door.shop() as shop:
        found = flagged(shop, rule, source, field, purpose=purpose)
    told = [FlaggedEventTold.model_validate(one) for one in found]
    table = Table("event", "id", "occurred", "value", "like", "person", box=None)
    for one in told:
        words = (printable(text or "") for text in (one.event, one.event_id))
        rest = (printable(text or "") for text in (one.value, one.like_event, one.person))
        table.add_row(*words, f"{one.occurred_at:%Y-%m-%d %H:%M:%S}", *rest)
    door.tell(told, table)


def fills(
    door: Door,
    field: Annotated[str, typer.Argument(help="One field: its newest, and whose they are.", show_default=False)] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Show what was filled of missing values at the last check, and how well; the events stay empty."""
    if field:
        with door.shop() as shop:
            told = [FilledTold.model_validate(one) for one in newest_fills(shop, field, purpose=purpose)]
        table = Table("event", "id", "occurred", "method", "value", "known", "doubt", "person", box=None)
        for one in told:
            words = (printable(one.event), printable(one.event_id), f"{one.occurred_at:%Y-%m-%d %H:%M:%S}", one.method)
            table.add_row(*words, printable(one.value), f"{one.known:,}", _number(one.doubt), one.person or "")
        door.tell(told, table)
        return
    with door.shop() as shop:
        reports = [FillReportTold.model_validate(one) for one in fill_reports(shop, purpose=purpose)]
    table = Table("field", "method", "by", "empty", "filled", "tried", "error", "usual error", box=None)
    for one_fill in reports:
        row = (printable(one_fill.field), one_fill.method, one_fill.by, f"{one_fill.empty:,}", f"{one_fill.filled:,}")
        table.add_row(*row, f"{one_fill.tried:,}", _number(one_fill.error), _number(one_fill.error_usual))
    door.tell_rows(reports, table, "nothing filled")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.3f}"


def show(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product.")] = False,
) -> None:
    """Print the rules that hold, as YAML; a start for one's own."""
    with door.shop() as shop:
        told = CleaningRulesTold.of(shop.workspace)
    text = told.own.text if told.own and not built_in else told.built_in
    show_declaration(door, told, text)


def check(door: Door, file: _File) -> None:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    with door.shop() as shop:
        given = read_cleaning(read_declaration(file, CleaningError), file.name)
        told = DifferenceTold.between(given, CleaningRules(shop.workspace.catalogue, shop.workspace.clock).cleaning())
    tell_difference(door, told)


def apply(door: Door, file: _File) -> None:
    """Let rules hold from the next check on, for all the past too."""
    with door.shop() as shop:
        rules = CleaningRules(shop.workspace.catalogue, shop.workspace.clock)
        told = VersionTold.model_validate(rules.apply(read_declaration(file, CleaningError), file.name))
    door.tell(
        told,
        f"version {told.version} was applied; it takes effect with the next check, and leave_out with the next build",
    )
