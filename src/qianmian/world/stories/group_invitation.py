"""进群的人更爱买?: members of chats stay far more often, but only a part of it is the chat's doing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.calendar import DAY
from qianmian.world.chats import Chats
from qianmian.world.scene import Scene
from qianmian.world.stories.story import Story, number
from qianmian.world.trace import Integers
from qianmian.world.visits import OUTSIDE, Visits

STORY = Story(
    name="group_invitation",
    claim="what an accepted invitation to a chat adds to the chance to come back is found",
    measure="retention_effect",
    unit="chance of a visit in the last 7 days",
)
LAST_DAYS = 7


def truth(scene: Scene, chats: Chats, visits: Visits, planned: Integers) -> tuple[pa.Table, pa.Table]:
    """Everybody's life with and without the chat: what belonging adds is known visit by visit.

    Args:
        scene: where it happened.
        chats: members and invitations.
        visits: all visits.
        planned: visit of each planned number.
    """
    size, border = len(scene.people), scene.calendar.end - LAST_DAYS * DAY
    helped = planned[chats.helped]
    own = (visits.start >= border) & (visits.kind < OUTSIDE)
    with_chat = np.bincount(visits.person[own], minlength=size) > 0
    own[helped[helped >= 0]] = False
    without = np.bincount(visits.person[own], minlength=size) > 0
    joined, invited = chats.joined_at >= 0, chats.invited_at >= 0
    took = invited & joined & chats.asked & (chats.joined_at < chats.invited_at + 2 * DAY)
    table = pa.table(
        {
            "person": np.arange(size) + scene.place.first,
            "chat": chats.chat,
            "asked": chats.asked,
            "invited": invited,
            "joined": joined,
            "took": took,
            "returns": with_chat,
            "returns_without": without,
        }
    )
    gained = int(with_chat[took].sum()) - int(without[took].sum())
    able = scene.people.registered.copy()
    able[scene.cast.machines] = False
    gap = with_chat[joined & able].mean() - with_chat[~joined & able].mean() if joined.any() else 0.0
    return table, number(STORY, (gained, int(took.sum())), (gap * size, size))
