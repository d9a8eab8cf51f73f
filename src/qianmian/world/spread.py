"""How word spreads: who sees a post, likes it, passes it on to friends, and buys because of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import HOUR, SECOND
from qianmian.world.posts import Posts
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import NONE, Floats, Integers, Trace, join_traces

_SEEN_BY_FANS, _SEEN_BY_OTHERS, _PASSED_TO = 0.5, 3.0, 3.0
_LIKES, _COMMENTS, _SHARES, _BUYS = 0.13, 0.03, 0.03, 0.006
_WARNED, _FROM_A_FRIEND = 0.1, 2.5
_GENERATIONS = 5
_MEAN_HESITATION = 30 * HOUR


@dataclass(frozen=True)
class Exposures:
    """Who saw which post; every array has one entry a exposure.

    Attributes:
        post: number of the post.
        person: who saw it.
        at: when.
        by: who passed it on; `NONE` = seen without a friend's help.
        generation: how often it had been passed on, 0 = never.
        share: number of the share that it came through; `NONE` = none.
        errand: number of the purchase that it led to; `NONE` = none.
    """

    post: Integers
    person: Integers
    at: Integers
    by: Integers
    generation: Integers
    share: Integers
    errand: Integers

    def __len__(self) -> int:
        return len(self.post)

    def take(self, rows: Integers) -> Exposures:
        """The exposures at these positions."""
        return Exposures(*(getattr(self, field.name)[rows] for field in fields(self)))


def spread(scene: Scene, posts: Posts, agenda: Agenda) -> tuple[Exposures, Trace]:
    """Let the posts be seen, passed on and acted on.

    Returns:
        All exposures; and the events of looking, liking, commenting and sharing.
    """
    random = scene.random("spread")
    exposures = _first_exposures(random, scene, posts)
    generations, shares, count = [exposures], [], 0
    for generation in range(1, _GENERATIONS):
        sharers = exposures.take(np.flatnonzero(_human(scene, exposures) & (random.random(len(exposures)) < _SHARES)))
        shares.append((sharers, count + np.arange(len(sharers))))
        seen = np.concatenate([_pair(scene, part) for part in generations])
        exposures = _passed_on(random, scene, sharers, count, generation, seen)
        count += len(sharers)
        generations.append(exposures)
    exposures = Exposures(
        *(np.concatenate([getattr(part, field.name) for part in generations]) for field in fields(Exposures))
    )
    exposures = _decide(random, scene, posts, exposures, agenda)
    return exposures, join_traces(
        [*_reactions(random, scene, exposures), *(_shared(random, scene, *some) for some in shares)]
    )


def _first_exposures(random: np.random.Generator, scene: Scene, posts: Posts) -> Exposures:
    """Followers see a post, and a few whom the platform shows it to."""
    fans = scene.ties.fans
    number = np.arange(len(posts))
    by_fans = np.repeat(number, random.poisson(fans.count(posts.author) * _SEEN_BY_FANS))
    by_others = np.repeat(number, random.poisson(_SEEN_BY_OTHERS, len(posts)))
    person = np.concatenate(
        [fans.draw(random, posts.author[by_fans]), random.integers(0, len(scene.people), len(by_others))]
    )
    post = np.concatenate([by_fans, by_others])
    kept = (person != posts.author[post]) & (
        np.isin(person, scene.cast.machines) <= (posts.author[post] == scene.cast.star)
    )
    none = np.full(len(post), NONE)
    exposures = Exposures(post, person, posts.at[post], none, np.zeros(len(post), np.int64), none, none)
    return _timed(random, scene, _once(scene, exposures.take(np.flatnonzero(kept)), np.zeros(0, np.int64)))


def _passed_on(
    random: np.random.Generator, scene: Scene, sharers: Exposures, first: int, generation: int, seen: Integers
) -> Exposures:
    """Friends who see what was shared with them, each post once."""
    row = np.repeat(np.arange(len(sharers)), random.poisson(_PASSED_TO, len(sharers)))
    by = sharers.person[row]
    person = scene.ties.friends.draw(random, by)
    size = len(row)
    exposures = Exposures(
        sharers.post[row], person, sharers.at[row], by, np.full(size, generation), first + row, np.full(size, NONE)
    )
    return _timed(random, scene, _once(scene, exposures.take(np.flatnonzero(person >= 0)), seen))


def _timed(random: np.random.Generator, scene: Scene, exposures: Exposures) -> Exposures:
    """Everybody exposures at the next usual moment, if still a customer then."""
    at = scene.calendar.near(random, scene.people.chronotype[exposures.person], exposures.at + 30 * SECOND)
    exposures = replace(exposures, at=at)
    alive = scene.traits.alive(exposures.person, at) & (at < scene.calendar.end - HOUR)
    return exposures.take(np.flatnonzero(alive))


def _once(scene: Scene, exposures: Exposures, seen: Integers) -> Exposures:
    pairs = _pair(scene, exposures)
    pairs, first = np.unique(pairs, return_index=True)
    return exposures.take(first[~np.isin(pairs, seen)])


def _pair(scene: Scene, exposures: Exposures) -> Integers:
    pairs: Integers = exposures.post.astype(np.int64) * len(scene.people) + exposures.person
    return pairs


def _human(scene: Scene, exposures: Exposures) -> Integers:
    human: Integers = ~np.isin(exposures.person, scene.cast.machines)
    return human


def chance_to_buy(scene: Scene, posts: Posts, exposures: Exposures) -> Floats:
    """Chance that each exposure leads to an order: by the author's sway, the viewer's openness and taste, and trust."""
    people, traits = scene.people, scene.traits
    category = scene.goods.category[posts.item[exposures.post]]
    likes = np.where(people.category[exposures.person] == category, 3.0, 0.3)
    likes = np.where(people.second[exposures.person] == category, np.maximum(likes, 1.5), likes)
    trust = np.where(exposures.generation > 0, _FROM_A_FRIEND, 1.0) * np.where(
        posts.warns[exposures.post], _WARNED, 1.0
    )
    sway, openness = traits.sway[posts.author[exposures.post]], traits.openness[exposures.person]
    chance: Floats = np.minimum(_BUYS * sway * openness * likes * trust, 0.5) * _human(scene, exposures)
    return chance


def _decide(random: np.random.Generator, scene: Scene, posts: Posts, exposures: Exposures, agenda: Agenda) -> Exposures:
    """Some hesitate for a day or two and buy the item that they saw."""
    buys = np.flatnonzero(random.random(len(exposures)) < chance_to_buy(scene, posts, exposures))
    person = exposures.person[buys]
    hesitation = (random.exponential(1, len(buys)) * _MEAN_HESITATION).astype(np.int64)
    at = scene.calendar.near(random, scene.people.chronotype[person], exposures.at[buys] + hesitation)
    errand = exposures.errand.copy()
    errand[buys] = agenda.plan(person, at, wants=posts.item[exposures.post[buys]])
    return replace(exposures, errand=errand)


def _reactions(random: np.random.Generator, scene: Scene, exposures: Exposures) -> list[Trace]:
    """Exposures as events; likes and comments soon after."""
    machine = ~_human(scene, exposures)
    made = [
        from_own_device(
            scene, events.POST_VIEWED, exposures.person, exposures.at, ref=exposures.post, via=exposures.share
        )
    ]
    for name, share in (
        (events.POST_LIKED, np.where(machine, 0.7, _LIKES)),
        (events.POST_COMMENTED, _COMMENTS * ~machine),
    ):
        some = exposures.take(np.flatnonzero(random.random(len(exposures)) < share))
        at = some.at + (5 + random.integers(0, 90, len(some))) * SECOND
        made.append(
            from_own_device(scene, name, some.person, at, ref=some.post, code=random.integers(0, 1 << 30, len(some)))
        )
    return made


def _shared(random: np.random.Generator, scene: Scene, sharers: Exposures, number: Integers) -> Trace:
    code = random.integers(0, 1 << 16, len(sharers))
    at = sharers.at + 20 * SECOND
    return from_own_device(scene, events.POST_SHARED, sharers.person, at, ref=sharers.post, via=number, code=code)
