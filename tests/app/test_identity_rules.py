"""Identity rules of a shop: what they change at the next build, what is told before, and nothing that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app.audiences import SavedAudiences
from qianmian.app.contracts.identity_rules import IdentityRulesTold
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.identity_simulation import Simulation, simulate
from qianmian.core.errors import RulesError, UnknownNameError
from qianmian.core.people import id_text
from qianmian.unify.identity.declaration import read_rules
from tests.app.traces import Scene, trace
from tests.unify.test_publish import owners

VIEW = "Product Viewed"
STORY = [
    trace(VIEW, "2026-05-01", id="kim", user="kim", device="emulator-1"),
    trace(VIEW, "2026-05-02", id="lee", user="demo", device="lee-1"),
    trace(VIEW, "2026-05-03", id="lee-alone", device="lee-1"),
    *(trace(VIEW, f"2026-05-0{n}", id=f"anon-{n}", phone="13900000001", anon=f"a{n}") for n in range(1, 5)),
    trace(VIEW, "2026-05-06", id="emulated", device="emulator-1"),
]
TWO_BROWSERS = "limits: {anonymous_id: {most: 2}}"
NOBODY = """
blocked:
  - {words: [DEMO, Demo]}
  - {namespace: device, patterns: ["EMULATOR-*"]}
