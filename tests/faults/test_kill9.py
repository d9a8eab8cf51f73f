"""Whoever is killed, wherever: the same again ends as if nothing had happened."""

from __future__ import annotations

import pytest

from tests.faults import campaigns, collector, journal, syncs
from tests.faults.kill9 import DEATHS, RANDOM, Stage, registered
from tests.faults.parts.child import KILLED


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("kill9"))


def test_every_registered_failpoint_has_its_death():
    assert registered() == DEATHS.keys() | journal.DEATHS.keys() | set(collector.FLUSHING) | set(
        campaigns.DEATHS
    ) | set(syncs.DEATHS)


@pytest.mark.parametrize("name", DEATHS)
def test_a_death_at_a_failpoint_loses_and_doubles_nothing(stage: Stage, name: str):
    trial = stage.at_failpoint(name)
    assert trial.ending.status == KILLED, "the failpoint was not passed"
    assert trial.is_clean, trial


@pytest.mark.parametrize("seed", range(len(RANDOM) + 1))
def test_a_death_at_a_random_moment_loses_and_doubles_nothing(stage: Stage, seed: int):
    trial = stage.at_random(seed)
    assert trial.is_clean, trial
