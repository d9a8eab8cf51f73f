"""Saved audiences: named, changed, deleted, brought back; and what a name or a condition may not hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qianmian.app.audiences import LONGEST_NAME, LONGEST_NOTE, SavedAudiences
from qianmian.core.errors import InputError, UnknownNameError

BUYERS, LOOKERS = "orders_total >= 1", "did('Product Viewed')"
HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "\u202eabc\u202c אבג",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "'; DROP TABLE audiences; --",
    "{{7*7}} ${7*7} %s",
]


@pytest.fixture
def saved(scene):
    return SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


@pytest.fixture
def count(scene):
    return lambda condition: scene.shop.audience(condition, limit=0)


def test_an_audience_keeps_name_condition_note_who_when_and_its_count(scene, saved, count):
    made = saved.add(" 买家 ", count("orders_total>=1"), note="双十一", by="li.ming")
    assert (made.audience, made.name, made.condition, made.note) == (1, "买家", BUYERS, "双十一")
    assert (made.created_by, made.changed_by, made.created_at) == ("li.ming", "li.ming", scene.now)
    assert (made.people, made.of_people) == (3, len(scene.profiles()))
    assert made.computed_at == scene.shop.computed.at
    assert made.deleted_at is None
    again = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    assert again.all() == [made] == [again.get(1)]


def test_what_is_not_named_stays_when_it_changes(scene, saved, count):
    made = saved.add("a", count(BUYERS), note="n", by="owner")
    renamed = saved.change(1, name="b", by="li.ming")
    assert (renamed.name, renamed.note, renamed.condition) == ("b", "n", BUYERS)
    assert (renamed.created_by, renamed.changed_by) == ("owner", "li.ming")
    noted = saved.change(1, note="", by="owner")
    assert (noted.name, noted.note) == ("b", "")
    other = saved.change(1, counted=count(LOOKERS))
    assert (other.condition, other.people) == (LOOKERS, scene.shop.audience(LOOKERS).size())
    assert other.people != made.people


def test_deleting_is_undone_whole_and_the_name_is_free_meanwhile(saved, count):
    made = saved.add("买家", count(BUYERS))
    saved.add("浏览", count(LOOKERS))
    gone = saved.delete(1)
    assert gone.deleted_at
    assert saved.delete(1) == gone  # a second click changes nothing
    assert [one.name for one in saved.all()] == ["浏览"]
    assert saved.all(deleted=True) == [gone]
    assert saved.restore(1) == made
    saved.delete(1)
    saved.add("买家", count(BUYERS))
    with pytest.raises(InputError, match="already"):
        saved.restore(1)
    saved.change(1, name="买家(旧)")
    assert saved.restore(1).name == "买家(旧)"


def test_numbers_are_never_given_twice(saved, count):
    saved.add("a", count(BUYERS))
    saved.delete(1)
    assert saved.add("a", count(BUYERS)).audience == 2


def test_the_last_changed_stands_first(scene, saved, count):
    for name in ("a", "b", "c"):
        saved.add(name, count(BUYERS))
    later = scene.at(scene.now + timedelta(hours=1))
    saved = SavedAudiences(later.shop.workspace.catalogue, later.shop.workspace.clock)
    saved.change(1, note="x")
    assert [one.name for one in saved.all()] == ["a", "c", "b"]


@pytest.mark.parametrize(
    "name", ["", "  ", "a\nb", "a\x00", "a\u2028b", "\ud800", "长" * 3_400, "x" * (LONGEST_NAME + 1)], ids=range(8)
)
def test_a_name_that_would_break_a_list_is_refused(saved, count, name):
    with pytest.raises(InputError, match="one line of 1 to 200 characters"):
        saved.add(name, count(BUYERS))
    assert saved.all() == []


@pytest.mark.parametrize("name", HOSTILE)
def test_any_other_name_is_kept_as_it_is_and_found_as_itself(saved, count, name):
    assert saved.add(name, count(BUYERS), note=name * 20).name == name
    with pytest.raises(InputError, match="already"):
        saved.add(f" {name.upper()}", count(BUYERS))
    assert saved.change(1, name=name).name == name
    assert [one.name for one in saved.all()] == [name]


def test_a_long_note_is_refused(saved, count):
    with pytest.raises(InputError, match="at most 2000"):
        saved.add("a", count(BUYERS), note="长" * (LONGEST_NOTE + 1))


def test_no_personal_data_is_kept(saved, count):
    made = saved.add("打给13800138000", count(BUYERS), note="ming.li@example.com")
    assert (made.name, made.note) == ("打给138****8000", "m***@example.com")
    with pytest.raises(InputError, match="personal data"):
        saved.add("b", count("region = '13800138000'"))
    with pytest.raises(InputError, match="personal data"):
        saved.change(1, counted=count("region = 'ming.li@example.com'"))


def test_what_is_not_there_cannot_be_changed(saved, count):
    for act in (
        saved.get,
        saved.delete,
        saved.restore,
        lambda number: saved.change(number, name="x"),
        lambda number: saved.note_count(number, count(BUYERS)),
    ):
        with pytest.raises(UnknownNameError, match="no audience 7"):
            act(7)
