"""No stranger is ever merged: fourteen histories that lead others astray, from files to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.traces import Scene
from tests.unify.identity.cases import CASES, MAPPING, judged, naive, table
from tests.unify.test_publish import owners

Answer = list[list[int]]


def answered(scene: Scene) -> Answer:
    """The person of each step of each case."""
    scene.shop.build()
    people = owners(scene)
    return [[people[row["id"]] for row in case.rows(number)] for number, case in enumerate(CASES)]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What the product says of all of them, in one shop and by its own rules."""
    scene = Scene(tmp_path_factory.mktemp("adversarial") / "shop")
    scene.take([row for number, case in enumerate(CASES) for row in case.rows(number)], MAPPING)
    return answered(scene)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.title for case in CASES])
def test_no_two_people_are_merged(answer: Answer, number: int) -> None:
    assert judged(CASES[number], answer[number]).merged == 0


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.title for case in CASES])
def test_whoever_can_be_known_is_held_together(answer: Answer, number: int) -> None:
    assert judged(CASES[number], answer[number]).missed == 0


def test_a_person_of_one_case_is_in_no_other(answer: Answer) -> None:
    assert sum(len(set(people)) for people in answer) == len({person for people in answer for person in people})


def test_a_union_find_over_all_identifiers_is_led_astray() -> None:
    astray = [judged(case, naive(case)).merged for case in CASES]
    assert sum(merged > 0 for merged in astray) >= 9


def test_late_files_in_reverse_order_change_nothing(answer: Answer, tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    rows = sorted(
        (row for number, case in enumerate(CASES) for row in case.rows(number)), key=lambda row: str(row["at"])
    )
    middle = len(rows) // 2
    for file in (rows[middle:][::-1], rows[:middle][::-1]):
        scene.take(file, MAPPING)
        scene.shop.build()
    partition = [[people.index(person) for person in people] for people in answered(scene)]
    assert partition == [[people.index(person) for person in people] for people in answer]


def test_the_guide_shows_what_is_seen_here(answer: Answer, root: Path) -> None:
    guide = (root / "docs/guides/identity.md").read_text(encoding="utf-8")
    assert "\n".join(table(answer)) in guide
