"""Patterns of behaviour that are planted as such: sequences that recur far more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.goods import pick
from qianmian.world.people import draw_cells
from qianmian.world.posts import XIAOHONGSHU, Posts
from qianmian.world.scene import Scene
from qianmian.world.spread import Exposures
from qianmian.world.trace import Integers
from qianmian.world.visits import LOOKING

#: See a post on 小红书, search, open a group buy; keep an item while prices are high, buy it on the festival.
PATTERNS = ("post_search_group", "keep_wait_festival")
POST_SEARCH_GROUP, KEEP_WAIT_FESTIVAL = range(2)
_FOLLOWS_POST, _WAITS = 0.15, 0.035
WAITING, FESTIVAL = ((10, 24), (10, 30)), ((11, 10), (11, 11))


@dataclass(frozen=True)
class Pattern:
    """People who follow a pattern; every array has one entry a person.

    Attributes:
        kind: position in `PATTERNS`.
        person: who.
        item: which item.
        first_at: when the first step is made.
        last_at: when the last step is made.
    """

    kind: Integers
    person: Integers
    item: Integers
    first_at: Integers
    last_at: Integers

    def take(self, rows: Integers) -> Pattern:
        """The people at these positions, or where a mask is true."""
        return Pattern(*(getattr(self, field.name)[rows] for field in fields(self)))


def follow_patterns(scene: Scene, posts: Posts, exposures: Exposures, agenda: Agenda) -> Pattern:
    """Plan the steps of all patterns but the group buys, which `group_buys` opens."""
    parts = [_post_search_group(scene, posts, exposures, agenda), _keep_wait_festival(scene, agenda)]
    return Pattern(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Pattern)))


def _post_search_group(scene: Scene, posts: Posts, exposures: Exposures, agenda: Agenda) -> Pattern:
    """Some who saw a post about their category search for it a day later and open a group buy after about three."""
    random, people, calendar = scene.random("pattern"), scene.people, scene.calendar
    item = posts.item[exposures.post]
    fits = (posts.platform[exposures.post] == XIAOHONGSHU) & ~posts.warns[exposures.post] & (exposures.errand < 0)
    fits &= (scene.goods.category[item] == people.category[exposures.person]) & people.registered[exposures.person]
    fits &= ~np.isin(exposures.person, scene.cast.machines)
    rows = np.flatnonzero(fits & (random.random(len(exposures)) < _FOLLOWS_POST))
    _, once = np.unique(exposures.person[rows], return_index=True)
    rows = rows[once]
    person, seen_at = exposures.person[rows], exposures.at[rows]
    search_at = calendar.near(random, people.chronotype[person], seen_at + 12 * HOUR)
    wait = (random.normal(2.6, 0.6, len(rows)) * DAY).astype(np.int64)
    opens_at = calendar.near(random, people.chronotype[person], seen_at + wait)
    kept = np.flatnonzero((opens_at > search_at) & scene.traits.alive(person, opens_at))
    person, item = person[kept], item[rows[kept]]
    agenda.plan(person, search_at[kept], LOOKING, focus=scene.goods.category[item].astype(np.int64))
    return Pattern(np.full(len(kept), POST_SEARCH_GROUP), person, item, seen_at[kept], opens_at[kept])


def _keep_wait_festival(scene: Scene, agenda: Agenda) -> Pattern:
    """Some look at an item in the week in which everybody waits, and buy it on the festival."""
    random, people, calendar = scene.random("waiting"), scene.people, scene.calendar
    (begin, end), (opens, closes) = calendar.dates(*WAITING), calendar.dates(*FESTIVAL)
    inside = end - begin >= 6 * DAY and closes - opens >= DAY
    chance = _WAITS * min(scene.pace, 1.0) * (0.4 + scene.traits.price_sensitivity) * people.registered * inside
    chance[scene.cast.machines] = 0
    person = np.flatnonzero(random.random(len(people)) < chance)
    chronotype = people.chronotype[person]
    keeps_at = begin + random.integers(0, 6, len(person)) * DAY + calendar.moment(random, chronotype)
    buys_at = opens + random.integers(0, 2, len(person)) * DAY + calendar.moment(random, chronotype)
    alive = np.flatnonzero(scene.traits.alive(person, keeps_at) & scene.traits.alive(person, buys_at))
    person, keeps_at, buys_at = person[alive], keeps_at[alive], buys_at[alive]
    item = pick(random, scene.goods, draw_cells(random, people, person))
    agenda.plan(person, keeps_at, LOOKING, wants=item)
    agenda.plan(person, buys_at, wants=item)
    return Pattern(np.full(len(person), KEEP_WAIT_FESTIVAL), person, item, keeps_at, buys_at)
