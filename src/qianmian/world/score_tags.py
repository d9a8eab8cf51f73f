"""Score what tags say of people against what is true of them, each beside a guess that needs no tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.agreement import match_people, owners, predicted_persons, profiles_of_people
from qianmian.world.claim import Claim
from qianmian.world.goods import CATEGORIES
from qianmian.world.score import ENOUGH_ITEMS
from qianmian.world.trace import Flags, Floats, Integers


@dataclass(frozen=True)
class Word:
    """A tag whose value is a word that is right or wrong; of somebody of whom it says nothing it is wrong.

    Attributes:
        tag: its name.
        truth: column of truth; a list = any of its words is right.
        guess: column of the latest event's value, which is the baseline; empty = the word that is right most often.
        claim: in words.
        of_buyers: whether only buyers are judged.
    """

    tag: str
    truth: str
    guess: str
    claim: str
    of_buyers: bool = False

    @property
    def metric(self) -> str:
        """Stable name of the measure; ``_top3`` if one of the three likeliest is right."""
        return f"tag_{self.tag}{'_top3' if self.truth in _LISTS else ''}"


@dataclass(frozen=True)
class Grade:
    """A tag whose values have an order, judged by Spearman's rank correlation among those of whom it says something.

    Attributes:
        tag: its name.
        truth: column of truth.
        guess: column of the baseline.
        claim: in words.
        grades: its words, the least first; empty = its values are numbers.
        of: what the metric is called by, if a tag is judged by several truths.
        of_stayers: whether only those are judged who had not left for good by the end of the window.
    """

    tag: str
    truth: str
    guess: str
    claim: str
    grades: tuple[str, ...] = ()
    of: str = ""
    of_stayers: bool = False

    @property
    def metric(self) -> str:
        """Stable name of the measure."""
        return f"tag_{self.tag}{self.of}"


_LISTS = ("likely_categories", "brands", "hours")
_BANDS = ("low", "mid", "high")
_POWER = ("modest", "medium", "strong")
_SOCIAL = ("none", "watching", "shallow", "deep")
WORDS = (
    Word("gender", "gender", "", "the gender is right"),
    Word("age_band", "age_band", "", "the age band is right"),
    Word("preferred_category", "likely_categories", "last_category", "the preferred category is one of the true three"),
    Word("preferred_brand", "brands", "last_brand", "the preferred brand is one of the true three"),
    Word("bought_category", "preferred_category", "last_category", "the category bought most is the preferred", True),
    Word("bought_brand", "preferred_brand", "last_brand", "the brand bought most is the preferred", True),
    Word("active_hour", "hours", "", "the most active hour is one of the true three"),
    Word("day_part", "day_part", "", "the active part of the day is right"),
    Word("device_type", "device_type", "", "the usual device is right"),
    Word("channel", "channel", "", "the usual channel is right"),
)
GRADES = (
    Grade("activity_decile", "activity", "items_seen", "activity decile: who comes more often by nature has more",
          of_stayers=True),
    Grade("activity_tier", "activity", "items_seen", "activity tier: who comes more often by nature has more",
          ("silent", "low", "middle", "high"), of_stayers=True),
    Grade("spending_power", "price", "last_price_rank", "spending power: who picks dearer goods has more", _POWER),
    Grade("spending_power", "price_rank", "last_price_rank",
          "spending power: who picks the dear of a category has more", _POWER, "_band"),
    Grade("value_tier", "spends", "f", "value tier: who is inclined to spend more has more",
          ("none", "low", "middle", "high", "top")),
    Grade("price_sensitivity", "price_sensitivity", "last_cheapness",
          "price sensitivity: who minds prices more has more", ("low", "middle", "high")),
    Grade("brand_loyalty", "faithful", "f", "brand loyalty: who keeps to a brand has more",
          ("many_brands", "few_brands", "loyal_to_one")),
    Grade("novelty_seeking", "wandering", "items_seen", "novelty seeking: whose interests are spread has more",
          ("settled", "open", "explorer")),
    Grade("social_decile", "voice", "items_seen", "social activity decile: who speaks up more has more"),
    Grade("social_depth", "voice", "items_seen", "social interaction: who speaks up more has more", _SOCIAL),
    Grade("social_depth", "sway", "items_seen", "social interaction: whose posts move others has more",
          _SOCIAL, "_sway"),
)  # fmt: skip


def judge_tags(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> list[Claim]:
    """One claim a tag and truth, on the people who left any trace.

    Args:
        truth: tables of `generate.read_truth`, with ``habits``.
        answers: ``event_persons(event_id, person_id)`` and ``profiles`` with a column a tag, as `score` takes them;
            a tag that is not there, or of which nobody has a value, was not looked for.

    Returns:
        None for a world that was written before there were ``habits``. Tags of goods are judged on people with
        `ENOUGH_ITEMS` looks. A guess, or a tag, that says the same of all has a rank correlation of 0.
    """
    if "habits" not in truth:
        return []
    people, persons = latent(truth), truth["persons"]
    predicted, asked = predicted_persons(persons, answers)
    true = owners(persons["person"])
    profiles = profiles_of_people(answers, asked, match_people(true, predicted, len(people)))
    seen = np.bincount(true[true >= 0], minlength=len(people)) > 0
    people, profiles = people.filter(seen), profiles.filter(seen)
    words = [_word_claim(people, profiles, word) for word in WORDS]
    return [*words, *(_grade_claim(people, profiles, grade) for grade in GRADES)]


def latent(truth: Mapping[str, pa.Table]) -> pa.Table:
    """What is true of each person and no single event shows, in the order of their numbers.

    Args:
        truth: tables of `generate.read_truth`.

    Returns:
        The columns of ``people``, ``traits`` and ``habits``, and of these: ``likely_categories``, the three that the
        interest is largest in; ``wandering``, the share of the looks outside of the largest; ``spends``, the
        inclination to buy times the activity; ``price_rank``, the place of the preferred price band; and of the latest
        item's band ``last_price_rank`` and, the cheaper the more, ``last_cheapness``.
    """
    tables = [truth[name].sort_by("person") for name in ("people", "traits", "habits")]
    columns = {name: table[name] for table in tables for name in table.column_names}
    interest = np.stack([columns[f"interest_{category.name}"].to_numpy() for category in CATEGORIES], axis=1)
    largest = np.argsort(-interest, axis=1, kind="stable")[:, :3]
    categories = pa.array([category.later for category in CATEGORIES]).take(pa.array(largest.reshape(-1)))
    last = _places(columns["last_price_band"], _BANDS)
    known = last >= 0
    return pa.table(
        {
            **columns,
            "likely_categories": pa.FixedSizeListArray.from_arrays(categories, 3),
            "wandering": 1 - interest.max(axis=1),
            "spends": columns["spending"].to_numpy() * columns["activity"].to_numpy(),
            "price_rank": _places(columns["price_band"], _BANDS),
            "last_price_rank": np.where(known, last, 1),
            "last_cheapness": np.where(known, -last, -1),
        }
    )


def _word_claim(people: pa.Table, profiles: pa.Table, word: Word) -> Claim:
    judged = pc.greater_equal(people["items_seen"], ENOUGH_ITEMS if word.guess else 0).to_numpy().astype(np.bool_)
    if word.of_buyers:
        judged &= pc.greater(people["f"], 0).to_numpy().astype(np.bool_)
    right = [one if isinstance(one, list) else [one] for one in people[word.truth].filter(judged).to_pylist()]
    if word.guess:
        guesses = people[word.guess].filter(judged).to_pylist()
    else:
        words, counts = np.unique([one for some in right for one in some], return_counts=True)
        guesses = [str(words[counts.argmax()])] * len(right)
    told = _told(profiles, word.tag).filter(judged).cast(pa.string()).to_pylist()
    value, floor = (_share(some, right) for some in (told, guesses))
    has = sum(one is not None for one in told)
    coverage = has / max(len(right), 1)
    return Claim(word.claim, word.metric, value if has else None, floor, len(right), 0.0, coverage)


def _grade_claim(people: pa.Table, profiles: pa.Table, grade: Grade) -> Claim:
    told = _told(profiles, grade.tag)
    places = _places(told, grade.grades) if grade.grades else told.cast(pa.float64()).fill_null(-1).to_numpy()
    judged = np.full(len(people), not grade.of_stayers) | pc.is_null(people["leaves_at"]).to_numpy().astype(np.bool_)
    has = judged & (places >= 0)
    value = _rank_correlation(places[has], people[grade.truth].to_numpy()[has])
    floor = _rank_correlation(people[grade.guess].to_numpy()[has], people[grade.truth].to_numpy()[has])
    size = int(has.sum())
    coverage = size / max(int(judged.sum()), 1)
    return Claim(grade.claim, grade.metric, value if size else None, floor, size, 0.0, coverage)


def _told(profiles: pa.Table, tag: str) -> pa.ChunkedArray:
    if tag in profiles.column_names:
        return profiles[tag]
    return pa.chunked_array([pa.nulls(len(profiles), pa.string())])


def _places(values: pa.ChunkedArray, words: tuple[str, ...]) -> Integers:
    """Place of each value among the words; −1 = none of them."""
    places: Integers = pc.index_in(values.cast(pa.string()), value_set=pa.array(words)).fill_null(-1).to_numpy()
    return places.astype(np.int64)


def _share(told: list[str | None], right: list[list[str]]) -> float:
    hits: Flags = np.array([one in some for one, some in zip(told, right, strict=True)], np.bool_)
    return float(hits.mean()) if len(hits) else 0.0


def _rank_correlation(left: Integers | Floats, right: Integers | Floats) -> float:
    """Spearman's, with ties at their mean rank; 0 if one side has no differences."""
    from scipy.stats import spearmanr

    if len(left) < 2 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return 0.0
    return float(spearmanr(left, right).statistic)
