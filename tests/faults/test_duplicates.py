"""What is sent again is stored once and counted; see the module for the long run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.duplicates import Told, event, judge, run, send
from tests.faults.parts.sending import new_shop, served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("duplicates")


def test_each_event_is_stored_once_and_everything_is_counted(folder: Path):
    told = run(folder, 2, 120, tell=lambda _: None)
    assert told["sent"] > told["events"] > 240
    assert told["conflicts"] == 2 * (120 * 2 // 100)
    assert (told["lost"], told["duplicated"], told["twins_stored"], told["miscounted"]) == (0, 0, 0, 0)


def test_a_broken_promise_would_be_found(tmp_path: Path):
    at, told = new_shop(tmp_path / "shop"), Told(random.Random(1))
    with served(tmp_path / "shop", at):
        send(at, told.chance, [[1], [2]])
        dialect, other = event(2)
        assert at.send(dialect, [other | {"messageId": "m-other"}]) == 200
    told.events.update((1, 3))
    found = judge(tmp_path / "shop", told)
    assert (found["lost"], found["duplicated"]) == (1, 1)
    assert found["miscounted"] > 0
