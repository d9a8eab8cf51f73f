"""Whose an identifier is and was, the links as files, and people with too many identifiers."""

from __future__ import annotations

import csv
from io import StringIO

import pyarrow.parquet as pq
import pytest

from qianmian.app.questions.large import large_people
from qianmian.app.questions.links_file import COLUMNS, links_csv, write_links
from qianmian.app.questions.whose import whose
from qianmian.core.errors import PurposeError, UnknownNameError
from qianmian.core.people import id_text
from tests.app.conftest import IN, VIEW
from tests.app.traces import trace


def test_a_shared_tablet_was_different_peoples_and_a_name_is_shown_masked(told):
    found = whose(told.shop, "device:tablet")
    anna, boris = (id_text(told.person(name)) for name in ("anna", "boris"))
    assert [time.person for time in found.times][::2] == [anna, boris]
    assert (found.person, found.name) == (boris, "device:***")
    assert [time.until for time in found.times[:-1]] == [time.since for time in found.times[1:]]


def test_an_old_id_leads_to_whoever_has_it_now_and_tells_when_that_changed(scene):
    scene.take([trace(VIEW, "2026-05-20", phone="13900000008"), trace(VIEW, "2026-05-20", anon="x1", device="d9")])
    scene.shop.build()
    old = whose(scene.shop, "anonymous_id:x1").person
    scene.take([trace(IN, "2026-05-21", user="zoe", phone="13900000008", anon="x1")])
    scene.shop.build()
    found = whose(scene.shop, f"person:{old}")
    assert found.person == id_text(scene.person("zoe")) != old
    [move] = found.moved
    assert (move.old, move.new, move.identifiers) == (old, found.person, 2)


def test_nobody_is_said_so_and_a_purpose_must_be_known(told):
    with pytest.raises(UnknownNameError, match=r"138\*\*\*\*8000"):
        whose(told.shop, "phone:13800138000")
    with pytest.raises(PurposeError):
        whose(told.shop, "anna", purpose="curiosity")


def test_links_are_written_under_pseudonyms_and_with_identifiers_only_where_asked(told, tmp_path):
    expected = told.query("SELECT count(*) AS n FROM links").to_pylist()[0]["n"]
    assert write_links(told.shop, tmp_path / "links.csv") == expected
    text = (tmp_path / "links.csv").read_text(encoding="utf-8")
    assert "13900000001" not in text
    head, *rows = csv.reader(StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    assert len(rows) == expected
    assert rows == sorted(rows, key=lambda row: row[6])

    assert write_links(told.shop, tmp_path / "links.parquet", reveal=True) == expected
    revealed = pq.read_table(tmp_path / "links.parquet").to_pylist()
    assert {"anna", "boris"} <= {row["left_value"] for row in revealed}
    assert "13900000001" in {row["right_value"] for row in revealed}
    assert [(row["left"], row["right"]) for row in revealed] == [(row[0], row[1]) for row in rows]
    assert (tmp_path / "links.parquet").stat().st_mode & 0o077 == 0
    assert told.shop.workspace.jobs.latest(1)[0]["kind"] == "export"


def test_no_cell_of_the_file_is_a_formula(scene):
    scene.take([trace(VIEW, "2026-05-20", id="=1+1", phone="13900000008", anon="x1")])
    scene.shop.build()
    rows = list(csv.DictReader(StringIO("".join(links_csv(scene.shop)), newline="")))
    assert "'=1+1" in {row["event_id"] for row in rows}


def test_people_with_too_many_identifiers_are_listed_with_what_holds_them_together(scene):
    scene.take([trace(VIEW, "2026-05-20", user="hub", device=f"d{number}") for number in range(25)])
    scene.shop.build()
    found = large_people(scene.shop)
    [one] = found.people
    assert (found.limit, found.total, one.identifiers) == (20, 1, 26)
    assert one.namespaces == {"device": 25, "user_id": 1}
    assert (one.hub.namespace, one.hub.value, one.hub.beside) == ("user_id", "***", 25)
    assert large_people(scene.shop, limit=26).total == 0
    assert large_people(scene.shop, limit=1, most=1).total > len(large_people(scene.shop, limit=1, most=1).people)
