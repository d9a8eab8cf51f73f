"""A list of people as a CSV file, a piece at a time, so that its length costs no memory."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from qianmian.app.people import acting_names
from qianmian.app.questions.people import KEYS, LISTED, Sort
from qianmian.app.shop import Shop
from qianmian.core.language import Language
from qianmian.core.people import id_text
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience, everybody

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
class PeopleFile:
    """A CSV file that is being written.

    Attributes:
        total: people who meet the condition.
        rows: people in the file: all of them, or as many as were asked for.
        pieces: its text; the last build stays open until they are used up or thrown away.
    """

    total: int
    rows: int
    pieces: Iterator[str]


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


def people_file(shop: Shop, asked: FileAsked, *, purpose: str) -> PeopleFile:
    """The people who meet a condition as the screen lists them: identifiers masked, values as conditions write them.

    Whatever begins like a formula gets an apostrophe before it (OWASP, "CSV Injection").

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
    """
    writing = _write(shop, asked, purpose)
    total = int(next(writing))  # opens the build, so that whatever is wrong is said before the file begins
    return PeopleFile(total, min(total, asked.limit), (str(piece) for piece in writing))


def _write(shop: Shop, asked: FileAsked, purpose: str) -> Generator[int | str]:
    """First how many people there are, then the file's text."""
    settings = shop.workspace.settings
    with shop.asking(purpose) as (found, _):
        among, total = _show_wanted(shop, found, asked, purpose)
        yield total
        profiles = found.select({*COLUMNS, *LISTED})  # what they are ordered by is listed
        query = (
            f"SELECT person_id, {', '.join(COLUMNS)} FROM ({profiles}) {among} "
            f"ORDER BY {KEYS[asked.sort]} DESC, person_id LIMIT {int(asked.limit)}"
        )
        language = asked.language or Language(settings.language)
        titles = [tag.en if language is Language.EN else tag.zh for tag in map(found.tag, COLUMNS)]
        yield _UTF8 + _text([[*_TITLES[language], *titles]])
        batches: Iterable[pa.RecordBatch] = found.connection.sql(query).to_arrow_reader(_PIECE)
        for batch in batches:
            rows = batch.to_pylist()
            names = acting_names(shop.workspace, found, [row["person_id"] for row in rows])
            yield _text(_cells(row, names[row["person_id"]], settings.zone) for row in rows)


def _show_wanted(shop: Shop, found: Reading, asked: FileAsked, purpose: str) -> tuple[str, int]:
    """Make the table ``wanted``, unless it is everybody; returns how to join it, and how many they are."""
    if not (asked.condition or "").strip():
        return "", everybody(found)
    who = audience(found, str(asked.condition), purpose=purpose, check=shop.workspace.purposes.check)
    return "SEMI JOIN wanted USING (person_id)", who.show(found, "wanted")


def _cells(row: dict[str, Any], names: list[dict[str, str]], zone: ZoneInfo) -> list[str]:
    told = "; ".join(f"{one['namespace']}:{one['value']}" for one in names)
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
