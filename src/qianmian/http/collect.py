"""Imports over HTTP: a file and its mapping are uploaded; no path of this machine is ever taken from a request."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile
from fastapi import Path as InPath

from qianmian.app.contracts.collect import BatchTold, ImportTold, PreviewTold, RefusedTold, TemplateTold, UndoneTold
from qianmian.collect.imports.templates import all_templates
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told
from qianmian.lake.durable import storage_errors

router = APIRouter(prefix="/api/imports", tags=["collect"])

Batch = Annotated[int, InPath(ge=1, le=2**53, description="number of the batch")]
_ODD = re.compile(r"[^\w.\-]+")


@router.post("", responses=told(400, 409, 413, 422, 507))
def import_file(  # noqa: PLR0913, PLR0917  # parts of a form, and what is asked of it
    shop: OpenShop,
    language: Spoken,
    file: Annotated[UploadFile, File(description="CSV, XLSX, Parquet, JSONL or JSON")],
    mapping: Annotated[UploadFile, File(description="YAML that says what each column means")],
    dry_run: Annotated[bool, Query(description="report what would happen, write nothing")] = False,
    replaces: Annotated[int | None, Query(ge=1, description="number of a batch that leaves as this one comes")] = None,
    backfill: Annotated[bool, Query(description="it brings the past: its events trigger nothing")] = False,
) -> ImportTold:
    """Import an uploaded file; whole, or not at all. The answer comes when it is safe on disk."""
    with _scratch(shop.workspace.data) as folder:
        paths = [_keep(upload, folder / part) for upload, part in ((file, "file"), (mapping, "mapping"))]
        report = shop.import_file(*paths, dry_run=dry_run, replaces=replaces, is_backfill=backfill)
        return ImportTold.of(report, language)


@router.post("/preview", responses=told(400, 413, 422, 507))
def preview_file(
    shop: OpenShop,
    file: Annotated[UploadFile, File(description="CSV, XLSX, Parquet, JSONL or JSON")],
    mapping: Annotated[UploadFile, File(description="YAML that says what each column means")],
    rows: Annotated[int, Query(ge=1, le=200, description="how many")] = 20,
) -> list[PreviewTold]:
    """Show what the first rows of an uploaded file would become, personal values masked; nothing is kept."""
    with _scratch(shop.workspace.data) as folder:
        kept = _keep(file, folder / "file"), _keep(mapping, folder / "mapping")
        return [PreviewTold.of(row) for row in shop.preview(kept[0], kept[1], rows)]


@router.get("", responses=told())
def list_imports(shop: OpenShop) -> list[BatchTold]:
    """List all imports, newest first."""
    return [BatchTold.of(row) for row in shop.batches.all()]


@router.get("/templates", responses=told())
def list_templates() -> list[TemplateTold]:
    """List the mappings that come with the product."""
    return [TemplateTold.model_validate(one) for one in all_templates()]


@router.get("/{batch}", responses=told(404))
def one_import(shop: OpenShop, batch: Batch) -> BatchTold:
    """Tell of one import."""
    return BatchTold.of(shop.batches.get(batch))


@router.get("/{batch}/refused", responses=told(403, 404))
def refused_rows(
    shop: OpenShop,
    language: Spoken,
    _purpose: Purpose,
    batch: Batch,
    limit: Annotated[int, Query(ge=1, le=100_000, description="list at most so many")] = 1000,
) -> list[RefusedTold]:
    """List refused rows of an import with their reasons, values masked."""
    return [RefusedTold.of(row, language) for row in shop.refused(batch)[:limit]]


@router.post("/{batch}/undo", responses=told(404, 409, 507))
def undo(shop: OpenShop, batch: Batch) -> UndoneTold:
    """Take an import out again; profiles follow with the next build."""
    return UndoneTold(batch=batch, stood=shop.undo(batch))


@router.post("/{batch}/replay", responses=told(400, 404, 409, 507))
def replay(shop: OpenShop, language: Spoken, batch: Batch) -> ImportTold:
    """Import the refused rows of an import again, once the reason is gone."""
    return ImportTold.of(shop.replay(batch), language)


def uploads(data: Path) -> Path:
    """The folder in which uploads lie while they are imported."""
    return data / "uploads"


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    folder = uploads(data) / uuid.uuid4().hex
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(upload: UploadFile, folder: Path) -> Path:
    """Write an upload into a folder of its own, under what its name says without its folders and odd letters."""
    name = _ODD.sub("_", Path((upload.filename or "").replace("\\", "/")).name)[-80:].lstrip(".")
    path = folder / (name or "upload")
    with storage_errors("uploads"):
        folder.mkdir(parents=True, mode=0o700)
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out, 1 << 20)
    return path
