"""A build that goes on from the last one leaves exactly what a full build at the same instant leaves, row by row."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.app.traces import Scene, good, trace
from tests.databases import copy_workspace

#: Many builds, each beside a full one.
pytestmark = pytest.mark.timeout(400)
FIRST_DAY = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)
VIEW, IN, OUT, PAID, BACK = "Product Viewed", "Signed In", "Signed Out", "Order Completed", "Order Refunded"


def assert_as_if_anew(scene: Scene, instant: datetime, to: Path) -> None:
    """Build a copy fully at the same instant and compare every table."""
    told = scene.built()
    copy = scene.copied(to)
    result = copy.shop.build(full=True, instant=instant)
    assert result["anew"]
    expected = copy.built()
    copy.shop.close()
    shutil.rmtree(to)
    for table, rows in expected.items():
        assert told[table] == rows, table


def crowd() -> list[dict[str, Any]]:
    """People enough that a few who move are less than a twentieth."""
    return [
        trace(name, f"2026-04-{day:02}", id=f"crowd-{n}-{day}", user=f"c{n}", device=f"c-d{n}", item=f"i{n % 5}")
        for n in range(40)
        for day, name in ((3 + n % 25, VIEW), (4 + n % 20, "Product Added"))
    ]


class Days:
    """A shop that is built every evening."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene(folder / "shop", FIRST_DAY + timedelta(days=60))
        self.folder = folder
        self.day = 1

    def evening(self, *, compared: bool = True) -> dict[str, Any]:
        """Build as of the evening, and compare: what went wrong on one evening is still wrong on the next."""
        instant = FIRST_DAY + timedelta(days=self.day)
        self.day += 1
        result = self.scene.shop.build(instant=instant)
        if compared:
            assert_as_if_anew(self.scene, instant, self.folder / "full")
        return result

    def take(self, *rows: dict[str, Any]) -> int:
        return self.scene.take(rows).batch


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that was built once."""
    scene = Scene(tmp_path_factory.mktemp("first-day") / "shop", FIRST_DAY + timedelta(days=60))
    scene.goods([good(f"i{n}", "家居", str(10 + n), "匀器") for n in range(5)])
    scene.take([*crowd(), trace(PAID, "2026-04-30", user="old", order="OLD", total="40", item="i1")])
    scene.take([trace(PAID, "2026-04-30", user="other", order="WHOLE", total="40", item="i2")])
    scene.shop.build(instant=FIRST_DAY)
    scene.shop.close()
    return scene.folder


@pytest.fixture
def days(first_day: Path, tmp_path: Path) -> Iterator[Days]:
    copy_workspace(first_day, tmp_path / "shop")
    made = Days(tmp_path)
    yield made
    made.scene.shop.close()


def test_two_weeks_of_everything_that_happens_to_a_shop(days: Days) -> None:
    # what a visitor did before he signs in moves to him; a late event comes along
    days.take(trace(VIEW, "2026-05-02", device="d1", item="i0"), trace(VIEW, "2026-05-02", device="d2", item="i2"))
    assert days.evening(compared=False)["anew"] == ""
    days.take(trace(IN, "2026-05-03", user="anna", device="d1"), trace(VIEW, "2026-04-20", user="c1", item="i3"))
    result = days.evening()
    assert (result["anew"], result["moved"]) == ("", 1)
    assert result["people_folded"] < result["people"] / 4  # those with new or moved rows, and those who age today
    # an older order is refunded, in part, under another name; and a new item of a new kind is looked at
    days.take(trace(BACK, "2026-05-04", user="clerk", order="OLD", refund="R1", total="15"))
    days.take(trace(BACK, "2026-05-04", user="clerk", order="WHOLE", refund="R2", total="40"))
    days.scene.goods([good("i9", "A 露营", "5", "野径")])
    assert days.evening()["anew"] == ""
    days.take(trace(VIEW, "2026-05-05", user="boris", item="i9"), trace(VIEW, "2026-05-05", user="boris", item="i0"))
    assert days.evening()["anew"] == ""
    # goods are renamed and repriced
    days.scene.goods([good("i0", "服饰", "99", "缓行衣", since="2026-05-06")])
    assert days.evening(compared=False)["anew"] == ""
    # the tablet changes hands, and a sign-out comes late
    days.take(trace(IN, "2026-05-06", user="carl", device="d1"), trace(OUT, "2026-05-04T18:00:00", device="d1"))
    days.take(trace(VIEW, "2026-05-05", device="d1", item="i4"))
    assert days.evening()["anew"] == ""
    # tomorrow's events are here today; a refund comes before its payment
    days.take(
        trace(VIEW, "2026-05-30", user="anna", item="i1"), trace(PAID, "2026-05-30", user="d", order="X", total="7")
    )
    days.take(trace(BACK, "2026-05-07", user="d", order="X", refund="RX", total="2"))
    assert days.evening()["anew"] == ""
    days.day = 31
    result = days.evening()
    assert (result["anew"], result["corrected"]) == ("", 1)  # the refund is folded again, now with its order
    # half a year of silence: only windows pass
    days.day = 45
    assert days.evening(compared=False)["people_folded"] > 0
    days.day = 59
    result = days.evening()
    assert (result["anew"], result["history_rows"]) == ("", 0)


def test_history_stays_in_few_files_however_many_evenings(days: Days) -> None:
    merged, most = 0, 0
    for evening in range(1, 13):
        day = f"2026-05-{days.day + 1:02}"
        days.take(trace(VIEW, day, user=f"c{evening}", item="i1"), trace(VIEW, day, device=f"new{evening}", item="i2"))
        if evening % 4 == 0:  # somebody signs in: the device's rows move, and stand in earlier segments in void
            days.take(trace(IN, day, user=f"c{evening}", device=f"new{evening - 1}"))
        result = days.evening(compared=evening == 12)
        assert result["anew"] == ""
        merged += result.get("merged_segments", 0)
        held = {row["segment"] for row in days.scene.shop.table("segments").to_pylist()}
        most = max(most, len(held))
    assert merged
    assert most <= 5  # the base, and what twelve evenings leave: 8 + 4 + 2 + 1


def test_when_many_have_moved_history_is_written_anew_without_what_is_void(days: Days) -> None:
    everybody = []
    for n in range(6):
        day = f"2026-05-{days.day + 1:02}"
        days.take(trace(VIEW, day, device=f"d{n}", item="i1"))
        days.evening(compared=False)
        days.take(trace(IN, f"2026-05-{days.day + 1:02}", user=f"c{n}", device=f"d{n}"))
        everybody.append(days.evening(compared=n == 5))
    assert not any(result["anew"] for result in everybody)
    tables = {name: days.scene.shop.table(name).to_pylist() for name in ("segments", "masked")}
    assert any(result.get("merged_segments") for result in everybody)
    void = {row["person_id"] for row in tables["masked"]}
    assert len(void) <= 0.05 * everybody[-1]["people"] + 1


def test_an_undone_batch_was_never_there(days: Days) -> None:
    before = days.scene.built()
    batch = days.take(
        trace(IN, "2026-05-02", user="anna", device="c-d1"),
        trace(PAID, "2026-05-02", user="anna", order="N", total="9", item="i7"),
        trace(VIEW, "2026-05-02", user="c1", phone="13900000009"),
    )
    days.day = 0
    days.evening()
    assert days.scene.built()["persons"] != before["persons"]
    days.scene.shop.undo(batch)
    days.day = 0
    assert "removed" in days.evening()["anew"]
    assert days.scene.built() == before


def test_another_session_length_begins_anew(days: Days) -> None:
    days.scene.shop.close()
    settings = days.scene.folder / "qianmian.toml"
    settings.write_text(settings.read_text() + "session_minutes = 90\n")
    days.scene = Scene(days.scene.folder, days.scene.now)
    assert "settings" in days.evening()["anew"]


def test_an_earlier_instant_begins_anew(days: Days) -> None:
    days.take(trace(VIEW, "2026-05-02", user="anna"))
    days.day = 2
    days.evening()
    days.day = 0
    assert "before" in days.evening()["anew"]


def chances(chance: random.Random, day: datetime) -> Iterator[dict[str, Any]]:
    """What may arrive on a day: mostly of the day, some of it late, some early."""
    for _ in range(chance.randrange(1, 9)):
        at = day + timedelta(hours=chance.choice([-3, -2, -1, -30, -300, -2000, 30]), minutes=chance.randrange(60))
        names = {
            "user": chance.choice([None, None, "u1", "u2", "u3", "c3"]),
            "phone": chance.choice([None, None, None, "13900000001", "13900000002"]),
            "device": chance.choice([None, "d1", "d2", "d3", "c-d3"]),
        }
        order = {"order": chance.choice(["O1", "O2", "O3", "O4"]), "total": str(chance.randrange(90))}
        match chance.choice([VIEW, VIEW, IN, OUT, PAID, BACK]):
            case "Order Completed":
                yield trace(PAID, at, **names, **order, products=[{"sku": "i1"}, {"sku": f"i{chance.randrange(9)}"}])
            case "Order Refunded":
                yield trace(BACK, at, **names, **order, refund=chance.choice(["R1", "R2", "R3", None]))
            case name:
                yield trace(name, at, **names, item=chance.choice([None, f"i{chance.randrange(9)}"]))


@pytest.mark.parametrize("seed", [3, 8])
def test_any_week_is_as_if_built_anew(days: Days, seed: int) -> None:
    chance = random.Random(seed)
    batches: list[int] = []
    for _ in range(4):
        today = FIRST_DAY + timedelta(days=days.day)
        batches += [days.take(*chances(chance, today)) for _ in range(chance.randrange(1, 3))]
        if chance.random() < 0.25:
            days.scene.shop.undo(batches.pop(chance.randrange(len(batches))))
        if chance.random() < 0.3:
            sku = f"i{chance.randrange(9)}"
            days.scene.goods([good(sku, chance.choice(["A", "家居", "Z"]), "7", since=f"2026-05-{days.day + 1:02}")])
        assert days.evening()["build"] > 1  # and what it left is as if built anew: see `Days.evening`
        days.day += chance.choice([0, 0, 6, 28])
