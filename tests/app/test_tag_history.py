"""The life of tags in a real shop of three builds: looks, stays, what a tag said of a date, and who moved."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import ceil, log
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.questions.definitions import try_tag
from qianmian.app.questions.tag_checkup import Verdict, checkup, checkups
from qianmian.app.questions.tag_history import tag_history
from qianmian.app.questions.tag_stays import flow, moved_people, person_tag
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import InputError, RulesError, UnknownNameError
from qianmian.core.language import Language
from qianmian.core.people import id_text
from qianmian.core.tables import Type
from qianmian.profile.tags.built_in import built_in_tags
from tests.app.traces import NOW, Scene, good, trace

VIEW, PAID = "Product Viewed", "Order Completed"
FIRST, SECOND = NOW - timedelta(days=40), NOW - timedelta(days=7)
OWN = """
tags:
  busy: {kind: rule, title: 忙碌, layers: [{value: "yes", when: views_30d >= 2}], otherwise: "no"}
"""


def history() -> list[dict[str, Any]]:
    """u0 buys once and is lost; u1 buys again; u2 only looks; u3 comes late; the rest look once, in many regions."""
    return [
        trace(PAID, FIRST - timedelta(days=10), id="a", user="u0", order="A", total="80", item="i1"),
        trace(PAID, FIRST - timedelta(days=50), id="b", user="u1", order="B", total="80", item="i1"),
        trace(VIEW, FIRST - timedelta(days=1), id="c", user="u2", item="i1", region="上海"),
        trace(PAID, FIRST - timedelta(hours=2), id="x", phone="13900000001", order="X", total="5"),
        *(trace(VIEW, FIRST - timedelta(days=2 + n), id=f"v{n}", user=f"v{n}", item="i1", region=f"r{n % 3}")
          for n in range(18)),
    ]  # fmt: skip


LATER = [
    trace(PAID, SECOND - timedelta(days=2), id="d", user="u1", order="D", total="99.5", item="i1"),
    trace(VIEW, SECOND - timedelta(days=1), id="e", user="u3", item="i1"),
    trace(VIEW, SECOND - timedelta(days=1), id="f", user="u3", item="i1"),
]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, list[dict[str, Any]]]]:
    """The shop, and what the second build said of everybody."""
    scene = Scene(tmp_path_factory.mktemp("life") / "shop", FIRST)
    scene.goods([good("i1", "美妆", "10", "b")])
    scene.take(history())
    DeclaredTags(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(OWN)
    scene.shop.build()
    scene = scene.at(SECOND)
    scene.take(LATER)
    scene.shop.build()
    said = scene.shop.table("profiles").to_pylist()
    scene = scene.at(NOW)
    scene.shop.build()
    yield scene, said
    scene.shop.close()


@pytest.fixture
def built(life: tuple[Scene, list[dict[str, Any]]]) -> Scene:
    return life[0]


def looks(scene: Scene, at: datetime) -> dict[str, dict[str, Any]]:
    rows = scene.shop.table("tag_builds").to_pylist()
    return {row["tag"]: row for row in rows if row["built_at"] == at}


def size_class(kind: Type, value: Any, today: date) -> str:
    """The class of a number in plain Python."""
    if isinstance(value, datetime):
        value = (value + timedelta(hours=8)).date()
    if isinstance(value, date):
        value = (today - value).days
    number = float(value)
    if number == 0 or (kind in (Type.INTEGER, Type.DATE, Type.INSTANT) and abs(number) < 100):
        return str(int(number))
    power = 10_000 + ceil(log(abs(number)) / log(1.05) - 1e-9)
    return str(power if number > 0 else -power)


def test_each_look_is_what_the_profiles_say(built: Scene) -> None:
    """Coverage and classes of all tags, beside an oracle in plain Python over the values of everybody."""
    profiles = built.shop.table("profiles").to_pylist()
    told = looks(built, NOW)
    tags = (*built_in_tags(), *built.shop.tags()[-1:])
    assert len({tag.name for tag in tags}) == len(told)
    for tag in tags:
        values = [row[tag.name] for row in profiles if row[tag.name] is not None]
        look = told[tag.name]
        assert (look["people"], look["covered"]) == (len(profiles), len(values)), tag.name
        if tag.type is Type.TEXT:
            counted = Counter(values)
            named = {name: n for name, n in counted.items() if n >= 5 or name in tag.values}
            assert json.loads(look["bins"]) == named, tag.name
            assert look["others"] == sum(counted.values()) - sum(named.values())
        else:
            counted = Counter(size_class(tag.type, value, NOW.date()) for value in values)
            assert json.loads(look["bins"]) == counted, tag.name
        assert look["classes"] == len(counted)


def test_changed_counts_people_of_both_builds(built: Scene) -> None:
    assert {row["changed_people"] for row in looks(built, FIRST).values()} == {None}
    second = looks(built, SECOND)
    # u0 went from new to at_risk, and p1 too; u1 from at_risk to active; u2 and the 18 who look once stay potential
    assert second["lifecycle"]["changed_people"] == 3
    assert second["orders_total"]["changed_people"] == 1
    assert second["busy"]["changed_people"] == 0  # u3, who is busy, is new
    assert second["orders_total"]["stored_bytes"] > 0


def test_a_rebuild_of_the_same_instant_takes_its_place(built: Scene, tmp_path: Path) -> None:
    copy = built.copied(tmp_path / "copy")
    tables = ("tag_builds", "tag_stays")

    def told() -> list[list[dict[str, Any]]]:
        rows = [copy.shop.table(name).to_pylist() for name in tables]
        return [[{k: v for k, v in row.items() if k not in ("build", "stored_bytes")} for row in some] for some in rows]

    before = told()
    copy.shop.build()
    assert [sorted(map(str, some)) for some in told()] == [sorted(map(str, some)) for some in before]
    copy.shop.build(full=True)
    assert [sorted(map(str, some)) for some in told()] == [sorted(map(str, some)) for some in before]
    copy.shop.close()


def test_stays_do_not_depend_on_the_split(built: Scene, tmp_path: Path) -> None:
    copy = built.copied(tmp_path / "copy")
    before = sorted(map(str, copy.shop.table("tag_stays").to_pylist()))
    copy.build_in(4)
    assert sorted(map(str, copy.shop.table("tag_stays").to_pylist())) == before
    copy.shop.close()


def test_what_a_tag_said_of_a_person(built: Scene) -> None:
    told = person_tag(built.shop, "lifecycle", "u1", purpose=ANALYSE)
    assert [(stay.value, stay.since) for stay in told.stays] == [("at_risk", FIRST), ("active", SECOND)]
    then = person_tag(built.shop, "lifecycle", "u1", on=FIRST.date(), purpose=ANALYSE)
    assert (then.published, then.recounted) == ("at_risk", "at_risk")
    # ten days after the first build nobody had built: published is what stood, by now it is known that they were lost
    later = person_tag(built.shop, "lifecycle", "u1", on=FIRST.date() + timedelta(days=12), purpose=ANALYSE)
    assert (later.published, later.recounted) == ("at_risk", "lost")
    assert (told.published, told.recounted) == ("active", "active")
    early = person_tag(built.shop, "lifecycle", "u1", on=FIRST.date() - timedelta(days=60), purpose=ANALYSE)
    assert (early.published, early.recounted) == (None, None)


def test_worked_out_anew_as_of_a_build_a_tag_says_what_that_build_said(
    life: tuple[Scene, list[dict[str, Any]]],
) -> None:
    scene, said = life
    checked = Counter[bool]()
    for user in ("u1",):
        person = person_tag(scene.shop, "lifecycle", user, purpose=ANALYSE).person
        [row] = [row for row in said if id_text(row["person_id"]) == person]
        for tag in (*built_in_tags(), *scene.shop.tags()[-1:]):
            told = person_tag(scene.shop, tag.name, user, on=SECOND.date(), purpose=ANALYSE)
            if told.not_recounted is None and not told.beside_others:
                assert told.recounted == row[tag.name], tag.name
                checked[row[tag.name] is None] += 1
    assert checked[False] > 80


def test_what_cannot_be_worked_out_anew(built: Scene) -> None:
    stated = person_tag(built.shop, "gender", "u1", purpose=ANALYSE)
    assert (stated.recounted, stated.has_stays, stated.stays) == (None, False, [])
    assert stated.not_recounted is not None
    assert person_tag(built.shop, "rfm", "u1", purpose=ANALYSE).beside_others


def test_who_moved(built: Scene) -> None:
    told = flow(built.shop, "lifecycle", since=FIRST.date(), until=NOW.date(), purpose=ANALYSE)
    moves = {(move.before, move.after): move.people for move in told.moves}
    assert moves == {
        ("at_risk", "active"): 1,
        ("new", "at_risk"): 2,
        ("potential", "potential"): 19,
        (None, "potential"): 1,
    }
    assert told.first_on == FIRST.date()
    dates = (FIRST.date(), NOW.date())
    people, listed = moved_people(built.shop, "lifecycle", "at_risk", "active", dates=dates, purpose=ANALYSE)
    assert (people, listed) == (1, [person_tag(built.shop, "lifecycle", "u1", purpose=ANALYSE).person])
    assert moved_people(built.shop, "lifecycle", None, "potential", dates=dates, purpose=ANALYSE)[0] == 1
    with pytest.raises(InputError, match="few declared classes"):
        flow(built.shop, "net_revenue", purpose=ANALYSE)
    with pytest.raises(InputError, match="earlier date"):
        flow(built.shop, "lifecycle", since=NOW.date(), until=FIRST.date(), purpose=ANALYSE)


def test_history_over_builds(built: Scene) -> None:
    told = tag_history(built.shop, "lifecycle", purpose=ANALYSE)
    assert [look.built_at for look in told.looks] == [FIRST, SECOND, NOW]
    assert [one.days for one in told.comparisons] == [7, 30]
    assert told.drift == "few"


def test_erasure_and_merging(built: Scene, tmp_path: Path) -> None:
    """Who is erased leaves no stay; who is found to be somebody else's second name is said nothing of any more."""
    copy = built.copied(tmp_path / "copy", NOW + timedelta(days=1))
    gone = person_tag(copy.shop, "lifecycle", "u2", purpose=ANALYSE).person
    other = person_tag(copy.shop, "lifecycle", "phone:13900000001", purpose=ANALYSE).person
    copy.take([trace(VIEW, NOW, id="m", user="u0", phone="13900000001", item="i1")])
    copy.shop.build()
    merged = person_tag(copy.shop, "lifecycle", "u0", purpose=ANALYSE)
    assert merged.person == person_tag(copy.shop, "lifecycle", "phone:13900000001", purpose=ANALYSE).person
    told = flow(copy.shop, "lifecycle", since=NOW.date(), purpose=ANALYSE)
    assert sum(move.people for move in told.moves if move.after is None) == 1
    copy.shop.erase(copy.shop.plan_erase(["u2", "u0"]))
    left = {id_text(row["person_id"]) for row in copy.shop.table("tag_stays").to_pylist()}
    assert not left & {gone, other, merged.person}
    assert left
    copy.shop.close()


