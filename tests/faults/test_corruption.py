"""A damaged file is told, or harms nothing, as far as that is promised; see the module for the table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.corruption import KINDS, SEALED, Answers, asked, damaged, prepare


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answers]:
    folder = tmp_path_factory.mktemp("corruption") / "shop"
    return folder, prepare(folder)


@pytest.mark.parametrize(
    ("kind", "seed"), [*((kind, 0) for kind in KINDS), *((kind, n) for kind in SEALED for n in (1, 2))]
)
def test_damage_is_told_or_harms_nothing(tmp_path: Path, sound: tuple[Path, Answers], kind: str, seed: int):
    folder, expected = sound
    copy = tmp_path / "shop"
    shutil.copytree(folder, copy)
    damage = damaged(copy / "data", kind, seed)
    assert (damage.bit is None) == (seed == 0)
    outcome, why = asked(copy, expected)
    assert outcome != "silent", f"{damage}: {why}"


def test_another_answer_would_be_found(tmp_path: Path, sound: tuple[Path, Answers]):
    folder, expected = tmp_path / "shop", sound[1]
    shutil.copytree(sound[0], folder)
    assert asked(folder, expected) == ("harmless", "")
    other = expected | {"events": expected["events"] + expected["events"]}
    assert asked(folder, other) == ("silent", "other events")
