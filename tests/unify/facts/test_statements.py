"""What events state: which of them, by which properties, in which spelling; and to whom it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.app.fact_rules import KeptFactRules
from tests.app.traces import Scene
from tests.unify.facts.statements import says, take, traits

RULES = """
trust: {crm: 0.9}
nothing: [保密]
traits:
  gender: {kind: word, properties: [gender, sex], values: {female: [F, 女], male: [M, 男]}}
  birth_year: {kind: year, properties: [birthday], ages: [age], tolerance: 1}
  city: {kind: word, properties: [city], endings: [市, 地区], events: [Survey Answered], half_life_days: 365}
  height: {kind: number, properties: [height]}
"""
#: What somebody's only event says, and what is stated by it.
READ = {
    "a": ({"gender": " f "}, {"gender": "female"}),
    "b": ({"gender": "保密"}, {}),
    "c": ({"gender": "3", "sex": "男"}, {"gender": "male"}),
    "d": ({"gender": "3"}, {"gender": None}),
    "e": ({"birthday": "1990-05-17"}, {"birth_year": "1990"}),
    "f": ({"birthday": "19900517"}, {"birth_year": "1990"}),
    "g": ({"birthday": "17/05/1990"}, {"birth_year": "1990"}),
    "h": ({"birthday": "1990年5月"}, {"birth_year": "1990"}),
    "i": ({"birthday": "90后"}, {"birth_year": None}),
    "j": ({"birthday": "2090-01-01"}, {"birth_year": None}),
    "k": ({"age": 36}, {"birth_year": "1990"}),
    "l": ({"age": 360}, {"birth_year": None}),
    "m": ({"birthday": "1980", "age": 36}, {"birth_year": "1980"}),
    "n": ({"city": "杭州市"}, {"city": "杭州"}),
    "o": ({"city": "  HangZhou"}, {"city": "hangzhou"}),
    "p": ({"city": "市"}, {"city": "市"}),
    "q": ({"city": "x" * 101}, {"city": None}),
    "r": ({"height": "170.0"}, {"height": "170"}),
    "s": ({"height": "170.5"}, {"height": "170.5"}),
    "t": ({"height": "tall"}, {"height": None}),
    "u": ({"height": "nan"}, {"height": None}),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    made = Scene(tmp_path_factory.mktemp("facts") / "shop")
    KeptFactRules(made.shop.workspace.catalogue, made.shop.workspace.clock).apply(RULES, "facts.yaml")
    take(made, "club", [says("2026-05-01", user=name, **told) for name, (told, _) in READ.items()])
    asked = {"event": "Survey Answered", "kind": "track"}
    take(
        made,
        "club",
        [
            says("2026-05-01", user="survey", city="成都", gender="F", **asked),
            says("2026-05-01", user="visit", city="成都", event="Product Viewed", kind="track"),
            says("2026-05-01", user="moved", phone="13900000001", city="上海"),
            says("2026-05-02", phone="13900000001", gender="F"),
        ],
    )
    take(made, "crm", [says("2026-05-03", phone="13900000001", city="成都")])
    made.result = made.shop.build()  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("name", READ)
def test_every_spelling_is_read(scene: Scene, name: str) -> None:
    rows = scene.rows("statements", f"WHERE node_id = {scene.node(name)}")
    assert {row["trait"]: row["value"] for row in rows} == READ[name][1]


def test_what_cannot_be_read_is_counted_and_is_no_trait(scene: Scene) -> None:
    unreadable = sum(value is None for _, told in READ.values() for value in told.values())
    assert scene.result["unreadable"] == unreadable  # type: ignore[attr-defined]
    assert traits(scene, "d") == {}


def test_events_state_what_the_rules_say(scene: Scene) -> None:
    assert {name: row["value"] for name, row in traits(scene, "survey").items()} == {"city": "成都"}
    assert traits(scene, "visit") == {}


def test_all_identifiers_of_a_person_speak_for_them(scene: Scene) -> None:
    told = traits(scene, "moved")
    assert told["gender"]["value"] == "female"
    city = told["city"]
    assert (city["value"], city["runner_up"], city["speaking"], city["supporting"]) == ("成都", "上海", 2, 1)
    assert city["is_disputed"]
    assert 0.7 < city["confidence"] < 0.9


def test_other_rules_make_all_traits_anew(scene: Scene, tmp_path: Path) -> None:
    copy = scene.copied(tmp_path / "copy")
    kept = KeptFactRules(copy.shop.workspace.catalogue, copy.shop.workspace.clock)
    assert copy.shop.plan_build().facts_anew == ""
    kept.apply(RULES.replace("crm: 0.9", "crm: 0.5"), "facts.yaml")
    plan = copy.shop.plan_build()
    assert (plan.anew, plan.facts_anew) == ("", "the fact rules changed")
    assert copy.shop.build()["anew"] == ""
    assert traits(copy, "moved")["city"]["value"] == "上海"
    kept.apply("traits: {}", "facts.yaml")
    copy.shop.build()
    assert copy.rows("traits") == copy.rows("statements") == []
    copy.shop.close()
