"""A list of people as a file: the people of the list in its order, masked, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from qianmian.app.cleaning import CleaningRules
from qianmian.app.questions import people_file as module
from qianmian.app.questions.people import Search, Sort, search
from qianmian.app.questions.people_book import PeopleFormat, format_of, people_in
from qianmian.app.questions.people_file import COLUMNS, FileAsked, people_file
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, InputError, PurposeError
from qianmian.core.language import Language
from tests.app.traces import Scene, trace

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "＝1", 'a","b', "a\r\nb", "|calc", "😀"]


def read(file):
    return list(csv.reader(StringIO("".join(file.pieces).removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("condition", [None, "orders_total >= 1"])
def test_the_file_holds_the_people_of_the_list_in_its_order(crowd, monkeypatch, sort, condition):
    monkeypatch.setattr(module, "_PIECE", 64)
    file = people_file(crowd.shop, FileAsked(condition, sort), purpose=ANALYSE)
    head, *rows = read(file)
    listed, after = [], None
    while not listed or after:
        page = search(crowd.shop, Search(condition=condition, sort=sort, cursor=after, limit=200), purpose=ANALYSE)
        listed, after = listed + page.people, page.next
    assert len(head) == 2 + len(COLUMNS)
    assert (file.total, file.rows) == (page.total, page.total) == (len(rows), len(rows))
    assert [row[0] for row in rows] == [one.person for one in listed]
    assert [row[2:5] for row in rows] == [[one.lifecycle, one.rfm or "", str(one.orders_total)] for one in listed]
    assert all(row[1] == "user_id:***" for row in rows)


def test_fewer_rows_than_people_are_told_as_such(crowd):
    file = people_file(crowd.shop, FileAsked(limit=7), purpose=ANALYSE)
    assert (file.total, file.rows, len(read(file))) == (400, 7, 8)


def test_the_heads_speak_the_language_asked_for_and_begin_with_a_mark(crowd):
    for language, words in (
        (Language.ZH, ["用户", "用户标识"]),
        (Language.EN, ["Person", "Identifiers"]),
        (None, ["用户"]),
    ):
        pieces = list(people_file(crowd.shop, FileAsked(limit=1, language=language), purpose=ANALYSE).pieces)
        assert pieces[0].startswith("\ufeff" + ",".join(words))


def test_nothing_in_the_file_is_a_formula_or_a_raw_identifier(tmp_path):
    scene = Scene(tmp_path / "shop")
    as_they_came = CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    as_they_came.apply("text: null", "own.yaml")
    scene.take(
        trace("Product Viewed", "2026-05-20", user=f"=u{at}", phone=f"1380013800{at % 10}", region=text, channel=text)
        for at, text in enumerate(HOSTILE)
    )
    scene.shop.build()
    text = "".join(people_file(scene.shop, FileAsked(), purpose=ANALYSE).pieces)
    cells = [cell for row in csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]
    assert [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝|\t"))] == []
    assert {f"'{one}" for one in ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "|calc")} <= set(cells)
    assert {'a","b', "😀"} <= set(cells)
    assert "1380013800" not in text
    assert "=u" not in text
    scene.shop.close()


def test_a_workbook_and_a_parquet_file_hold_the_rows_of_the_text_with_types(crowd, tmp_path):
    asked = FileAsked("orders_total >= 1", Sort.NET_REVENUE, language=Language.EN)
    head, *rows = read(people_file(crowd.shop, asked, purpose=ANALYSE))
    written = {}
    for kind in PeopleFormat:
        file = people_in(crowd.shop, asked, kind, purpose=ANALYSE)
        written[kind] = tmp_path / f"people.{kind}"
        written[kind].write_bytes(b"".join(file.pieces))
        assert (file.total, file.rows) == (len(rows), len(rows))
        assert format_of(written[kind]) is kind
    sheet = CalamineWorkbook.from_path(written[PeopleFormat.XLSX]).get_sheet_by_index(0).to_python()
    assert sheet[0] == head
    assert [(row[0], row[2]) for row in sheet[1:]] == [(row[0], row[2]) for row in rows]
    assert [row[4] for row in sheet[1:]] == [int(row[4]) for row in rows]
    assert [f"{row[6]:%Y-%m-%d %H:%M:%S}" for row in sheet[1:]] == [row[6] for row in rows]
    table = pq.read_table(written[PeopleFormat.PARQUET])
    assert table.column_names == ["person", "identifiers", *COLUMNS]
    assert table["person"].to_pylist() == [row[0] for row in rows]
    assert [str(one) for one in table["orders_total"].to_pylist()] == [row[4] for row in rows]
    assert written[PeopleFormat.CSV].read_text("utf-8-sig").splitlines()[0] == ",".join(head)
    assert not any((crowd.shop.workspace.data / "spill").glob("*/people.*"))


def test_a_file_of_nobody_is_a_file(crowd, tmp_path):
    for kind in PeopleFormat:
        data = b"".join(people_in(crowd.shop, FileAsked("orders_total > 10000"), kind, purpose=ANALYSE).pieces)
        (tmp_path / "file").write_bytes(data)
        if kind is PeopleFormat.PARQUET:
            table = pq.read_table(tmp_path / "file")
            assert (table.num_rows, table.column_names) == (0, ["person", "identifiers", *COLUMNS])


def test_a_workbook_holds_no_more_than_a_sheet(crowd, monkeypatch):
    monkeypatch.setattr("qianmian.app.questions.people_book.MOST_ROWS", 10)
    with pytest.raises(InputError, match="at most 10 rows"):
        people_in(crowd.shop, FileAsked(), PeopleFormat.XLSX, purpose=ANALYSE)
    assert people_in(crowd.shop, FileAsked(limit=10), PeopleFormat.XLSX, purpose=ANALYSE).rows == 10


def test_what_is_wrong_is_said_before_the_file_begins_and_nothing_stays_open(crowd):
    with pytest.raises(ConditionError):
        people_file(crowd.shop, FileAsked("region ="), purpose=ANALYSE)
    with pytest.raises(PurposeError):
        people_file(crowd.shop, FileAsked(), purpose="advertise")
    file = people_file(crowd.shop, FileAsked(), purpose=ANALYSE)
    assert crowd.shop._readings._newest.kept.asking == 1
    del file
    assert crowd.shop._readings._newest.kept.asking == 0
