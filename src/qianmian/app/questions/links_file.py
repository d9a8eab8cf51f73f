"""The links between identifiers as a file, a piece at a time: pseudonyms, or the identifiers for who may see them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.app.questions.people_file import harmless
from qianmian.app.shop import OPERATE, Shop
from qianmian.core.people import Identifier, id_text

COLUMNS = ("left", "right", "kind", "rule", "source", "event_id", "at")
IDENTIFIERS = ("left_namespace", "left_value", "right_namespace", "right_value")
_PIECE = 20_000
_LINKS = """
SELECT a, b, kind, rule, source, event_id, "at" FROM links WHERE batch <= {batch}
ORDER BY "at", source, event_id, a, b
"""
_NOBODY = Identifier("", "")


def links(shop: Shop, *, purpose: str = OPERATE, reveal: bool = False) -> Iterator[pa.Table]:
    """Every statement that the last build read, the oldest first, in pieces.

    Args:
        shop: the shop.
        purpose: what they are taken out for.
        reveal: whether the identifiers stand beside their pseudonyms, unmasked.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose, "links") as (found, computed):
        batches: Iterable[pa.RecordBatch] = found.connection.sql(
            _LINKS.format(batch=int(computed.batch))
        ).to_arrow_reader(_PIECE)
        for batch in batches:
            yield _piece(shop, pa.Table.from_batches([batch]), reveal=reveal)


def links_csv(shop: Shop, *, purpose: str = OPERATE, reveal: bool = False) -> Iterator[str]:
    """The same as the text of a CSV file; whatever begins like a formula gets an apostrophe before it."""
    yield _text([[*COLUMNS, *(IDENTIFIERS if reveal else ())]])
    for piece in links(shop, purpose=purpose, reveal=reveal):
        rows = zip(*(piece.column(name).to_pylist() for name in piece.column_names), strict=True)
        yield _text([harmless(cell) if isinstance(cell, str) else cell.isoformat() for cell in row] for row in rows)


def write_links(shop: Shop, to: Path, *, purpose: str = OPERATE, reveal: bool = False) -> int:
    """Write the links into a file, Parquet by its name or else CSV, that only its owner reads.

    Who takes identifiers out leaves a job behind that says when.

    Returns:
        How many links it has.
    """
    if not reveal:
        return _written(shop, to, purpose=purpose, reveal=False)
    with shop.workspace.jobs.run("export") as job:
        job.result["rows"] = rows = _written(shop, to, purpose=purpose, reveal=True)
    return rows


def _written(shop: Shop, to: Path, *, purpose: str, reveal: bool) -> int:
    shop.workspace.purposes.check(purpose)
    to.touch(mode=0o600)
    if to.suffix != ".parquet":
        rows = -1  # the head is none
        with to.open("w", encoding="utf-8", newline="") as file:
            for text in links_csv(shop, purpose=purpose, reveal=reveal):
                file.write(text)
                rows += len(list(csv.reader(StringIO(text, newline=""))))
        return rows
    rows = 0
    with pq.ParquetWriter(to, _schema(reveal=reveal)) as writer:
        for piece in links(shop, purpose=purpose, reveal=reveal):
            writer.write_table(piece)
            rows += piece.num_rows
    return rows


def _schema(*, reveal: bool) -> pa.Schema:
    texts = [(name, pa.string()) for name in (*COLUMNS[:-1], *(IDENTIFIERS if reveal else ()))]
    return pa.schema([*texts[:6], ("at", pa.timestamp("us", tz="UTC")), *texts[6:]])


def _piece(shop: Shop, rows: pa.Table, *, reveal: bool) -> pa.Table:
    """Ids as every door tells them; the other end of a sign-out is empty."""
    ends = [rows.column(name).to_pylist() for name in ("a", "b")]
    told = {name: [id_text(node) if node else "" for node in end] for name, end in zip(COLUMNS, ends, strict=False)}
    told |= {name: rows.column(name).to_pylist() for name in COLUMNS[2:]}
    if reveal:
        known = shop.workspace.vault.reveal(sorted({*ends[0], *ends[1]} - {0}))
        for side, end in zip(("left", "right"), ends, strict=True):
            people = [known.get(node, _NOBODY) for node in end]
            told[f"{side}_namespace"] = [one.namespace for one in people]
            told[f"{side}_value"] = [one.value for one in people]
    return pa.table(told, schema=_schema(reveal=reveal))


def _text(rows: Iterable[list[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
