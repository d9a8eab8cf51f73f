"""One small world for all tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.world.plan import WorldPlan
from tests.evidence.worlds import World, take_in


@pytest.fixture(scope="session")
def world(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A built world of a few hundred people, small enough that every profile can be opened by its door."""
    plan = WorldPlan(seed=11, people=250, days=60)
    made = take_in(plan, tmp_path_factory.mktemp("evidence"), root / "src" / "qianmian" / "cli" / "demo")
    made.shop.build(instant=made.end)
    yield made
    made.shop.close()
