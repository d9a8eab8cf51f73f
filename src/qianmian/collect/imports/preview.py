"""What the first rows of a file would become, personal values masked, before anything is imported."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qianmian.collect.imports.check import Check, Reason, verdict
from qianmian.collect.imports.dedupe import open_drops
from qianmian.collect.imports.mapping import Format, Grain, Mapping
from qianmian.collect.imports.personal_data import REFUSED, PersonalData
from qianmian.collect.imports.read import open_raw
from qianmian.collect.imports.shape import Shape, namespaces
from qianmian.collect.imports.sql import Words
from qianmian.collect.imports.stage import has_personal_data
from qianmian.collect.imports.treatment import AS_USUAL, Treatment
from qianmian.collect.plan.judge import Judge
from qianmian.collect.tables import CONTEXT, EVENTS, ITEMS
from qianmian.core.messages import Message
from qianmian.core.settings import Settings
from qianmian.lake.connection import Connection, bare_connection
from qianmian.lake.durable import storage_errors
from qianmian.privacy.masking import mask_text, mask_value

_HEAD_BYTES = 8 << 20
_MEMORY_MIB = 512
#: Formats of which a beginning is a file of its own.
_CUT = (Format.CSV, Format.JSONL)


@dataclass(frozen=True)
class PreviewRow:
    """One row of the file.

    Attributes:
        row: its number in the file, from 1.
        refused: machine name of the reason; empty if it would be taken.
        field: the field that is wrong; empty if the whole row is.
        fields: pairs of field and masked text, without the empty ones.
        expected: what should have been there; None if it would be taken.
    """

    row: int
    refused: str
    field: str
    fields: tuple[tuple[str, str], ...]
    expected: Message | None = None


def preview(  # noqa: PLR0913  # one more than an import is handed
    mapping: Mapping,
    file: Path,
    settings: Settings,
    scratch: Path,
    now: datetime,
    *,
    rows: int = 20,
    judge: Judge | None = None,
    treatment: Treatment = AS_USUAL,
) -> list[PreviewRow]:
    """Type and check the first rows of a file.

    Args:
        mapping: how the file becomes rows.
        file: the file; of a text file only the beginning is read.
        settings: zone and threads.
        scratch: folder for what is staged; emptied.
        now: the current instant.
        rows: how many.
        judge: judges events by the tracking plan; None = nobody does.
        treatment: what else is declared for the source; who is named in events is not looked at.

    Raises:
        MappingError: the mapping does not fit the file.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with storage_errors("scratch"):
            head = _head(file, scratch) if mapping.format in _CUT and file.is_file() else file
            folders = (file.absolute().parent,)
            with bare_connection(
                folders, threads=settings.threads, memory_mib=_MEMORY_MIB, spill=scratch
            ) as connection:
                raw = open_raw(connection, mapping, head.absolute(), scratch)
                shape = Shape(
                    mapping,
                    raw,
                    Words(),
                    mapping.time_zone or settings.time_zone,
                    now,
                    "0" * 16,
                    treatment.personal_data,
                )
                treatment.apply(shape)
                return _rows(connection, shape, rows, judge)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _rows(connection: Connection, shape: Shape, rows: int, judge: Judge | None) -> list[PreviewRow]:
    shown, typed = _shown(shape), shape.typed(f'WHERE "row" <= {rows:d}')
    listed = ", ".join(f"({sql})::VARCHAR" for sql in shown.values())
    query = f'SELECT "row", {verdict(shape.checks)}, {listed} FROM ({typed}) ORDER BY "row"'
    found = connection.execute(query, shape.words.used_in(query)).fetchall()
    apart = _kept_apart(connection, shape, typed, judge) if judge else {}
    if shape.personal_data is PersonalData.REFUSE and (hit := has_personal_data(shape)):
        query = f'SELECT "row" FROM ({typed}) WHERE {hit}'
        rows_hit = connection.execute(query, shape.words.used_in(query)).fetchall()
        apart |= dict.fromkeys((row for (row,) in rows_hit), REFUSED[Reason.PERSONAL_DATA])
    lost = [
        PreviewRow(one.row, str(Reason.UNREADABLE), "", (), one.why) for one in shape.raw.unreadable if one.row <= rows
    ]
    taken = [
        _row(shape, list(shown), number, apart.get(number) if refused is None else shape.checks[refused], values)
        for number, refused, *values in found
    ]
    return sorted(lost + taken, key=lambda row: row.row)


def _kept_apart(connection: Connection, shape: Shape, typed: str, judge: Judge) -> dict[int, Check]:
    """Why the tracking plan keeps rows apart, by row."""
    query = (
        f'CREATE TABLE staged AS SELECT "row", {verdict(shape.checks)} AS verdict, NULL::DATE AS day, '
        f"name, kind, properties, false AS masked FROM ({typed})"
    )
    connection.execute(query, shape.words.used_in(query))
    open_drops(connection)
    checks = judge.look(connection, shape).checks
    return {row: checks[why] for row, why in connection.execute('SELECT "row", why FROM drops').fetchall()}


def _shown(shape: Shape) -> dict[str, str]:
    """Field → column of the typed layer."""
    table = {Grain.ITEM: ITEMS, Grain.CONTEXT: CONTEXT}.get(shape.mapping.grain, EVENTS)
    fields = {name: name for name in table.names if name in shape.columns | shape.derived | shape.hidden}
    if "happened_at" in shape.derived:
        fields["occurred_at"] = "happened_at"
        fields["products"] = "products"
    who = {namespace: f"who_{number}" for number, namespace in enumerate(namespaces(shape.mapping))}
    return fields | who


def _row(shape: Shape, names: list[str], number: int, check: Check | None, values: list[str | None]) -> PreviewRow:
    personal = set(namespaces(shape.mapping))
    fields = tuple(
        (name, mask_value(value) if name in personal else mask_text(value))
        for name, value in zip(names, values, strict=True)
        if value is not None
    )
    wrong = (str(check.reason), check.field) if check else ("", "")
    return PreviewRow(number, *wrong, fields, check.expected if check else None)


def _head(file: Path, scratch: Path) -> Path:
    """The beginning of a text file, cut after a line."""
    with file.open("rb") as opened:
        start = opened.read(_HEAD_BYTES)
    if len(start) == _HEAD_BYTES:
        start = start[: start.rfind(b"\n") + 1] or start
    head = scratch / file.name
    head.write_bytes(start)
    return head
