"""Group buys (拼团): who opens one, to whom it is offered, who joins, and which are complete within a day."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, SECOND
from qianmian.world.goods import pick
from qianmian.world.people import GROUP_LEADER, draw_cells
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.stories import groups_short_by_one
from qianmian.world.trace import USER, Flags, Integers, Trace, flag, join_traces, make_trace
from qianmian.world.visits import JOINING, OPENING, Visits

#: How somebody who is offered a place stands to the opener.
RELATIONS = ("friend", "friend_of_friend", "stranger")
FRIEND, SECOND_DEGREE, STRANGER = range(3)
GROUP_SIZE = 3
_OPENS, _LEADER_OPENS = 0.11, 5.0
_OFFERS = (9.0, 5.0, 4.0)
_PATIENCE = 22 * HOUR


@dataclass(frozen=True)
class Offers:
    """Places in group buys that were offered; every array has one entry an offer.

    Attributes:
        group: number of the group.
        person: whom it was offered to.
        at: when.
        relation: position in `RELATIONS`.
        likes: whether the item is of the person's preferred category.
        joins: whether the person joins.
    """

    group: Integers
    person: Integers
    at: Integers
    relation: Integers
    likes: Flags
    joins: Flags

    def __len__(self) -> int:
        return len(self.group)

    def take(self, rows: Integers) -> Offers:
        """The offers at these positions."""
        return Offers(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class GroupBuys:
    """Group buys of one neighbourhood.

    Attributes:
        opener: who opened each.
        at: when.
        item: of which item.
        offers: the places that were offered.
    """

    opener: Integers
    at: Integers
    item: Integers
    offers: Offers


def buy_in_groups(scene: Scene, agenda: Agenda, eager: tuple[Integers, Integers, Integers]) -> GroupBuys:
    """Plan the visits that open and join group buys.

    Args:
        scene: where it happens.
        agenda: takes the visits.
        eager: person, instant and item of group buys that somebody opens for a reason of their own.
    """
    random, people, calendar = scene.random("group buys"), scene.people, scene.calendar
    rate = _OPENS * scene.pace * people.activity**0.5 * people.registered
    rate = np.where(people.role == GROUP_LEADER, rate * _LEADER_OPENS, rate)
    person = np.repeat(np.arange(len(people)), random.poisson(rate))
    at = calendar.draw(random, people.chronotype[person])
    item = pick(random, scene.goods, draw_cells(random, people, person))
    person, at, item = (np.concatenate(both) for both in zip((person, at, item), eager, strict=True))
    alive = np.flatnonzero(scene.traits.alive(person, at) & (at < calendar.end - 2 * HOUR))
    person, at, item = person[alive], at[alive], item[alive]
    number = np.arange(len(person))
    agenda.plan(person, at, OPENING, wants=item, group=number)
    offers = _offer(random, scene, person, at, item)
    joining = offers.take(np.flatnonzero(offers.joins))
    agenda.plan(joining.person, joining.at + 90 * SECOND, JOINING, wants=item[joining.group], group=joining.group)
    return GroupBuys(person, at, item, offers)


def _offer(random: np.random.Generator, scene: Scene, opener: Integers, at: Integers, item: Integers) -> Offers:
    """Offers to friends, to friends of friends and to strangers, until the group is complete or a day is over."""
    people, ties, number = scene.people, scene.ties, np.arange(len(opener))
    groups = [np.repeat(number, random.poisson(mean, len(number))) for mean in _OFFERS]
    persons = [
        ties.friends.draw(random, opener[groups[0]]),
        ties.friends_of_friends(random, opener[groups[1]]),
        random.integers(0, len(people), len(groups[2])),
    ]
    group, person = np.concatenate(groups), np.concatenate(persons)
    relation = np.repeat(np.arange(3), [len(part) for part in groups])
    usual = scene.calendar.near(random, people.chronotype[np.maximum(person, 0)], at[group] + HOUR // 4)
    soon = at[group] + HOUR // 4 + (random.exponential(3, len(group)) * HOUR).astype(np.int64)
    when = np.where(usual < at[group] + _PATIENCE, usual, soon)
    able = (person >= 0) & (person != opener[group]) & ~np.isin(person, scene.cast.machines) & people.registered[person]
    able &= scene.traits.alive(np.maximum(person, 0), when) & (when < at[group] + _PATIENCE)
    likes = people.category[np.maximum(person, 0)] == scene.goods.category[item[group]]
    chance = groups_short_by_one.chance_to_join(relation, likes)
    joins = random.random(len(group)) < chance
    offers = Offers(group, person, when, relation, likes, joins).take(np.flatnonzero(able))
    _, first = np.unique(offers.group.astype(np.int64) * len(people) + offers.person, return_index=True)
    return _until_complete(offers.take(first))


def _until_complete(offers: Offers) -> Offers:
    """Offers in order of group and time, those before the group's last place is taken."""
    offers = offers.take(np.lexsort((offers.at, offers.group)))
    taken = np.cumsum(offers.joins)
    begin = np.searchsorted(offers.group, offers.group)
    before = np.concatenate([[0], taken])[:-1]
    taken_before = before - before[begin] if len(offers) else before
    return offers.take(np.flatnonzero(taken_before < GROUP_SIZE - 1))


def group_steps(visits: Visits, rank: int) -> tuple[Trace, Trace]:
    """The opening and joining as steps of their visits."""
    made = []
    for name, kind in ((events.GROUP_BUY_OPENED, OPENING), (events.GROUP_BUY_JOINED, JOINING)):
        visit = np.flatnonzero(visits.kind == kind)
        columns = {"visit": visit, "item": visits.wants[visit], "ref": visits.group[visit]}
        made.append(make_trace(name, visits.person[visit], np.full(len(visit), rank), **columns))
    return made[0], made[1]


def offer_events(scene: Scene, buys: GroupBuys) -> Trace:
    """What people were offered: a friend's message, or a card of the shop."""
    offers = buys.offers
    return from_own_device(
        scene,
        events.GROUP_BUY_OFFERED,
        offers.person,
        offers.at,
        item=buys.item[offers.group],
        ref=offers.group,
        code=offers.relation,
    )


def close_groups(scene: Scene, steps: Trace) -> Trace:
    """The shop's notice that a group is complete as the last one joins, or has failed after a day."""
    opened, joins = steps.take(steps.named(events.GROUP_BUY_OPENED)), steps.take(steps.named(events.GROUP_BUY_JOINED))
    count = int(opened.ref.max(initial=-1)) + 1
    joined, last = np.zeros(max(count, int(joins.ref.max(initial=-1)) + 1), np.int64), np.zeros(count, np.int64)
    np.add.at(joined, joins.ref, 1)
    mine = joins.take(np.flatnonzero(joins.ref < count))
    np.maximum.at(last, mine.ref, mine.at)
    filled = joined[opened.ref] >= GROUP_SIZE - 1
    shows = flag(scene.people.registered[opened.person], USER)
    made = []
    for name, rows, at in (
        (events.GROUP_BUY_FILLED, filled, last[opened.ref] + 2 * SECOND),
        (events.GROUP_BUY_FAILED, ~filled, opened.at + DAY),
    ):
        chosen = opened.take(np.flatnonzero(rows))
        made.append(make_trace(name, chosen.person, at[rows], item=chosen.item, ref=chosen.ref, shows=shows[rows]))
    return join_traces(made)
