"""Who knows whom: communities of friends, and the followers of those who are heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.cast import Cast
from qianmian.world.people import People
from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import NONE, Integers

_COMMUNITY, _FRIENDS, _INSIDE = 28, 2.6, 0.85
#: Followers beyond friends, as a share of those who can hear, by role.
_FANS = np.array([0.0, 0.07, 0.018, 0.02, 0.006])
#: A voice does not carry farther than to so many people.
_HEARD_BY = 2_000


@dataclass(frozen=True)
class Neighbours:
    """For each person the others on one side of a relation, one after the other.

    Attributes:
        start: position of each person's first neighbour, one entry more than people.
        other: the neighbours.
    """

    start: Integers
    other: Integers

    def count(self, person: Integers) -> Integers:
        """How many neighbours each person has."""
        count: Integers = self.start[person + 1] - self.start[person]
        return count

    def draw(self, random: np.random.Generator, person: Integers) -> Integers:
        """One neighbour for each person; `NONE` for who has none."""
        count = self.count(person)
        where = self.start[person] + (random.random(len(person)) * count).astype(np.int64)
        drawn: Integers = np.where(count > 0, self.other[np.minimum(where, len(self.other) - 1)], NONE)
        return drawn


@dataclass(frozen=True)
class Ties:
    """Relations of one neighbourhood.

    Attributes:
        community: the community (圈层) of each person.
        friends: friends of each person, both ways.
        fans: followers of each person, friends among them.
        bought: the accounts that were made to follow, and only that.
    """

    community: Integers
    friends: Neighbours
    fans: Neighbours
    bought: Integers

    def friends_of_friends(self, random: np.random.Generator, person: Integers) -> Integers:
        """Somebody two steps away for each person, neither the person nor a friend; `NONE` if none was met."""
        middle = self.friends.draw(random, person)
        far = np.where(middle >= 0, self.friends.draw(random, np.maximum(middle, 0)), NONE)
        size = len(self.community)
        pairs = np.repeat(np.arange(size, dtype=np.int64), np.diff(self.friends.start)) * size + self.friends.other
        near = np.isin(person.astype(np.int64) * size + far, pairs)
        drawn: Integers = np.where((far == person) | near, NONE, far)
        return drawn


def tie(place: Neighbourhood, people: People, cast: Cast) -> Ties:
    """Draw the relations: most friends live in one community; leaders are followed by those who share their taste."""
    random, size = place.random("ties"), place.size
    community = _communities(random, size)
    one, other = _friendships(random, people, community, cast)
    size64 = np.int64(size)
    pairs = np.unique(np.concatenate([one * size64 + other, other * size64 + one]))
    friends = _neighbours(pairs, size)
    follower, followed = _follow(random, people, cast)
    fan_pairs = np.unique(np.concatenate([pairs, followed * size64 + follower, _bought_pairs(cast, size)]))
    return Ties(community, friends, _neighbours(fan_pairs, size), cast.bought)


def _communities(random: np.random.Generator, size: int) -> Integers:
    count = max(1, round(size / _COMMUNITY))
    weights = random.gamma(4, 1, count)
    borders = np.round(np.cumsum(weights) / weights.sum() * size).astype(np.int64)
    community: Integers = np.searchsorted(borders, np.arange(size), side="right").astype(np.int32)
    return np.minimum(community, count - 1)


def _friendships(
    random: np.random.Generator, people: People, community: Integers, cast: Cast
) -> tuple[Integers, Integers]:
    size = len(people)
    one = np.repeat(np.arange(size), random.poisson(_FRIENDS, size))
    first = np.searchsorted(community, community[one])
    width = np.searchsorted(community, community[one], side="right") - first
    near = first + (random.random(len(one)) * width).astype(np.int64)
    other = np.where(random.random(len(one)) < _INSIDE, near, random.integers(0, size, len(one)))
    kept = (one != other) & ~np.isin(one, cast.machines) & ~np.isin(other, cast.machines)
    return one[kept], other[kept]


def _follow(random: np.random.Generator, people: People, cast: Cast) -> tuple[Integers, Integers]:
    """Followers of those with a role: half of them share the leader's category."""
    size = len(people)
    wanted = _FANS[people.role] * min(size, _HEARD_BY)
    if cast.star >= 0:
        wanted[cast.star] /= 3  # of the real ones
    followed = np.repeat(np.arange(size), random.poisson(wanted))
    by_taste = np.argsort(people.category, kind="stable")
    start = np.searchsorted(people.category[by_taste], np.arange(9))
    kind = people.category[followed].astype(np.int64)
    place = start[kind] + (random.random(len(followed)) * (start[kind + 1] - start[kind])).astype(np.int64)
    alike = random.random(len(followed)) < 0.5
    follower = np.where(alike, by_taste[np.minimum(place, size - 1)], random.integers(0, size, len(followed)))
    kept = (follower != followed) & ~np.isin(follower, cast.machines)
    return follower[kept], followed[kept]


def _bought_pairs(cast: Cast, size: int) -> Integers:
    return cast.star * np.int64(size) + cast.bought.astype(np.int64)


def _neighbours(pairs: Integers, size: int) -> Neighbours:
    person, other = np.divmod(pairs, size)
    return Neighbours(np.searchsorted(person, np.arange(size + 1)), other.astype(np.int32))