def test_old_builds_and_stays_go(built: Scene, tmp_path: Path) -> None:
    """After eight days one build of a date is left; after four hundred none, and of stays the one that went on."""
    copy = built.copied(tmp_path / "copy", NOW + timedelta(hours=1))
    copy.shop.build()
    assert len(tag_history(copy.shop, "lifecycle", purpose=ANALYSE).looks) == 4
    copy = copy.at(NOW + timedelta(days=9))
    copy.shop.build()
    dates = [look.built_at for look in tag_history(copy.shop, "lifecycle", purpose=ANALYSE).looks]
    assert dates == [FIRST, SECOND, NOW + timedelta(hours=1), NOW + timedelta(days=9)]
    copy = copy.at(NOW + timedelta(days=405))
    copy.shop.build()
    assert len(tag_history(copy.shop, "lifecycle", purpose=ANALYSE).looks) == 2
    told = person_tag(copy.shop, "lifecycle", "u1", purpose=ANALYSE)
    assert [stay.value for stay in told.stays] == ["active", "lost"]
    copy.shop.close()


def test_nine_marks(built: Scene) -> None:
    found, _ = checkups(built.shop, purpose=ANALYSE)
    assert len(found) == len(built.shop.tags())
    by_tag = {one.tag.name: {mark.name: mark for mark in one.marks} for one in found}
    assert {len(marks) for marks in by_tag.values()} == {9}
    worst_first = [(-one.count(Verdict.BAD), -one.count(Verdict.LOOK)) for one in found]
    assert worst_first == sorted(worst_first)
    busy, stage = by_tag["busy"], by_tag["lifecycle"]
    assert (busy["meaning"].verdict, busy["usage"].verdict) == (Verdict.BAD, Verdict.LOOK)
    assert (stage["meaning"].verdict, stage["usage"].verdict) == (Verdict.GOOD, Verdict.GOOD)
    assert stage["coverage"].value.what(Language.EN) == "100.0%: 23 of 23 people"
    assert (stage["stability"].verdict, stage["accuracy"].verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert by_tag["gender"]["coverage"].verdict is Verdict.BAD  # nobody stated it
    assert by_tag["first_order_channel"]["coverage"].advice is not None
    assert {marks["lawfulness"].verdict for marks in by_tag.values()} == {Verdict.GOOD}
    one, _ = checkup(built.shop, "busy", purpose=ANALYSE)
    assert one.worst is Verdict.BAD
    with pytest.raises(UnknownNameError):
        checkup(built.shop, "nobody", purpose=ANALYSE)


def test_a_forbidden_tag_is_not_declared(built: Scene) -> None:
    kept = DeclaredTags(built.shop.workspace.catalogue, built.shop.workspace.clock)
    for refused in (kept.apply, kept.read):
        with pytest.raises(RulesError, match=r"busy names religion \(“muslim”\)"):
            refused(OWN.replace("忙碌", "Muslim guests"))
    assert kept.declaration().tags[0].zh == "忙碌"
    with pytest.raises(RulesError, match="may say of people"):
        try_tag(built.shop, "pregnant", {"kind": "statistic", "title": "t"}, purpose=ANALYSE)
