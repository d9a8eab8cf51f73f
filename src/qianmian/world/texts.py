"""What people write, put together from pieces: posts, comments, chats, queries, nicknames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world import phrases
from qianmian.world.glyphs import choose, joined, number_text
from qianmian.world.goods import CATEGORIES
from qianmian.world.trace import NONE, Flags, Integers

_TO_TRADITIONAL = str.maketrans(phrases.PLAIN, phrases.TRADITIONAL)
_SLIPS = str.maketrans("的在再做", "得再在作")
#: One text in twenty is written in traditional characters, as many with wrong ones.
_STYLES = 20


def dice(drawn: Integers, salt: int, sides: int) -> Integers:
    """A number below `sides` for each random number, another one for each salt."""
    mixed = (np.asarray(drawn).astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)) * np.uint64(
        0xBF58476D1CE4E5B9
    )
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)
    thrown: Integers = ((mixed >> np.uint64(33)) % np.uint64(sides)).astype(np.int64)
    return thrown


def queries() -> tuple[tuple[str, ...], ...]:
    """Search words by category."""
    return tuple(
        (*(f"{thing} {word}".strip() for word in phrases.QUERY_WORDS for thing in category.things), *category.brands)
        for category in CATEGORIES
    )


def chat_texts(kind: Integers, drawn: Integers) -> pa.Array:
    """Messages of a chat: the host's offers, replies, talk about a leak."""
    return nested((phrases.CHAT_OFFERS, phrases.CHAT_REPLIES, phrases.LEAK_TALK), kind, drawn, 51)


def comments(drawn: Integers) -> pa.Array:
    """Comments below a post."""
    return nested([phrases.COMMENTS], np.zeros(len(drawn), np.int64), drawn, 52)


def nicknames(leads: Flags, mother: Flags, drawn: Integers) -> pa.Array:
    """A nickname for each person: a group leader's tells the place, a mother's the child, most are a mood."""
    kind, tail = dice(drawn, 61, 100), dice(drawn, 62, 10)
    numbered = np.where(tail < 3, dice(drawn, 63, 9_990) + 10, NONE)
    return pc.choose(
        pa.array(np.select([leads, mother & (kind < 60), kind < 24], [0, 1, 2], 3)),
        joined(_any(phrases.PLACES, drawn, 64), _any(phrases.SURNAMES, drawn, 65), "团长"),
        joined(_any(phrases.KIN, drawn, 66), _tail(numbered)),
        joined(_any(phrases.NAMES, drawn, 67), _tail(numbered)),
        joined(_any(phrases.MOODS, drawn, 68), _any(phrases.DOINGS, drawn, 69), _tail(numbered)),
    )


def _tail(numbers: Integers) -> pa.Array:
    return pc.if_else(pa.array(numbers >= 0), number_text(numbers), "")


def _any(pool: Sequence[str], drawn: Integers, salt: int) -> pa.Array:
    return choose(pool, dice(drawn, salt, len(pool)))


def plain_pool(pool: Sequence[str], which: Integers) -> pa.Array:
    """Entries of a pool as they stand."""
    return choose(pool, which)


def nested(pools: Sequence[Sequence[str]], which: Integers, drawn: Integers, salt: int) -> pa.Array:
    """An entry of one of several pools for each row; the row's style is the same for all of its pieces."""
    written, sizes = _written(tuple(tuple(pool) for pool in pools))
    starts = np.cumsum(sizes) - sizes
    style = dice(drawn, 0, _STYLES)
    variant = np.where(style == 0, 1, np.where(style == 1, 2, 0))
    entry = starts[which] + dice(drawn, salt, 1 << 20) % sizes[which]
    return choose(written, variant * int(sizes.sum()) + entry)


@lru_cache(maxsize=64)
def _written(pools: tuple[tuple[str, ...], ...]) -> tuple[pa.Array, Integers]:
    """All entries of some pools as they stand, in traditional characters, with slips; and the size of each pool."""
    plain = [word for pool in pools for word in pool]
    written = plain + [word.translate(_TO_TRADITIONAL) for word in plain] + [word.translate(_SLIPS) for word in plain]
    return pa.array(written, pa.string()), np.array([len(pool) for pool in pools])
