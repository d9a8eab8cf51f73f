"""Who plays the leading parts of the stories: the last people of a neighbourhood that is large enough for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import Integers

#: A neighbourhood with fewer people has no room for the parts.
LARGE_ENOUGH = 1_000
#: A ring for so many people; its devices, the accounts at each, and those who collect.
PEOPLE_A_RING = 2_000
RING_DEVICES, RING_ACCOUNTS_A_DEVICE, RING_PAYEES = 4, 9, 2
_BOUGHT_SHARE = 0.015
_FAMILY = 3


@dataclass(frozen=True)
class Cast:
    """People with a part, by number within the neighbourhood; all empty in a small one.

    Attributes:
        star: the opinion leader whose followers are bought; `NONE` without one.
        bought: accounts that a farm made to follow the star.
        ring: accounts that invite each other for the reward, device by device.
        family: father, mother and daughter at one tablet.
        stranger: somebody in another city, whose former number the father takes over; one entry.
    """

    star: int
    bought: Integers
    ring: Integers
    family: Integers
    stranger: Integers

    @property
    def machines(self) -> Integers:
        """Accounts that live for their purpose only, and never come to shop."""
        return np.concatenate([self.bought, self.ring])

    @property
    def everybody(self) -> Integers:
        """All whose life is written down already."""
        return np.concatenate([self.machines, self.family, self.stranger])


def give_parts(place: Neighbourhood) -> Cast:
    """Hand out the parts of a neighbourhood."""
    if place.size < LARGE_ENOUGH:
        nobody = np.zeros(0, np.int64)
        return Cast(-1, nobody, nobody, nobody, nobody)
    rings = max(1, round(place.size / PEOPLE_A_RING))
    sizes = (round(place.size * _BOUGHT_SHARE), rings * RING_DEVICES * RING_ACCOUNTS_A_DEVICE, _FAMILY, 1)
    bounds = place.size - np.concatenate([[0], np.cumsum(sizes)])
    bought, ring, family, stranger = (np.arange(low, high) for high, low in pairwise(bounds))
    return Cast(1, bought, ring, family, stranger)
