"""How well sources agree: counted and reckoned once more by hand, over random statements."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.plan import published_facts
from qianmian.app.questions.facts import disputed, fact_report, traits
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.traces import Scene
from tests.unify.facts import oracle
from tests.unify.facts.statements import says, take

RULES = """
trust: {crm: 0.9}
traits:
  gender: {kind: word, properties: [gender], values: {female: [F], male: [M]}}
  city: {kind: word, properties: [city]}
  birth_year: {kind: year, properties: [birthday], tolerance: 1}
  occupation: {kind: word, properties: [occupation], sensitive: true}
"""
VALUES = {
    "gender": ["F", "F", "M"],
    "city": ["杭州", "上海"],
    "birthday": ["1990", "1991", "1995"],
    "occupation": ["a", "b"],
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    chance, made = random.Random(3), Scene(tmp_path_factory.mktemp("agree") / "shop")
    KeptFactRules(made.shop.workspace.catalogue, made.shop.workspace.clock).apply(RULES, "facts.yaml")
    for source in ("crm", "club", "shop"):
        rows = [
            says(f"2026-05-{chance.randrange(1, 28):02}", user=f"u{chance.randrange(40)}")
            | {name: chance.choice([None, *values]) for name, values in VALUES.items()}
            for _ in range(60)
        ]
        take(made, source, rows)
    made.shop.build()
    return made


def voices(scene: Scene) -> dict[tuple[str, str], dict[int, str]]:
    """What each source says last: by trait and source, each person's value."""
    rows = scene.rows("statements", "WHERE value IS NOT NULL ORDER BY occurred_at, event_key")
    told: dict[tuple[str, str], dict[int, str]] = {}
    for row in rows:
        told.setdefault((row["trait"], row["source"]), {})[row["node_id"]] = row["value"]  # a user_id a person here
    return told


def agree(trait: str, one: str, other: str) -> bool:
    return abs(int(one) - int(other)) <= 1 if trait == "birth_year" else one == other


def test_pairs_are_counted_and_chance_is_taken_off(scene: Scene) -> None:
    told, said = fact_report(scene.shop).agreement.pairs, voices(scene)
    assert len(told) == 4 * 3
    for pair in told:
        ones, others = said[pair.trait, pair.one], said[pair.trait, pair.other]
        both = sorted(ones.keys() & others.keys())
        same = sum(agree(pair.trait, ones[person], others[person]) for person in both)
        assert (pair.people, pair.agree) == (len(both), same)
        here, there = Counter(ones[person] for person in both), Counter(others[person] for person in both)
        meetings = sum(here[a] * there[b] for a in here for b in there if agree(pair.trait, a, b))
        by_chance = meetings / len(both) ** 2
        assert pair.kappa == pytest.approx((same / len(both) - by_chance) / (1 - by_chance))
        assert pair.low < same / len(both) < pair.high or same in (0, len(both))


def test_a_source_is_compared_with_what_the_others_resolve(scene: Scene) -> None:
    rules, said = published_facts(scene.shop.workspace), voices(scene)
    rows = [row | {"person_id": row["node_id"]} for row in scene.rows("statements")]
    for one in fact_report(scene.shop).agreement.sources:
        others = oracle.resolve(rules, [row for row in rows if row["source"] != one.source])
        mine = said[one.trait, one.source]
        both = [person for person in mine if (person, one.trait) in others]
        same = sum(agree(one.trait, mine[person], others[person, one.trait]["value"]) for person in both)
        assert (one.people, one.agree) == (len(both), same)
        assert one.trust == (0.9 if one.source == "crm" else 0.7)


def test_coverage_counts_people_and_every_number_leads_to_them(scene: Scene) -> None:
    for one in fact_report(scene.shop).agreement.traits:
        rows = scene.rows("traits", f"WHERE trait = '{one.trait}'")
        assert (one.people, one.disputed) == (len(rows), sum(row["is_disputed"] for row in rows))
        assert one.contradicted >= one.disputed > 0
        page, people = disputed(scene.shop, one.trait, limit=4), []
        while True:
            people += page.people
            if page.next is None:
                break
            page = disputed(scene.shop, one.trait, limit=4, after=page.next)
        assert len({person.person for person in people}) == len(people) == page.total == one.disputed
        assert [person.confidence for person in people] == sorted(person.confidence for person in people)


def test_a_statement_says_whether_it_counts_and_for_what(scene: Scene) -> None:
    seen = Counter()
    for number in range(40):
        try:
            told = traits(scene.shop, f"u{number}").traits
        except UnknownNameError:
            continue
        for one in told:
            counting = [said for said in one.statements if said.counts]
            assert len(counting) == len({said.source for said in counting}) == one.speaking
            assert sum(said.supports for said in counting) == one.supporting
            assert all(agree(one.trait, said.value or "", one.value or "") for said in counting if said.supports) or (
                one.trait == "birth_year"
            )
            seen.update((said.counts, said.supports) for said in one.statements)
    assert seen.keys() == {(True, True), (True, False), (False, False)}


def test_values_of_a_sensitive_trait_stand_in_no_list(scene: Scene) -> None:
    one = disputed(scene.shop, "occupation").people[0]
    assert one.sensitive
    assert {one.value, one.runner_up, *(said.value for said in one.statements)} == {None}
    alone = traits(scene.shop, f"person:{one.person}").traits
    assert next(trait.value for trait in alone if trait.trait == "occupation") in {"a", "b"}


def test_no_trait_and_no_cursor_are_refused(scene: Scene) -> None:
    with pytest.raises(UnknownNameError, match="gender"):
        disputed(scene.shop, "shoe size")
    with pytest.raises(InputError):
        disputed(scene.shop, "gender", after="anything")


def test_a_shop_in_which_nobody_states_anything_is_told_so(tmp_path: Path) -> None:
    empty = Scene(tmp_path / "shop")
    take(empty, "shop", [says("2026-05-01", user="a", kind="track", event="Product Viewed")])
    empty.shop.build()
    report = fact_report(empty.shop)
    assert (report.people, report.agreement.pairs, report.agreement.sources) == (1, [], [])
    assert {one.statements for one in report.agreement.traits} == {0}
    assert traits(empty.shop, "a").traits == []
    empty.shop.close()
