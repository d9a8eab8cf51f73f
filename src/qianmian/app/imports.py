"""Imports within a job: a batch gets its number, its file is imported, and refused rows come in later by a replay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.app.batches import Batches
from qianmian.app.jobs import Job
from qianmian.app.treatment import treatment_of
from qianmian.app.workspace import Workspace
from qianmian.collect.imports import importer
from qianmian.collect.imports import undo as undoing
from qianmian.collect.imports.batch import file_digest, is_imported
from qianmian.collect.imports.contracts import ImportRequest, Stores
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Format, Mapping
from qianmian.collect.imports.report import ImportReport
from qianmian.core.errors import InputError, MappingError
from qianmian.core.messages import Message
from qianmian.lake.durable import storage_errors
from qianmian.privacy.masking import mask_text
from qianmian.privacy.refused import RefusedRow

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Declared:
    """A mapping as its author wrote it, and as values."""

    text: str
    mapping: Mapping


@dataclass(frozen=True)
class How:
    """How an import is made.

    Attributes:
        dry_run: report what would happen, write nothing.
        replaces: number of a batch that leaves as this one comes.
        name: what the batch calls its file; empty = as the file is called.
        is_backfill: whether the file brings the past, so that none of its events triggers anything.
    """

    dry_run: bool = False
    replaces: int | None = None
    name: str = ""
    is_backfill: bool = False


def read_declared(file: Path) -> Declared:
    """Read a mapping file.

    Raises:
        MappingError: there is no such file, or it is not a mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise MappingError("mapping_unreadable", file=file.name) from None
    return Declared(text, read_mapping(text, file.name))


def stores(workspace: Workspace) -> Stores:
    """What an import writes to and reads from."""
    w = workspace
    return Stores(w.lake, w.vault, w.refused, w.suppression, w.keys, w.settings, w.scratch / "import")


def run(workspace: Workspace, job: Job, file: Path, declared: Declared, how: How = How()) -> ImportReport:
    """Import a file; see `Shop.import_file`. Call it while holding the lease."""
    batches = Batches(workspace.catalogue, workspace.clock)
    batches.settle(partial(is_imported, workspace.lake), workspace.vault.details.forget_batch)
    old = batches.released(how.replaces) if how.replaces else None
    digest = file_digest(file) if file.is_file() else ""
    name = mask_text(how.name or file.name)
    number = batches.begin(
        source=declared.mapping.source, file=name, digest=digest, mapping=declared.text, is_backfill=how.is_backfill
    )
    request = ImportRequest(
        file,
        declared.mapping,
        number,
        workspace.clock.now(),
        dry_run=how.dry_run,
        replaces=old,
        treatment=treatment_of(workspace, declared.mapping.source),
    )
    try:
        report = importer.run(request, stores(workspace), job.at, partial(batches.announce, number))
    except BaseException:
        batches.settle(partial(is_imported, workspace.lake), workspace.vault.details.forget_batch)
        raise
    job.rows_read, job.result["read"], job.result["accepted"] = report.read, report.read, report.accepted
    if not report.batch:
        batches.drop(number)
        return report
    batches.done(number, report)
    if old:
        batches.undone(old.number)
    return report


def undo(workspace: Workspace, job: Job, batch: int) -> bool:
    """Take a batch out again; returns whether it stood in the lake. Call it while holding the lease."""
    job.at("undo")
    batches = Batches(workspace.catalogue, workspace.clock)
    stood = undoing.undo(batches.released(batch), stores(workspace), workspace.clock.now())
    batches.undone(batch)
    return stood


def replay(workspace: Workspace, job: Job, batch: int, declared: Declared | None) -> ImportReport:
    """Import the refused rows of a batch again, as a batch of their own. Call it while holding the lease.

    Rows that are refused once more move to the new batch. If none would be taken, nothing changes.

    Args:
        workspace: the shop.
        job: told how far it is.
        batch: number of the batch whose rows were refused.
        declared: a corrected mapping; the batch's own if None.

    Raises:
        InputError: the batch has no rows that can be replayed.
    """
    batches = Batches(workspace.catalogue, workspace.clock)
    stream, row = batches.released(batch).stream, batches.get(batch)
    if declared is None:
        text = row["mapping"]
        declared = Declared(text, read_mapping(text, Message("mapping_of_batch", batch=batch)))
    folder = workspace.scratch / "replay"
    with storage_errors("scratch"):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file = folder / f"replay-of-{batch}"
            declared, positions = _write(workspace, stream, declared, file)
            if not positions:
                raise InputError("nothing_to_replay", batch=batch)
            report = run(workspace, job, file, declared, How(dry_run=True))
            if report.stream == stream or not (report.already or report.accepted):
                return report
            report = run(workspace, job, file, declared, How(is_backfill=row["is_backfill"]))
            workspace.refused.forget(stream, positions)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return report


def _write(workspace: Workspace, stream: str, declared: Declared, file: Path) -> tuple[Declared, list[int]]:
    """Write the bodies of refused rows to a file; returns the mapping that reads it, and the rows' positions."""
    mapping = declared.mapping
    if mapping.format in (Format.JSONL, Format.JSON):
        positions = []
        with file.open("w", encoding="utf-8") as out:
            out.write("\n")  # a file of its own, even if every row of the first one was refused
            for row in _kept(workspace, stream):
                out.write(f"{row.body}\n")
                positions.append(row.position)
        return replace(declared, mapping=replace(mapping, format=Format.JSONL, encoding="utf-8")), positions
    return replace(declared, mapping=replace(mapping, format=Format.PARQUET)), _write_wide(
        workspace, stream, mapping, file
    )


def _write_wide(workspace: Workspace, stream: str, mapping: Mapping, file: Path) -> list[int]:
    """Bodies of rows of tables are JSON objects of their columns; all become text, which every field reads."""
    names = dict.fromkeys(mapping.named_columns)
    for row in _kept(workspace, stream):
        names |= dict.fromkeys(_columns(row))
    schema, positions = pa.schema([(name, pa.string()) for name in names]), []
    with pq.ParquetWriter(file, schema) as writer:
        whole = (row for row in _kept(workspace, stream) if _columns(row))
        for rows in _pages(whole):
            writer.write_table(pa.Table.from_pylist([_columns(row) for row in rows], schema))
            positions += [row.position for row in rows]
    return positions


def _kept(workspace: Workspace, stream: str) -> Iterator[RefusedRow]:
    """The refused rows whose content was kept: not those of the erased."""
    return (row for row in workspace.refused.bodies(stream) if row.body)


def _columns(row: RefusedRow) -> dict[str, str]:
    """The columns of a row that has them; a ragged CSV row has none."""
    try:
        told = json.loads(row.body or "")
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in told.items()
    }


def _pages(rows: Iterator[RefusedRow]) -> Iterator[list[RefusedRow]]:
    while page := list(islice(rows, _ROWS_AT_ONCE)):
        yield page
