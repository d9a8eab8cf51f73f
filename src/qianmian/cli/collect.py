"""``qianmian import …``: files come in, are looked at, replayed and taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from qianmian.app.contracts.collect import BatchTold, ImportTold, PreviewTold, RefusedTold, TemplateTold, UndoneTold
from qianmian.cli.door import Door, command
from qianmian.cli.exits import DECLINED, printable
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.imports.templates import all_templates, find_template
from qianmian.core.language import Language

_Mapping = Annotated[Path, typer.Option("--mapping", "-m", help="The YAML file that says what each column means.")]
_Batch = Annotated[int, typer.Argument(help="Number of the batch: see `qianmian import list`.", show_default=False)]
_File = Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet, JSONL or JSON.", show_default=False)]


class ImportGroup(TyperGroup):
    """``qianmian import FILE`` is ``qianmian import run FILE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in ``run`` where no other command is named."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(
        cls=ImportGroup,
        no_args_is_help=True,
        help="Import files: `qianmian import FILE --mapping M`, and what belongs to it.",
    )
    for name, function in (
        ("run", run_import),
        ("preview", preview),
        ("list", list_batches),
        ("undo", undo),
        ("refused", refused),
        ("replay", replay),
    ):
        command(group, name)(function)
    command(group, "template", workspace=False)(template)
    app.add_typer(group, name="import")


def run_import(  # noqa: PLR0913, PLR0917  # a command has as many parameters as options
    door: Door,
    file: _File,
    mapping: _Mapping,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would happen, write nothing.")] = False,
    replaces: Annotated[int | None, typer.Option(help="Number of a batch that leaves as this one comes.")] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="It brings the past: its events trigger nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a batch is replaced.")] = False,
) -> None:
    """Import a file by a mapping; whole, or not at all."""
    with door.shop() as shop:
        if replaces and not dry_run and not door.confirm(f"Take batch {replaces} out as this file comes?", yes=yes):
            raise typer.Exit(DECLINED)
        with door.watch() as watch:
            report = shop.import_file(
                file, mapping, dry_run=dry_run, replaces=replaces, is_backfill=backfill, watch=watch
            )
        language = door.language(shop)
    tell_report(door, report, language, dry_run=dry_run)


def preview(
    door: Door,
    file: _File,
    mapping: _Mapping,
    rows: Annotated[int, typer.Option(min=1, max=1000, help="How many rows.")] = 20,
) -> None:
    """Show what the first rows of a file would become, personal values masked."""
    with door.shop() as shop:
        told = [PreviewTold.of(row) for row in shop.preview(file, mapping, rows)]
    table = Table("row", "refused", "fields", box=None)
    for row in told:
        fields = "  ".join(f"{name}={value}" for name, value in row.fields.items())
        table.add_row(str(row.row), f"{row.refused} {printable(row.field)}".strip(), printable(fields))
    door.tell(told, table)


def list_batches(door: Door) -> None:
    """List all imports, newest first."""
    with door.shop() as shop:
        told = [BatchTold.of(row) for row in shop.batches.all()]
    table = Table("batch", "file", "source", "accepted", "refused", "released", "undone", "", box=None)
    for row in told:
        numbers = (f"{row.accepted:,}", f"{row.refused_rows:,}")
        instants = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (row.done_at, row.undone_at))
        mark = "backfill" if row.is_backfill else ""
        table.add_row(str(row.batch), printable(row.file), row.source, *numbers, *instants, mark)
    door.tell_rows(told, table, "no batches")


def undo(door: Door, batch: _Batch) -> None:
    """Take a batch out again; profiles follow with the next build."""
    with door.shop() as shop, door.watch() as watch:
        told = UndoneTold(batch=batch, stood=shop.undo(batch, watch))
    door.tell(told, f"batch {batch} {'is out' if told.stood else 'was out already'}")


def refused(door: Door, batch: _Batch) -> None:
    """List the refused rows of a batch with their reasons, values masked."""
    with door.shop() as shop:
        told = [RefusedTold.of(row, door.language(shop)) for row in shop.refused(batch)]
    table = Table("row", "reason", "field", "detail", box=None)
    for row in told:
        table.add_row(str(row.position), row.reason, printable(row.field), printable(row.detail))
    door.tell(told, table)


def template(
    door: Door,
    name: Annotated[str, typer.Argument(help="Such as taobao/order_lines; all of them if not given.")] = "",
) -> None:
    """List the mappings for downloads of platforms, or write one out: `… > mapping.yaml`."""
    if name:
        found = TemplateTold.model_validate(find_template(name))
        door.tell(found, Text(found.text.rstrip("\n")))
        return
    told = [TemplateTold.model_validate(one) for one in all_templates()]
    table = Table("template", "reads", box=None)
    for one in told:
        table.add_row(one.name, one.about)
    door.tell(told, table)


def replay(
    door: Door,
    batch: _Batch,
    mapping: Annotated[Path | None, typer.Option("--mapping", "-m", help="A corrected mapping.")] = None,
) -> None:
    """Import the refused rows of a batch again, once the reason is gone."""
    with door.shop() as shop, door.watch() as watch:
        report = shop.replay(batch, mapping, watch=watch)
        language = door.language(shop)
    tell_report(door, report, language)


def tell_report(door: Door, report: ImportReport, language: Language, *, dry_run: bool = False) -> None:
    """Tell what an import did."""
    told = ImportTold.of(report, language)
    if told.already:
        head = "this file was imported with this mapping before; nothing was done"
    elif not told.batch:
        head = "dry run: nothing was written" if dry_run else "nothing would be taken; nothing was changed"
    else:
        head = f"batch {told.batch}"
    numbers = (
        f"read {told.read:,} = accepted {told.accepted:,} + duplicates {told.duplicates:,} + "
        f"skipped {told.skipped:,} + refused {told.refused_rows:,}   ({told.seconds:.1f} s)"
    )
    made = f"events {told.events:,}, lines {told.lines:,}, items {told.items:,}, identifiers {told.new_identifiers:,}"
    refusals = Table("refused", "rows", "for example", box=None)
    for reason in told.refused:
        examples = "; ".join(f"row {one.row} {one.field}: {one.detail}" for one in reason.examples[:2])
        refusals.add_row(reason.reason, f"{reason.rows:,}", printable(examples))
    masked = [f"masked {one.count:,} × {one.kind} in {printable(one.column)}" for one in told.masked]
    door.tell(told, head, *([] if told.already else [numbers, made]), *masked, *([refusals] if told.refused else []))
