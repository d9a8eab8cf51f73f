"""What people say of goods, in reviews and posts: the mood, the aspects that are judged, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world import phrases
from qianmian.world.glyphs import choose, joined
from qianmian.world.goods import BEAUTY, CATEGORIES, THINGS, Goods
from qianmian.world.texts import dice, nested, plain_pool
from qianmian.world.trace import NONE, Flags, Integers

#: What the mood of a review is known to be: pleased, displeased, displeased by a leak.
PLEASED, DISPLEASED, LEAKED = 0, 1, 2
#: Forms: nothing written, a template for a small reward, a word or two, sarcasm, a text.
SILENT, TEMPLATE, SHORT, SARCASTIC, TEXT = range(5)
FORMS = ("silent", "template", "short", "sarcastic", "text")
MOST_ASPECTS = 3
_SILENT_SHARE, _TEMPLATE_SHARE, _SHORT_SHARE, _SARCASTIC_SHARE = 35, 5, 9, 8
_MIXED_SHARE, _REMARK_SHARE, _LEAK_IS_A_TOPIC = 24, 30, 15
ASPECTS = tuple({**own, **phrases.EVERYWHERE} for own in phrases.ASPECTS)
ASPECT_NAMES = tuple(dict.fromkeys(name for aspects in ASPECTS for name in aspects))
_OWN, _WIDTH = len(phrases.ASPECTS[0]), len(ASPECTS[0])
_OF_THE_CATEGORY = 40
_POST_OPENINGS = (phrases.BAD_POST_OPENINGS, phrases.POST_OPENINGS, *phrases.CATEGORY_POST_OPENINGS)
_LEAK = list(ASPECTS[BEAUTY]).index("漏液")


@dataclass(frozen=True)
class Opinions:
    """What reviews say; every array has one entry a review.

    Attributes:
        form: position in `FORMS`.
        aspect: up to three aspects of the category that are judged, `NONE` = no more; one column each.
        praised: whether each of them is praised.
    """

    form: Integers
    aspect: Integers
    praised: Flags


@dataclass(frozen=True)
class Subject:
    """What is spoken of; every array has one entry a text.

    Attributes:
        category: category of the item.
        thing: position among the category's things.
    """

    category: Integers
    thing: Integers


def subject_of(goods: Goods, item: Integers) -> Subject:
    """The subject of texts about some items."""
    return Subject(goods.category[item].astype(np.int64), goods.thing[item].astype(np.int64))


def opinions(mood: Integers, subject: Subject, drawn: Integers) -> Opinions:
    """What reviews of a mood say; the same numbers always say the same.

    Args:
        mood: pleased, displeased, or displeased by a leak.
        subject: what is reviewed.
        drawn: a random number a review.
    """
    category = subject.category
    hundred = dice(drawn, 1, 100)
    borders = np.cumsum([_SILENT_SHARE, _TEMPLATE_SHARE, _SHORT_SHARE, _SARCASTIC_SHARE])
    form = np.searchsorted(borders, hundred, side="right")
    form = np.where((form == TEMPLATE) & (mood > 0) | (form == SARCASTIC) & (mood == 0), TEXT, form)
    form = np.where(mood == LEAKED, np.where(form == SARCASTIC, SARCASTIC, TEXT), form)
    count = 1 + (dice(drawn, 2, 100) >= 40) + (dice(drawn, 3, 100) >= 70)
    first = np.where(mood == LEAKED, _LEAK, dice(drawn, 4, _WIDTH))
    rare = (category == BEAUTY) & (first == _LEAK) & (mood != LEAKED) & (dice(drawn, 9, 100) >= _LEAK_IS_A_TOPIC)
    first = np.where(rare, 0, first)
    step = 1 + dice(drawn, 5, (_WIDTH - 1) // 2)
    aspect = np.stack([first, (first + step) % _WIDTH, (first + 2 * step) % _WIDTH], axis=1)
    aspect = _fitting(aspect, subject)
    said = (np.arange(MOST_ASPECTS) < count[:, None]) & np.isin(form, (TEXT, SARCASTIC))[:, None]
    said[:, 1] &= aspect[:, 1] != aspect[:, 0]
    said[:, 2] &= said[:, 1] & (aspect[:, 2] != aspect[:, 1]) & (aspect[:, 2] != aspect[:, 0])
    mixed = np.stack([dice(drawn, 6 + turn, 100) < _MIXED_SHARE for turn in range(MOST_ASPECTS)], axis=1)
    mixed[:, 0] = False
    praised = (mood == PLEASED)[:, None] ^ mixed
    return Opinions(form, np.where(said, aspect, NONE), praised & said)


def _fitting(aspect: Integers, subject: Subject) -> Integers:
    """Aspects that the thing does not have give way to those that every order has."""
    fits = _FITS[subject.category[:, None], aspect, subject.thing[:, None]]
    fitting: Integers = np.where(fits, aspect, _OWN + aspect % len(phrases.EVERYWHERE))
    return fitting


def stars(mood: Integers, said: Opinions, drawn: Integers) -> Integers:
    """One to five stars of each review; whoever finds a fault in spite of all gives no fifth."""
    low = np.where(mood == LEAKED, 1 + drawn % 2, 1 + drawn % 3)
    faults = ((said.aspect >= 0) & ~said.praised).any(axis=1)
    high = np.where(faults, 3 + (drawn % 4 > 0), 4 + (drawn % 5 > 0))
    given: Integers = np.where(mood == PLEASED, high, low)
    return given


def review_texts(mood: Integers, subject: Subject, said: Opinions, drawn: Integers) -> pa.Array:
    """The text of each review."""
    category = subject.category
    glad = mood == PLEASED
    parts = [nested([phrases.OPENINGS], np.zeros(len(mood), np.int64), drawn, 11)]
    for turn in range(MOST_ASPECTS):
        parts += _judged(said, category, drawn, turn)
    in_between = np.where(dice(drawn, 17, 100) < _REMARK_SHARE, 1 + glad, 0)
    parts.append(nested((("",), phrases.BAD_MIDDLES, phrases.MIDDLES), in_between, drawn, 18))
    parts.append(nested((phrases.BAD_ENDS, phrases.GOOD_ENDS), glad.astype(np.int64), drawn, 12))
    emoji = nested((phrases.BAD_EMOJI, phrases.EMOJI), glad.astype(np.int64), drawn, 13)
    text = joined(*parts, emoji)
    mocked = joined(nested([phrases.SARCASM], np.zeros(len(mood), np.int64), drawn, 14), "，", *parts[1:3], emoji)
    short = nested((phrases.SHORT_BAD, phrases.SHORT_GOOD), glad.astype(np.int64), drawn, 15)
    template = nested([phrases.TEMPLATES], np.zeros(len(mood), np.int64), drawn, 16)
    silent = pa.repeat(phrases.NOTHING_WRITTEN, len(mood))
    forms = pa.array(said.form.astype(np.int64))
    return pc.choose(forms, silent, template, short, mocked, text)


def post_texts(warns: Flags, subject: Subject, drawn: Integers) -> pa.Array:
    """The text of each post about an item."""
    mood, size = warns.astype(np.int64), len(warns)
    aspect = dice(drawn, 4, _OWN)
    for _ in range(_OWN):
        aspect = np.where(_FITS[subject.category, aspect, subject.thing], aspect, (aspect + 1) % _OWN)
    aspect = aspect[:, None]
    opened = np.where(warns, 0, np.where(dice(drawn, 48, 100) < _OF_THE_CATEGORY, 2 + subject.category, 1))
    said = Opinions(mood, aspect, ~warns[:, None])
    remark = np.where(dice(drawn, 45, 100) < _REMARK_SHARE, 2 - mood, 0)
    return joined(
        nested(_POST_OPENINGS, opened, drawn, 41),
        choose(_THINGS, subject.category * THINGS + subject.thing),
        "，",
        _judged(said, subject.category, drawn, 0)[0],
        nested((("",), phrases.BAD_MIDDLES, phrases.MIDDLES), remark, drawn, 46),
        nested((phrases.POST_ENDS, phrases.BAD_POST_ENDS), mood, drawn, 43),
        nested((phrases.EMOJI, phrases.BAD_EMOJI), mood, drawn, 44),
        nested([phrases.TOPICS], np.zeros(size, np.int64), drawn, 47),
    )


def _judged(said: Opinions, category: Integers, drawn: Integers, turn: int) -> list[pa.Array]:
    """A link and the words for one aspect, empty where the review has no more of them."""
    aspect, praised = said.aspect[:, turn], said.praised[:, turn]
    known = aspect >= 0
    which = 1 + (category.astype(np.int64) * _WIDTH + np.maximum(aspect, 0)) * 2 + praised
    phrase = nested(_POOL, np.where(known, which, 0), drawn, 20 + turn)
    if turn == 0:
        return [phrase, plain_pool([""], np.zeros(len(known), np.int64))]
    turns = praised != said.praised[:, turn - 1]
    links = nested((("",), phrases.SECONDS, phrases.CONTRASTS), np.where(known, 1 + turns, 0), drawn, 30 + turn)
    return [links, phrase]


_POOL = [("",), *(said for aspects in ASPECTS for pair in aspects.values() for said in (pair[1], pair[0]))]
_THINGS = [thing for category in CATEGORIES for thing in category.things]


def _fits() -> Flags:
    """Whether a thing has an aspect, by category, aspect and thing."""
    fits = np.ones((len(CATEGORIES), _WIDTH, THINGS), np.bool_)
    for category, (aspects, only) in enumerate(zip(ASPECTS, phrases.ASPECT_THINGS, strict=True)):
        for name, things in only.items():
            fits[category, list(aspects).index(name)] = np.isin(CATEGORIES[category].things, things.split())
    return fits


_FITS = _fits()
