"""Fact rules are read whole, and what is wrong with them is told with its place."""

from __future__ import annotations

import pytest

from qianmian.core.errors import RulesError
from qianmian.unify.facts.declaration import built_in_rules, read_rules
from qianmian.unify.facts.rules import FactRules, built_in_text


def test_the_built_in_rules_say_what_their_text_says_and_survive_a_journey() -> None:
    rules = built_in_rules()
    assert {one.name for one in rules.traits} >= {"gender", "birth_year", "city", "province", "occupation"}
    assert rules == read_rules(built_in_text(), "again") == FactRules.from_json(rules.to_json())
    assert rules.trust_of("whoever") == 0.7
    assert rules.trait("gender").wrong_values == 1  # type: ignore[union-attr]


def test_the_digest_is_of_what_they_say_not_of_how() -> None:
    one = "traits: {b: {kind: word, properties: [b]}, a: {kind: year, properties: [a], ages: [age]}}\ntrust: {x: 0.9}"
    other = """
trust: {x: 0.90}
traits:
  a: {properties: [a], ages: [age], kind: year}
  b: {kind: word, properties: [b]}
"""
    assert read_rules(one, "one").digest == read_rules(other, "other").digest
    assert read_rules(one.replace("0.9", "0.8"), "one").digest != read_rules(other, "other").digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("traits: {City: {kind: word, properties: [c]}}", "traits.City"),
        ("traits: {city: {kind: place, properties: [c]}}", "traits.city.kind"),
        ("traits: {city: {properties: [c]}}", "traits.city.kind"),
        ("traits: {city: {kind: word}}", "traits.city.properties"),
        ("traits: {city: {kind: word, properties: [1]}}", "traits.city.properties.0"),
        ("traits: {city: {kind: word, properties: [c], tolerance: 1}}", "traits.city.tolerance"),
        ("traits: {city: {kind: word, properties: [c], half_life_days: 0}}", "traits.city.half_life_days"),
        ("traits: {city: {kind: word, properties: [c], sensitive: perhaps}}", "traits.city.sensitive"),
        ("traits: {size: {kind: number, properties: [c], tolerance: -1}}", "traits.size.tolerance"),
        ("traits: {size: {kind: number, properties: [c], ages: [age]}}", "traits.size.ages"),
        ("traits: {g: {kind: word, properties: [g], values: {a: [x], b: [X]}}}", "traits.g.values.b"),
        ("trust: {crm: 1}", "trust.crm"),
        ("trust: {otherwise: certain}", "trust.otherwise"),
        ("nothing: unknown", "nothing"),
        ("trusts: {crm: 0.9}", "trusts"),
        ("[]", "file"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(RulesError) as error:
        read_rules(text, "facts.yaml")
    assert f" {told} " in f" {error.value} ".replace("`", " ").replace(":", " ")
