"""A build that goes on leaves what a full one leaves, row for row, and what a naive reader makes of all statements."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.plan import published_facts
from tests.app.traces import Scene
from tests.unify.facts import oracle
from tests.unify.facts.statements import all_traits, says, take

#: Many builds, each beside a full one.
pytestmark = pytest.mark.timeout(400)
FIRST_DAY = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SOURCES = ("shop", "crm", "club")
_PLACED = """
SELECT person_id, statements.* FROM statements JOIN persons
ON statements.node_id = persons.node_id AND occurred_at >= coalesce(since, '-infinity'::TIMESTAMPTZ)
   AND occurred_at < coalesce(until, 'infinity'::TIMESTAMPTZ)
"""


def crowd() -> list[dict[str, Any]]:
    """So many that those who move are few among them."""
    return [says("2026-04-20", user=f"c{n}", city="杭州", gender="F") for n in range(900)]


def names(chance: random.Random) -> dict[str, Any]:
    """By what somebody is known at a moment: often by a device or phone alone, so that a sign-in moves it."""
    return {
        "user": chance.choice([None, None, "u1", "u2", "u3", "u4", "c1"]),
        "phone": chance.choice([None, None, None, "13900000001", "13900000002"]),
        "device": chance.choice([None, "d1", "d2", "d3"]),
    }


def happenings(chance: random.Random, today: datetime) -> Iterator[dict[str, Any]]:
    """What may arrive on a day: mostly of the day, some of it late, some early."""
    for _ in range(chance.randrange(6, 20)):
        at = today + timedelta(hours=chance.choice([-3, -2, -1, -30, -60, -3000, 30]), minutes=chance.randrange(60))
        when = (at + timedelta(hours=8)).replace(tzinfo=None).isoformat()
        if chance.random() < 0.2:
            yield says(
                when, event=chance.choice(["Signed In", "Signed In", "Signed Out"]), kind="track", **names(chance)
            )
            continue
        told = {
            "gender": chance.choice([None, "F", "M", "?"]),
            "city": chance.choice([None, "杭州", "上海市", "北京"]),
            "birthday": chance.choice([None, "1990-01-01", "1991", "1980"]),
        }
        yield says(when, **names(chance), **told)


def assert_as_a_naive_reader(scene: Scene) -> int:
    """Compare with what follows from all statements and who is who now; returns how many traits are contradicted."""
    told = {(row.pop("person_id"), row.pop("trait")): row for row in all_traits(scene)}
    expected = oracle.resolve(published_facts(scene.shop.workspace), scene.query(_PLACED).to_pylist())
    assert told.keys() == expected.keys()
    for key, holds in expected.items():
        assert told[key] == holds | {"confidence": pytest.approx(holds["confidence"], rel=1e-9)}, key
    return sum(row["runner_up"] is not None for row in told.values())


def assert_as_if_anew(scene: Scene, instant: datetime, to: Path) -> None:
    """Build a copy fully at the same instant, in another number of parts, and compare."""
    copy = scene.copied(to)
    copy.build_in(4, instant=instant)
    for rows in ("traits", "(SELECT * EXCLUDE (build) FROM statements)"):
        query = f"SELECT * FROM {rows} ORDER BY ALL"
        assert scene.query(query).to_pylist() == copy.query(query).to_pylist()
    copy.shop.close()


@pytest.mark.parametrize("seed", [7])
def test_any_splitting_of_what_is_said_leaves_the_same_traits(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    scene = Scene(tmp_path / "shop", FIRST_DAY + timedelta(days=60))
    take(scene, "shop", crowd())
    scene.shop.build(instant=FIRST_DAY)
    went_on, moved = 0, 0
    for day in range(1, 4):
        instant = FIRST_DAY + timedelta(days=day)
        for source in SOURCES:
            take(scene, source, happenings(chance, instant))
        result = scene.build_in(chance.choice([1, 2]), full=False, instant=instant)
        went_on, moved = went_on + (result["anew"] == ""), moved + result["moved"]
        assert assert_as_a_naive_reader(scene) > 2
    assert went_on == 3
    assert moved > 5
    assert_as_if_anew(scene, instant, tmp_path / "full")
    scene.shop.close()
