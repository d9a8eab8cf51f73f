"""A list of people as a CSV file, a piece at a time, so that its length costs no memory."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from qianmian.app.people import acting_names
from qianmian.app.questions.people import KEYS, LISTED, Sort
from qianmian.app.shop import Shop
from qianmian.core.language import Language
from qianmian.core.people import id_text
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience, everybody

Piece = TypeVar("Piece", str, bytes)
#: Tags of the file, in the order of the screen's list.
COLUMNS = (
    *("lifecycle", "rfm", "orders_total", "net_revenue", "last_seen_at"),
    *("preferred_category", "region", "channel", "first_seen_at"),
)
#: What has no tag that brings its title.
_TITLES = {Language.ZH: ("用户", "用户标识"), Language.EN: ("Person", "Identifiers")}
#: What a spreadsheet takes for the beginning of a formula, in half and full width; it also skips white space before it.
_FORMULA = tuple("=+-@＝＋－＠|%")
_BREAKS = ("\t", "\r", "\n")
_PIECE = 2_000
#: A spreadsheet program takes a file without it for one in a national encoding.
_UTF8 = "\ufeff"


@dataclass(frozen=True)
class PeopleFile(Generic[Piece]):
    """A file that is being written.

    Attributes:
        total: people who meet the condition.
        rows: people in the file: all of them, or as many as were asked for.
        pieces: its text or bytes; the last build stays open until they are used up or thrown away.
    """

    total: int
    rows: int
    pieces: Iterator[Piece]


@dataclass(frozen=True)
class FileAsked:
    """Which people, in which order, told how.

    Attributes:
        condition: in the condition language; None = everybody.
        sort: order of the rows.
        limit: at most so many rows.
        language: of the heads; None = the workspace's.
    """

    condition: str | None = None
    sort: Sort = Sort.PERSON
    limit: int = 1_000_000
    language: Language | None = None


@dataclass(frozen=True)
class PeopleRows:
    """People as rows, for whatever kind of file.

    Attributes:
        total: people who meet the condition.
        schema: of the batches.
        heads: of `COLUMNS`, after those of the person and of the identifiers.
        batches: columns ``person_id`` and `COLUMNS`, and beside each row the masked identifiers; the last build stays
            open until they are used up or thrown away.
    """

    total: int
    schema: pa.Schema
    heads: list[str]
    batches: Iterator[tuple[pa.RecordBatch, list[str]]]


def people_rows(shop: Shop, asked: FileAsked, *, purpose: str) -> PeopleRows:
    """The people who meet a condition as the screen lists them: identifiers masked, values as conditions write them.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
    """
    reading = _read(shop, asked, purpose)
    total, schema, heads = next(reading)  # opens the build, so that whatever is wrong is said before the file begins
    return PeopleRows(total, schema, heads, (piece for piece in reading))


def people_file(shop: Shop, asked: FileAsked, *, purpose: str) -> PeopleFile[str]:
    """`people_rows` as CSV; whatever begins like a formula gets an apostrophe before it (OWASP, "CSV Injection").

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
    """
    rows = people_rows(shop, asked, purpose=purpose)
    return PeopleFile(rows.total, min(rows.total, asked.limit), _written(rows, shop.workspace.settings.zone))


def _written(rows: PeopleRows, zone: ZoneInfo) -> Iterator[str]:
    yield _UTF8 + _text([rows.heads])
    for batch, names in rows.batches:
        yield _text(_cells(row, told, zone) for row, told in zip(batch.to_pylist(), names, strict=True))


def _read(shop: Shop, asked: FileAsked, purpose: str) -> Generator[Any]:
    """First how many people there are with schema and heads, then the batches."""
    with shop.asking(purpose) as (found, _):
        among, total = _show_wanted(shop, found, asked, purpose)
        language = asked.language or Language(shop.workspace.settings.language)
        titles = [tag.en if language is Language.EN else tag.zh for tag in map(found.tag, COLUMNS)]
        profiles = found.select({*COLUMNS, *LISTED})  # what they are ordered by is listed
        query = (
            f"SELECT person_id, {', '.join(COLUMNS)} FROM ({profiles}) {among} "
            f"ORDER BY {KEYS[asked.sort]} DESC, person_id LIMIT {int(asked.limit)}"
        )
        batches: pa.RecordBatchReader = found.connection.sql(query).to_arrow_reader(_PIECE)
        yield total, batches.schema, [*_TITLES[language], *titles]
        for batch in batches:
            people = batch.column("person_id").to_pylist()
            names = acting_names(shop.workspace, found, people)
            yield batch, ["; ".join(f"{one['namespace']}:{one['value']}" for one in names[who]) for who in people]


def _show_wanted(shop: Shop, found: Reading, asked: FileAsked, purpose: str) -> tuple[str, int]:
    """Make the table ``wanted``, unless it is everybody; returns how to join it, and how many they are."""
    if not (asked.condition or "").strip():
        return "", everybody(found)
    who = audience(found, str(asked.condition), purpose=purpose, check=shop.workspace.purposes.check)
    return "SEMI JOIN wanted USING (person_id)", who.show(found, "wanted")


def _cells(row: dict[str, Any], told: str, zone: ZoneInfo) -> list[str]:
    return [id_text(row["person_id"]), harmless(told), *(_cell(row[name], zone) for name in COLUMNS)]


def _cell(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case str():
            return harmless(value)
        case _:
            return str(value)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("上海市"), harmless("")
    ("'=1+1", "'  @SUM(A1)", '上海市', '')
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_BREAKS) else text


def _text(rows: Iterable[list[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
