"""还差一个人的团: who is two steps away and likes the category fills a waiting group far more often than a stranger."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.glyphs import coded
from qianmian.world.scene import Scene
from qianmian.world.stories.story import Story, number
from qianmian.world.trace import Flags, Floats, Integers

STORY = Story(
    name="groups_short_by_one",
    claim="the share of friends of friends who join a waiting group of their category is found",
    measure="joined_share",
    unit="share of offers",
)
#: What became of a group: complete, one short, further away.
FATES = ("filled", "short_by_one", "far")
_SECOND_DEGREE = 1
#: Chance to join by relation (friend, friend of a friend, stranger), and whether the category is the person's own.
_OTHER = np.array([0.6, 0.09, 0.02])
_OWN = np.array([0.85, 0.42, 0.05])


def chance_to_join(relation: Integers, likes: Flags) -> Floats:
    """Chance that an offered place is taken."""
    chance: Floats = np.where(likes, _OWN[relation], _OTHER[relation])
    return chance


def truth(
    scene: Scene, opener: Integers, group: Integers, joins: Flags, relation: Integers, likes: Flags
) -> tuple[pa.Table, pa.Table]:
    """One row a group buy with its fate; and how often friends of friends who like the category join.

    Args:
        scene: where it happened.
        opener: who opened each group.
        group: group of each offer.
        joins: whether the offer was taken.
        relation: how the one who was offered stands to the opener.
        likes: whether the item is of the preferred category.
    """
    joined = np.bincount(group[joins], minlength=len(opener))
    numbers = np.arange(len(opener))
    table = pa.table(
        {
            "group_number": numbers,
            "opener": opener.astype(np.int64) + scene.place.first,
            "joined": joined,
            "fate": coded(FATES, np.clip(2 - joined, 0, 2)),
        }
    )
    near = (relation == _SECOND_DEGREE) & likes
    true = (int(np.count_nonzero(near & joins)), int(np.count_nonzero(near)))
    return table, number(STORY, true, (int(np.count_nonzero(joins)), len(joins)))
