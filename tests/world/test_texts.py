from __future__ import annotations

import duckdb
import numpy as np
import pytest

from qianmian.world.goods import CATEGORIES
from qianmian.world.reviews import ASPECTS, DISPLEASED, LEAKED, PLEASED, Subject, opinions, review_texts, stars
from qianmian.world.texts import dice, nicknames

DRAWN = np.random.default_rng(5).integers(0, 1 << 30, 20_000)
CATEGORY = np.arange(len(DRAWN)) % 8
SUBJECT = Subject(CATEGORY, np.arange(len(DRAWN)) // 8 % 8)
SERUM = CATEGORIES[0].things.index("精华液")


def texts(mood: int) -> list[str]:
    moods = np.full(len(DRAWN), mood)
    return review_texts(moods, SUBJECT, opinions(moods, SUBJECT, DRAWN), DRAWN).to_pylist()


def test_ten_random_reviews_that_say_something_do_not_look_alike():
    told = [text for text in texts(PLEASED) if len(text) > 12 and "没有填写" not in text]
    hundreds = [told[start : start + 10] for start in range(0, 5_000, 10)]
    alike = sum(len(set(ten)) < 9 for ten in hundreds)
    assert alike <= 15
    assert len({text[:6] for text in told}) > 400


def test_a_review_says_what_the_truth_says_it_judges():
    moods = np.full(len(DRAWN), DISPLEASED)
    said = opinions(moods, SUBJECT, DRAWN)
    written = review_texts(moods, SUBJECT, said, DRAWN).to_pylist()
    rows = np.flatnonzero((said.form == 4) & (dice(DRAWN, 0, 20) > 1))[:2_000]  # neither traditional nor mistyped
    for row in rows:
        aspects = list(ASPECTS[CATEGORY[row]].values())
        for aspect, praised in zip(said.aspect[row], said.praised[row], strict=True):
            if aspect >= 0:
                assert any(phrase in written[row] for phrase in aspects[aspect][0 if praised else 1])


def test_five_of_a_hundred_texts_are_in_traditional_characters():
    told = [text for text in texts(DISPLEASED) if len(text) > 12 and "没有填写" not in text]
    traditional = sum(any(glyph in text for glyph in "這買說過開頭時間質實沒會幫發換樣線貴") for text in told)
    simplified = sum(any(glyph in text for glyph in "这买说过开头时间质实没会帮发换样线贵") for text in told)
    assert traditional / (traditional + simplified) == pytest.approx(0.05, abs=0.015)


def test_a_leak_is_spoken_of_and_costs_stars():
    moods = np.full(len(DRAWN), LEAKED)
    serum = Subject(np.zeros_like(CATEGORY), np.full_like(CATEGORY, SERUM))
    said = opinions(moods, serum, DRAWN)
    written = review_texts(moods, serum, said, DRAWN).to_pylist()
    plain = dice(DRAWN, 0, 20) > 1
    leaks = [any(word in text for word in ("漏", "全是水", "往外渗")) for text in np.array(written)[plain]]
    assert np.mean(leaks) == 1
    assert stars(moods, said, DRAWN).max() == 2


def test_some_mock_what_they_are_displeased_with():
    mocked = [text for text in texts(DISPLEASED) if "真是谢谢您呢" in text or "怕你们骄傲" in text]
    assert mocked
    moods = np.full(len(DRAWN), PLEASED)
    assert not (opinions(moods, SUBJECT, DRAWN).form == 3).any()


def test_nicknames_are_as_many_as_people_have_and_momo_is_several():
    people = np.arange(2_000)
    names = nicknames(people < 20, people % 5 == 0, people).to_pylist()
    assert all(name.endswith("团长") for name in names[:20])
    assert len(set(names)) > 700
    assert names.count("momo") > 1


def test_stars_and_text_agree(town_sql: duckdb.DuckDBPyConnection):
    means = dict(
        town_sql.sql(
            """SELECT sentiment, avg((properties->>'stars')::INT) FROM opinions JOIN event USING (message_id)
               GROUP BY 1"""
        ).fetchall()
    )
    assert means["positive"] > 4
    assert means["negative"] < 2.5


def test_nobody_judges_a_bag_by_its_size_or_a_lipstick_by_its_leaks():
    moods = np.full(len(DRAWN), DISPLEASED)
    written = np.array(review_texts(moods, SUBJECT, opinions(moods, SUBJECT, DRAWN), DRAWN).to_pylist())
    bags = (CATEGORY == 3) & (SUBJECT.thing == CATEGORIES[3].things.index("帆布包"))
    lipsticks = (CATEGORY == 0) & (SUBJECT.thing == CATEGORIES[0].things.index("口红"))
    assert not any("偏小一码" in text for text in written[bags])
    assert not any("漏液" in text for text in written[lipsticks])
