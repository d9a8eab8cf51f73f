"""Each tag of attributes, interest and taste is, on five people, what a person would reckon by hand."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from qianmian.profile.tags.built_in import built_in_tags
from tests.evidence.by_hand import TAGS
from tests.evidence.five_people import FIVE, Person, five_people, page
from tests.evidence.worlds import World


@pytest.fixture(scope="module")
def people(world: World) -> list[Person]:
    return five_people(world)


def test_every_tag_of_five_people_is_what_is_reckoned_by_hand(people: list[Person]) -> None:
    assert len({person.number for person in people}) == FIVE
    different = [
        (person.number, line.tag, one) for person in people for line in person.lines for one in line.differences
    ]
    assert different == []


def test_the_five_have_nearly_all_tags_between_them(people: list[Person]) -> None:
    assert set(TAGS) <= {tag.name for tag in built_in_tags()}
    silent = {
        name for name in TAGS if all(line.hand.value is None for p in people for line in p.lines if line.tag == name)
    }
    assert silent == {"birth_year", "province", "city", "occupation"}  # nobody in the generated shop states them


def test_a_wrong_value_is_found_out(people: list[Person]) -> None:
    line = next(line for line in people[0].lines if line.tag == "price_sensitivity")
    assert line.hand.rows is not None
    wrong = replace(line, hand=replace(line.hand, value="?", rows=line.hand.rows[1:], confidence=0.5))
    assert {what for what, _, _ in wrong.differences} >= {"value", "confidence"}


def test_the_page_is_current(world: World, people: list[Person], root: Path) -> None:
    file, text = root / "docs" / "reference" / "tags-by-hand.md", page(world, people)
    if "QIANMIAN_WRITE" in os.environ:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "run it with QIANMIAN_WRITE=1"
