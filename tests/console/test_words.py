"""What the product declares has words in both languages: a new rule is not shown by the name that code has for it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.declare import Kind
from qianmian.profile.tags.partial import DIMENSIONS
from qianmian.unify.clean.rules import RULES, TRAFFIC, Cleaning
from qianmian.unify.facts.declaration import built_in_rules
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.fill.rules import METHODS
from qianmian.unify.identity.rules import Rules
from qianmian.unify.ties.kinds import KINDS
from tests.console.catalogue import words


def named(declaration: type) -> set[str]:
    return {field.name for field in fields(declaration)}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("part", "section", "declared"),
    [
        ("cleaning", "section", named(Cleaning)),
        ("facts", "section", named(FactRules)),
        ("identityRules", "section", named(Rules)),
        ("words", "kind", {kind.value for kind in Kind}),
        ("tagEditor", "means", {kind.value for kind in Kind}),
        ("tagEditor", "dimension", set(DIMENSIONS)),
        ("words", "flag", {*RULES, TRAFFIC}),
        ("words", "tie", set(KINDS)),
        ("words", "trait", {trait.name for trait in built_in_rules().traits}),
        ("quality", "method", set(METHODS)),
    ],
)
def test_what_is_declared_has_words(language: str, part: str, section: str, declared: set[str]) -> None:
    assert set(words(language, part)[section]) == declared


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_value_of_a_built_in_tag_and_what_it_speaks_of_has_words(language: str) -> None:
    values = {value for tag in built_in_tags() for value in tag.values}
    assert values <= set(words(language, "words")["value"])
    assert {tag.about[0] for tag in built_in_tags() if tag.about} <= set(words(language, "people")["family"])
