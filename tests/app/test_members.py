"""Who enters and leaves a saved audience at each build, and why; what fails, is erased, merged or frozen."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa

from qianmian.app.audiences import SavedAudiences
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.freeze import freeze, save_fixed
from qianmian.app.identity_decisions import IdentityDecisions
from qianmian.app.identity_preview import merge_wish, undo_wish
from qianmian.core.errors import ConditionError, InputError
from qianmian.core.people import id_number
from qianmian.query.compile import compile_audience
from qianmian.query.parse import parse
from qianmian.segment.members.standing import AudienceKind
from qianmian.segment.members.stays import stayed
from qianmian.unify.identity.today import people_today
from tests.app.traces import NOW, Scene, trace

BUYERS = "orders_total >= 1"
RECENT = "views_7d >= 1"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path / "shop")
    scene.take(
        [
            trace("Order Completed", "2026-05-20", order="o1", total="10", user="anna"),
            trace("Product Viewed", "2026-05-30", user="ben"),
            trace("Product Viewed", "2026-05-30", anon="a-1"),
            trace("Product Viewed", "2026-03-01", user="cleo"),
        ]
    )
    scene.shop.build()
    yield scene
    scene.shop.close()


def save(scene: Scene, *conditions: str) -> None:
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    for condition in conditions:
        saved.add(condition, scene.shop.audience(condition, limit=0))


def stays(scene: Scene, audience: int = 1) -> set[tuple[Any, ...]]:
    """(person, build and cause of entry, build and cause of exit) of an audience."""
    rows = scene.rows("memberships", f"WHERE audience = {audience}")
    names = ("person_id", "entered_in", "entry_cause", "left_in", "exit_cause")
    return {tuple(row[name] for name in names) for row in rows}


def test_who_meets_a_new_audience_enters_by_its_definition(scene: Scene) -> None:
    save(scene, BUYERS)
    scene.shop.build()
    assert stays(scene) == {(scene.node("anna"), 2, "definition", None, None)}
    told = scene.rows("audience_builds")
    assert [(row["build"], row["people"], row["of_people"], row["entered"]) for row in told] == [
        (2, 1, 4, '{"definition": 1}')
    ]
    scene.shop.build()
    scene.shop.build(full=True)
    assert len(scene.rows("memberships")) == len(scene.rows("audience_builds")) == 1  # nothing changed


def test_behaviour_window_and_late_arrivals_are_told_apart(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    anna, ben, cleo, anon = (scene.node(name) for name in ("anna", "ben", "cleo", "anonymous_id:a-1"))
    later = scene.at(NOW + timedelta(days=1))
    later.take(
        [
            trace("Order Completed", "2026-06-02T09:00:00", order="o2", total="10", user="ben"),
            trace("Order Completed", "2026-05-02", order="o3", total="10", user="cleo"),
        ]
    )
    later.shop.build()
    assert stays(later) == {
        (anna, 2, "definition", None, None),
        (ben, 3, "behaviour", None, None),
        (cleo, 3, "late", None, None),
    }
    much_later = later.at(NOW + timedelta(days=20))
    much_later.take([trace("Product Viewed", "2026-06-20", user="anna")])
    much_later.shop.build(full=True)  # what was seen before is not new because all is computed again
    assert stays(much_later, 2) == {
        (ben, 2, "definition", 4, "window"),
        (anon, 2, "definition", 4, "window"),
        (anna, 4, "behaviour", None, None),
    }
    much_later.shop.close()


def test_signing_in_is_no_merge_and_a_merge_is_told_apart_from_behaviour(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    ben, anon = (scene.node(name) for name in ("ben", "anonymous_id:a-1"))
    later = scene.at(NOW + timedelta(hours=1))
    later.take(
        [
            # whoever looked anonymously signs in for the first time, and buys
            trace("Order Completed", "2026-06-01T12:30:00", order="o9", total="5", user="dora", anon="a-1"),
            # two who were known apart turn out to be one
            trace("Product Viewed", "2026-06-01T12:30:00", user="ben", phone="13800000001"),
            trace("Product Viewed", "2026-06-01T12:30:00", user="cleo", device="d-1"),
        ]
    )
    later.shop.build()
    dora = later.person("dora")
    assert dora != anon
    assert (dora, 3, "behaviour", None, None) in stays(later)
    assert (anon, 2, "definition", None, None) in stays(later, 2)  # the same stay, whoever it is called now
    assert {row[0] for row in stays(later, 2)} == {ben, anon, later.node("cleo")}
    decisions = IdentityDecisions(later.shop.workspace.catalogue, later.shop.workspace.clock)
    decisions.add(merge_wish(later.shop, "ben", "cleo", accounts_too=True), "同一人")
    last = later.at(NOW + timedelta(hours=2))
    last.shop.build()
    cleo = last.node("cleo")
    assert last.person("ben") == last.person("cleo")
    gone = {row for row in stays(last, 2) if row[3] == 4}
    assert [(row[0], row[4]) for row in gone] == [(cleo, "merge")]  # one of two stays goes on, the earlier
    assert (ben, 2, "definition", None, None) in stays(last, 2)
    decisions.add(undo_wish(last.shop, 1), "不是")
    parted = last.at(NOW + timedelta(hours=3))
    parted.shop.build()
    assert (cleo, 5, "merge", None, None) in stays(parted, 2)
    assert [row["people"] for row in parted.rows("audience_builds", "WHERE audience = 2 ORDER BY build")] == [
        2,
        3,
        2,
        3,
    ]
    parted.shop.close()


def test_a_changed_definition_is_the_cause_and_what_fails_keeps_its_people(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.change(1, counted=scene.shop.audience("views_7d >= 1", limit=0))
    with saved._catalogue.begin() as connection:
        connection.execute(sa.text("UPDATE audiences SET condition = 'no_such_tag = 1' WHERE audience = 2"))
    result = scene.shop.build()
    assert result["audiences_failed"].keys() == {"2"}
    anna, ben, anon = (scene.node(name) for name in ("anna", "ben", "anonymous_id:a-1"))
    assert stays(scene) == {
        (anna, 2, "definition", 3, "definition"),
        (ben, 3, "definition", None, None),
        (anon, 3, "definition", None, None),
    }
    assert {row[3] for row in stays(scene, 2)} == {None}
    told = scene.rows("audience_builds", "WHERE audience = 2 ORDER BY build")
    assert [(row["build"], row["people"], bool(row["failed"])) for row in told] == [(2, 2, False), (3, 2, True)]
    assert "no_such_tag" in told[1]["failed"]
    scene.shop.build()
    assert len(scene.rows("audience_builds", "WHERE audience = 2")) == 2  # said once, while nothing changes


def test_a_tag_that_is_defined_anew_is_the_cause_in_the_audiences_that_use_it_alone(scene: Scene) -> None:
    tags = DeclaredTags(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    often = {"kind": "rule", "title": "t", "layers": [{"value": "often", "when": "views_7d >= 2"}]}
    tags.put("own", often)
    scene.shop.build()
    save(scene, "own = 'often'", RECENT)
    scene.shop.build()
    assert stays(scene) == set()
    tags.put("own", {**often, "layers": [{"value": "often", "when": "views_7d >= 1"}]})
    scene.take([trace("Product Viewed", NOW - timedelta(minutes=1), user="anna")])
    later = scene.at(NOW + timedelta(hours=1))
    later.take([trace("Product Viewed", NOW + timedelta(minutes=1), user="dora")])
    later.shop.build()
    assert {row[2] for row in stays(later)} == {"definition"}
    assert {(row[0], row[2]) for row in stays(later, 2) if row[1] == 4} == {
        (later.node("anna"), "late"),
        (later.node("dora"), "behaviour"),
    }
    later.shop.close()


def test_what_is_undone_is_no_passing_of_time(scene: Scene) -> None:
    save(scene, BUYERS)
    batch = scene.take([trace("Order Completed", "2026-05-31", order="o8", total="5", user="ben")]).batch
    scene.shop.build()
    scene.shop.undo(batch)
    scene.shop.build()
    assert (scene.node("ben"), 2, "definition", 3, "late") in stays(scene)


def test_over_many_builds_stays_and_counts_say_what_the_condition_says(scene: Scene) -> None:
    draw = random.Random(5)
    save(scene, RECENT, "orders_total >= 2 or audience(1) and views_7d < 3")
    names = [f"p{number}" for number in range(12)]
    for day in range(1, 4):
        now = NOW + timedelta(days=3 * day)
        scene = scene.at(now)
        scene.take(
            trace(
                draw.choice(["Product Viewed", "Order Completed"]),
                now - timedelta(hours=draw.choice([1, 1, 90])),
                order=f"{day}-{at}",
                total="5",
                user=draw.choice(names),
                **{draw.choice(["phone", "device", "anon"]): f"1380000000{draw.randrange(6)}"},
            )
            for at in range(14)
        )
        scene.shop.build(full=day == 3)
        if day == 2:
            scene.shop.erase(scene.shop.plan_erase([draw.choice(names[:3])]))
        for audience, condition in ((1, RECENT), (2, "orders_total >= 2 or audience(1) and views_7d < 3")):
            held = [row[0] for row in stays(scene, audience) if row[3] is None]
            with scene.shop.asking("analyse") as (found, _):
                today = people_today(found.connection, np.array(held, np.int64)).tolist()
            assert len(today) == len(set(today))
            assert set(today) == listed(scene, condition)
            last, *_ = scene.rows("audience_builds", f"WHERE audience = {audience} ORDER BY build DESC")
            assert last["people"] == len(held)
            told = scene.rows("audience_builds", f"WHERE audience = {audience} ORDER BY build")
            came, went = (sum(sum(json.loads(row[name]).values()) for row in told) for name in ("entered", "left"))
            assert came - went == len(held)
            assert held
    scene.shop.close()


def test_a_person_takes_the_stays_along(scene: Scene) -> None:
    save(scene, BUYERS)
    scene.shop.build()
    [stay] = scene.shop.export("anna")["memberships"]
    assert (stay["audience"], stay["entered_in"], stay["entry_cause"], stay["left_in"]) == (1, 2, "definition", None)
    assert scene.shop.export("ben")["memberships"] == []


def test_an_erased_person_leaves_no_stay_and_the_count_says_that_one_is_missing(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.delete(1)  # what no build counts any more forgets the erased, too
    anna, ben, anon = (scene.node(name) for name in ("anna", "ben", "anonymous_id:a-1"))
    scene.shop.erase(scene.shop.plan_erase(["anna", "ben"]))
    assert stays(scene) == set()
    assert stays(scene, 2) == {(anon, 2, "definition", None, None)}
    told = scene.rows("audience_builds", "WHERE audience = 2 ORDER BY build")
    assert [(row["people"], row["left"]) for row in told] == [(2, "{}"), (1, '{"erasure": 1}')]
    everything = b"".join(path.read_bytes() for path in (scene.folder / "data").rglob("*memberships*/*.parquet"))
    assert everything
    assert {row["person_id"] for row in scene.rows("memberships")}.isdisjoint({anna, ben})


def test_a_fixed_audience_keeps_its_people_whatever_they_do(scene: Scene) -> None:
    frozen = save_fixed(scene.shop, "近期浏览", RECENT)
    assert (frozen.kind, frozen.frozen_in, frozen.people, frozen.lists) == (AudienceKind.FIXED, 1, 2, "audience(1)")
    ben, anon = (scene.node(name) for name in ("ben", "anonymous_id:a-1"))
    later = scene.at(NOW + timedelta(days=30))
    later.take([trace("Product Viewed", "2026-06-30", user="anna")])
    later.shop.build()
    assert stays(later) == {(ben, 1, "definition", None, None), (anon, 1, "definition", None, None)}
    assert listed(later, "audience(1)") == {ben, anon}
    assert listed(later, RECENT) == {later.node("anna")}
    saved = SavedAudiences(later.shop.workspace.catalogue, later.shop.workspace.clock)
    with pytest.raises(InputError, match="is fixed"):
        saved.change(1, counted=later.shop.audience(BUYERS, limit=0))
    with pytest.raises(InputError, match="is fixed"):
        freeze(later.shop, 1)
    later.shop.erase(later.shop.plan_erase(["ben"]))
    assert listed(later, "audience(1)") == {anon}
    later.shop.close()


def test_a_dynamic_audience_is_frozen_as_the_last_build_left_it(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    scene.take([trace("Product Viewed", "2026-05-31", user="anna")])
    assert freeze(scene.shop, 2).people == 2
    assert freeze(scene.shop, 1).people == 1
    scene.shop.build()
    assert {row[0] for row in stays(scene, 2)} == {scene.node("ben"), scene.node("anonymous_id:a-1")}
    assert len(scene.rows("audience_builds")) == 2


def test_a_condition_asks_for_audiences_and_for_who_came_and_went(scene: Scene) -> None:
    save(scene, BUYERS, RECENT)
    scene.shop.build()
    anna, ben, anon, cleo = (scene.node(name) for name in ("anna", "ben", "anonymous_id:a-1", "cleo"))
    later = scene.at(NOW + timedelta(days=20))
    later.take([trace("Product Viewed", "2026-06-20", user="anna")])
    later.shop.build()
    freeze(later.shop, 2)
    expected = {
        "audience(1)": {anna},
        "audience(1) and views_7d >= 1": {anna},
        "not audience(1)": {ben, anon, cleo},
        "audience(2)": {anna},
        "audience(2, left_in = 3)": {ben, anon},
        "audience(2, left_in = 3, cause = 'window')": {ben, anon},
        "audience(2, entered_in = 3, cause = 'behaviour')": {anna},
        "audience(2, entered_in = 3, cause = 'late')": set(),
        "friends(audience(1)) >= 1": set(),
        "audience(1) or audience(2, left_in = 3)": {anna, ben, anon},
    }
    for condition, people in expected.items():
        assert listed(later, condition) == people, condition
        assert listed_by_sql(later, condition) == people, condition
    saved = SavedAudiences(later.shop.workspace.catalogue, later.shop.workspace.clock)
    saved.change(1, counted=later.shop.audience("views_7d >= 1 and audience(2)", limit=0))
    assert listed(later, "friends(audience(1)) >= 1 or audience(1)") == {anna}  # not what was kept of it before
    later.shop.close()


def test_audiences_that_name_one_another_in_a_circle_and_deleted_ones_are_refused(scene: Scene) -> None:
    save(scene, BUYERS, "audience(1) and views_7d >= 0", "audience(2)")
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    for condition, path in {"audience(1)": "1 → 1", "not audience(3)": "1 → 3 → 2 → 1"}.items():
        with pytest.raises(ConditionError, match=path):
            saved.change(1, counted=scene.shop.audience(condition, limit=0))
    with pytest.raises(ConditionError, match="no audience has the number 9"):
        scene.shop.audience("audience(9)")
    saved.delete(1)
    with pytest.raises(ConditionError, match="audience 2 cannot be counted: audience 1 is deleted"):
        scene.shop.audience("audience(3)")
    result = scene.shop.build()
    assert result["audiences_failed"].keys() == {"2", "3"}
    with pytest.raises(ConditionError, match="names one audience"):
        scene.shop.audience("audience(1, cause = 'late')")


def listed(scene: Scene, condition: str) -> set[int]:
    return {id_number(person) for person in scene.shop.audience(condition).members()}


def listed_by_sql(scene: Scene, condition: str) -> set[int]:
    """The same by the SQL of the whole condition."""
    with scene.shop.asking("analyse") as (found, _):
        asked = {"today": found.today, "purpose": "analyse", "check": lambda _purpose: None}
        query = compile_audience(parse(condition), found.vocabulary, **asked)
        for name, what in query.sequences:
            found.connection.register(name, pa.table({"person_id": stayed(found.connection, what)}))
        return {row[0] for row in found.connection.execute(query.sql, list(query.values)).fetchall()}
