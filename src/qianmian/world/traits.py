"""What nobody sees of a person and everything follows from: how a price, a friend, a post or a coupon moves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.calendar import DAY, Calendar
from qianmian.world.cast import Cast
from qianmian.world.people import DISTRIBUTOR, GROUP_LEADER, KOC, KOL, People
from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import Floats, Integers

#: What a coupon does to a person: buys anyway, buys because of it, never buys, is put off by it.
RESPONSES = ("sure_thing", "persuadable", "lost_cause", "sleeping_dog")
SURE_THING, PERSUADABLE, LOST_CAUSE, SLEEPING_DOG = range(4)
_RESPONSE_SHARES = (0.09, 0.12, 0.71, 0.08)
#: Factor on what those who see a post buy, by role of its author; a leader with bought followers moves nobody.
_SWAY = np.array([1.0, 0.8, 3.0, 3.2, 1.5])
_STAR_SWAY = 0.15
_NEW_SHARE = 0.25
_WEEKLY_HAZARD, _HAZARD_SPREAD = 0.03, 0.9
WEEK = 7 * DAY


@dataclass(frozen=True)
class Traits:
    """Latent traits of the people of one neighbourhood; every array has one entry a person.

    Attributes:
        price_sensitivity: 0 = never looks at the price, 1 = lives for bargains.
        response: position in `RESPONSES`.
        sway: factor on the orders that a look at one of the person's posts leads to.
        openness: factor on what the person buys because of posts and live rooms; mean 1.
        hazard: chance a week to leave the shop for good.
        joins_at: first instant at which the person may come.
        leaves_at: first instant at which the person comes no more of their own accord.
    """

    price_sensitivity: Floats
    response: Integers
    sway: Floats
    openness: Floats
    hazard: Floats
    joins_at: Integers
    leaves_at: Integers

    def alive(self, person: Integers, at: Integers) -> Integers:
        """Whether each person is a customer at an instant."""
        living: Integers = (at >= self.joins_at[person]) & (at < self.leaves_at[person])
        return living


def draw_traits(place: Neighbourhood, calendar: Calendar, people: People, cast: Cast) -> Traits:
    """Draw the traits; they follow from what is visible, with noise, so that they can be learned."""
    random, size = place.random("traits"), place.size
    price_sensitivity = 1 / (1 + np.exp(1.6 * (people.band - 0.8) + random.normal(0, 0.9, size)))
    joins_at = np.full(size, calendar.start)
    late = np.flatnonzero((random.random(size) < _NEW_SHARE) & (people.takes_from < 0) & (people.role == 0))
    late = late[~np.isin(late, cast.everybody) & (late > 1)]
    joins_at[late] += ((calendar.end - calendar.start) * 0.9 * random.random(len(late))).astype(np.int64)
    hazard = _WEEKLY_HAZARD * np.exp(random.normal(-(_HAZARD_SPREAD**2) / 2, _HAZARD_SPREAD, size))
    stays = np.maximum(random.exponential(1, size) / hazard * WEEK, 2 * DAY)
    bound = np.isin(people.role, (KOL, KOC, GROUP_LEADER, DISTRIBUTOR)) | np.isin(np.arange(size), cast.everybody)
    leaves_at = np.where(bound, calendar.end, joins_at + np.minimum(stays, 1 << 58).astype(np.int64))
    leaves_at[0] = calendar.end  # the heavy person, if there is one
    sway = _SWAY[people.role] * np.exp(random.normal(-0.08, 0.4, size))
    if cast.star >= 0:
        sway[cast.star] = _STAR_SWAY
    return Traits(
        price_sensitivity=price_sensitivity,
        response=_responses(random, people, price_sensitivity),
        sway=sway,
        openness=np.exp(random.normal(-0.18, 0.6, size)),
        hazard=hazard,
        joins_at=joins_at,
        leaves_at=leaves_at,
    )


def _responses(random: np.random.Generator, people: People, price_sensitivity: Floats) -> Integers:
    """Kind of response to a coupon: bargain hunters are persuaded, good customers buy anyway."""
    tendency = np.stack(
        [people.spending, price_sensitivity**2, np.full(len(people), 0.4), (1 - price_sensitivity) ** 2], axis=1
    )
    weights = np.array(_RESPONSE_SHARES) * tendency / tendency.mean(axis=0)
    steps = np.cumsum(weights, axis=1)
    drawn = random.random(len(people)) * steps[:, -1]
    response: Integers = (drawn[:, None] >= steps[:, :-1]).sum(axis=1).astype(np.int8)
    return response
