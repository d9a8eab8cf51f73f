from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.core.events import TRACKING_PLAN
from qianmian.world import tale
from qianmian.world.telling import WORDS


@pytest.fixture(scope="module")
def read(world: Path) -> tale.World:
    return tale.read_world(world)


def test_every_event_of_the_plan_has_a_word_in_both_languages():
    assert list(WORDS) == list(TRACKING_PLAN)
    assert all(chinese and english for chinese, english in WORDS.values())


@pytest.mark.parametrize(("language", "word"), [(0, "登录"), (1, "signs in")])
def test_lives_are_told_in_the_order_of_time(read: tale.World, language: int, word: str):
    lives = tale.lives(read, 5, 1, language)
    assert len(lives) == 5
    assert any(word in line for life in lives for line in life)
    for headline, *lines in lives:
        assert headline.startswith("#")
        moments = [line[:11] for line in lines if not line.startswith("…")]
        assert moments == sorted(moments)


def test_the_same_lot_tells_the_same_lives(read: tale.World):
    assert tale.lives(read, 3, 7, 0) == tale.lives(read, 3, 7, 0) != tale.lives(read, 3, 8, 0)


def test_the_curves_cover_the_day_and_the_window(read: tale.World):
    assert len(tale.hours(read)) == 24
    days = tale.days(read)
    assert days[0].startswith("09-2")
    assert len(days) >= 58
    assert max(days, key=len).startswith(("10-31", "11-10", "11-11"))


def test_reviews_are_told_with_stars_and_item(read: tale.World):
    told = tale.reviews(read, 10, 1)
    assert len(told) == 10
    assert all(line.startswith("★") and "「" in line for line in told)


def test_a_folder_without_a_world_is_refused(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        tale.read_world(tmp_path)