"""


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    made.take(STORY)
    made.shop.build()
    yield made
    made.shop.close()


def rules(scene: Scene) -> IdentityRules:
    return IdentityRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def simulated(scene: Scene, text: str) -> Simulation:
    return simulate(scene.shop.workspace, read_rules(text, "x.yaml"))


def test_a_new_version_takes_effect_with_the_next_build_and_leaves_nothing_behind(scene: Scene) -> None:
    before, whose = scene.built(), owners(scene)
    assert len({whose[f"anon-{n}"] for n in range(1, 5)}) == 1
    assert scene.shop.build()["anew"] == ""
    rules(scene).apply(TWO_BROWSERS, "x.yaml")
    assert not IdentityRulesTold.of(scene.shop.workspace).is_published
    assert scene.shop.build()["anew"] == "the identity rules changed"
    assert IdentityRulesTold.of(scene.shop.workspace).is_published
    phones = scene.rows("persons", f"WHERE person_id = {scene.person('phone:13900000001')}")
    assert len(phones) == 3  # the phone, and the two browsers that came first
    alone = [scene.person(f"anonymous_id:a{n}") for n in (3, 4)]
    assert alone == [scene.node(f"anonymous_id:a{n}") for n in (3, 4)]
    rules(scene).apply("", "x.yaml")
    scene.shop.build()
    assert scene.built() == before


def test_what_is_filed_under_a_blocked_value_is_nobodys_until_the_rule_goes(scene: Scene) -> None:
    before = owners(scene)
    assert before["lee-alone"] == before["lee"] == scene.node("demo")
    rules(scene).apply(NOBODY.replace("DEMO, Demo", "Demo"), "x.yaml")
    scene.shop.build()
    now = owners(scene)
    assert (now["lee"], now["emulated"]) == (0, 0)
    assert now["lee-alone"] == scene.node("device:lee-1")  # his device has nothing to do with the blocked account
    assert now["kim"] == before["kim"]
    rules(scene).apply("", "x.yaml")
    scene.shop.build()
    assert owners(scene) == before


def test_a_value_is_blocked_by_its_pseudonym(scene: Scene) -> None:
    rules(scene).apply(f"blocked: [{{pseudonyms: [{id_text(scene.node('phone:13900000001'))}]}}]", "x.yaml")
    scene.shop.build()
    assert {owners(scene)[f"anon-{n}"] for n in range(1, 5)} == {0}


def test_later_evidence_meets_the_limit_too(scene: Scene) -> None:
    scene.take(trace(VIEW, "2026-05-01", user=f"crowd-{n}") for n in range(80))
    rules(scene).apply(TWO_BROWSERS, "x.yaml")
    scene.shop.build()
    scene.take([trace(VIEW, "2026-04-01", id="late", phone="13900000001", anon="a4")])  # earlier than all of them
    assert scene.shop.build()["anew"] == ""
    grown = scene.built()
    scene.shop.build(full=True)
    assert scene.built()["persons"] == grown["persons"]
    people = [scene.person(f"anonymous_id:a{n}") for n in range(1, 5)]
    assert [person == scene.person("phone:13900000001") for person in people] == [True, False, False, True]


def test_a_simulation_tells_what_the_build_then_does_and_writes_nothing(scene: Scene) -> None:
    before = scene.built()
    found = simulated(scene, TWO_BROWSERS + NOBODY)
    assert scene.built() == before
    assert rules(scene).all() == []
    assert (found.splits, found.merges, found.nobody) == (1, 0, 2)
    assert [one.identifiers for one in found.largest_before[:2]] == [5, 2]
    assert found.changed == len(found.examples) == 3
    [split] = [one for one in found.examples if len(set(one.becomes) - {0}) > 1]
    assert len(split.becomes) == 3
    assert ("phone", "139****0001") in split.names
    assert not any("13900000001" in value for one in found.examples for _, value in one.names)
    rules(scene).apply(TWO_BROWSERS + NOBODY, "x.yaml")
    scene.shop.build()
    assert found.people_after == len({row["person_id"] for row in scene.rows("persons")})
    back = simulated(scene, "")
    assert (back.people_before, back.people_after) == (found.people_after, found.people_before)
    assert (back.merges, back.splits, back.nobody) == (1, 0, 0)
    assert {one.joined_by for one in back.examples} == {0, 2}


def test_a_simulation_tells_of_people_by_name_whether_they_would_change_or_not(scene: Scene) -> None:
    workspace = scene.shop.workspace
    names = ["phone:13900000001", "user_id:kim"]
    for text, becomes in ((TWO_BROWSERS, 3), ("", 1)):
        found = simulate(workspace, read_rules(text, "x.yaml"), names)
        assert [one.person_id for one in found.named] == [scene.person(name) for name in names]
        assert [len(one.becomes) for one in found.named] == [becomes, 1]
    with pytest.raises(UnknownNameError):
        simulate(workspace, read_rules("", "x.yaml"), ["phone:13900009999"])


def test_a_simulation_counts_who_would_change_in_saved_audiences(scene: Scene) -> None:
    shop = scene.shop
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)
    for name, condition in (
        ("everybody", "active_days_90d >= 1"),
        ("busy", "active_days_90d >= 3"),
        ("none", "orders_total > 0"),
    ):
        saved.add(name, shop.audience(condition))
    told = [(one.name, one.people, one.changed) for one in simulated(scene, TWO_BROWSERS).audiences]
    assert told == [("everybody", 3, 1), ("busy", 1, 1)]
    assert simulated(scene, "").audiences == ()


def test_rules_that_change_nothing_change_nobody(scene: Scene) -> None:
    found = simulated(scene, "")
    assert (found.changed, found.merges, found.splits, found.nobody, found.examples) == (0, 0, 0, 0, ())
    assert found.people_before == found.people_after


def test_the_same_rules_in_other_words_make_no_version(scene: Scene) -> None:
    first = rules(scene).apply(TWO_BROWSERS, "x.yaml", by="ada")
    assert rules(scene).apply(f"# again\n{TWO_BROWSERS}", "x.yaml") == first
    assert rules(scene).apply("", "x.yaml").version == 2
    with pytest.raises(RulesError, match=r"x\.yaml, line 1: limits\.phone\.most"):
        rules(scene).apply("limits: {phone: {most: many}}", "x.yaml")
    assert [one.version for one in rules(scene).all()] == [2, 1]


def test_a_shop_without_people_can_be_simulated(tmp_path: Path) -> None:
    empty = Scene(tmp_path / "empty")
    found = simulate(empty.shop.workspace, read_rules(TWO_BROWSERS, "x.yaml"))
    assert (found.people_before, found.people_after, found.largest_after) == (0, 0, ())
    empty.shop.close()
