"""What people do with each other: follow, post, like, comment, share, watch live, invite, and buy in groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR, SECOND, local_hour
from qianmian.world.people import People
from qianmian.world.scene import Scene
from qianmian.world.shopping import VIEW_RANK
from qianmian.world.signing import from_own_device
from qianmian.world.trace import (
    NONE,
    USER,
    Flags,
    Floats,
    Integers,
    Trace,
    flag,
    join_traces,
    make_trace,
)
from qianmian.world.visits import JOINING, OPENING, ORDINARY, Visits

SOCIAL_RANK = 5_000
_RATES = {
    events.POST_LIKED: 0.5,
    events.POST_COMMENTED: 0.09,
    events.POST_SHARED: 0.04,
    events.USER_FOLLOWED: 0.08,
    events.POST_CREATED: 0.04,
    events.INVITE_SENT: 0.02,
}
_ACCEPTED_SHARE = 0.3
_TALK = (events.POST_LIKED, events.POST_COMMENTED, events.POST_SHARED)


def socialise(scene: Scene, visits: Visits, signed: Flags, offered: Integers) -> Trace:
    """Social steps of the visits, with ranks in place of instants.

    Args:
        scene: where it happens.
        visits: the visits.
        signed: whether each visit is signed in; the others may only watch.
        offered: item of each group buy.
    """
    random = scene.random("social")
    ordinary = np.flatnonzero(visits.kind == ORDINARY)
    talking = ordinary[signed[ordinary]]
    voice = np.minimum(scene.people.voice[visits.person[talking]], 15.0)
    steps = [_steps(random, visits, talking, name, rate * voice) for name, rate in _RATES.items()]
    return join_traces([*steps, _live(random, visits, ordinary), *_group_steps(visits, offered)])


def find_targets(scene: Scene, traces: Trace) -> Trace:
    """Give every like, comment and share an earlier post, and every follow a person; drop what finds none."""
    random = scene.random("targets")
    ref = traces.ref.copy()
    posts = np.sort(traces.at[traces.named(events.POST_CREATED)])
    written = traces.named(events.POST_CREATED)
    ref[written] = np.searchsorted(posts, traces.at[written])
    for name in _TALK:
        rows = traces.named(name)
        earlier = np.searchsorted(posts, traces.at[rows])
        # Mostly the newest posts; a few of them draw most of the talk.
        age = random.exponential(12, len(rows)).astype(np.int64)
        ref[rows] = np.where(age < earlier, earlier - 1 - age, NONE)
    follows = traces.named(events.USER_FOLLOWED)
    ref[follows] = _famous(random, scene.people, len(follows))
    found = ref != NONE
    keep = found | ~np.isin(traces.kind, traces.kind[np.concatenate([traces.named(name) for name in _TALK])])
    return replace(traces, ref=ref).take(np.flatnonzero(keep))


def accept_invites(scene: Scene, traces: Trace) -> Trace:
    """Neighbours who accept an invitation, within three days."""
    random = scene.random("invites")
    sent = traces.named(events.INVITE_SENT)
    chosen = sent[random.random(len(sent)) < _ACCEPTED_SHARE]
    person = (traces.person[chosen] + random.integers(1, 40, len(chosen))) % len(scene.people)
    kept = scene.people.registered[person]
    person, chosen = person[kept], chosen[kept]
    at = traces.at[chosen] + (random.random(len(chosen)) * 3 * DAY).astype(np.int64) + HOUR // 6
    return from_own_device(scene, events.INVITE_ACCEPTED, person, at, ref=traces.ref[chosen])


def fill_groups(scene: Scene, traces: Trace) -> Trace:
    """The shop's notice that a group is complete, as the last one joins."""
    joins = traces.take(traces.named(events.GROUP_BUY_JOINED))
    if not len(joins):
        return joins
    groups, count = np.unique(joins.ref, return_counts=True)
    last = np.zeros(int(groups.max()) + 1, np.int64)
    np.maximum.at(last, joins.ref, joins.at)
    opened = traces.take(traces.named(events.GROUP_BUY_OPENED))
    filled = np.isin(opened.ref, groups[count >= 2])
    opened = opened.take(np.flatnonzero(filled))
    shows = flag(scene.people.registered[opened.person], USER)
    return make_trace(
        events.GROUP_BUY_FILLED,
        opened.person,
        last[opened.ref] + 2 * SECOND,
        item=opened.item,
        ref=opened.ref,
        shows=shows,
    )


def _steps(random: np.random.Generator, visits: Visits, among: Integers, name: str, rate: Floats) -> Trace:
    visit = np.repeat(among, np.minimum(random.poisson(rate), 6))
    person = visits.person[visit]
    drawn = random.integers(0, 1 << 24, len(visit))
    ref = np.arange(len(visit)) if name == events.INVITE_SENT else NONE
    return make_trace(name, person, SOCIAL_RANK + drawn % 900, visit=visit, code=drawn, ref=ref)


def _live(random: np.random.Generator, visits: Visits, among: Integers) -> Trace:
    hour = local_hour(visits.start[among])
    visit = among[(hour >= 20) & (hour < 22) & (random.random(len(among)) < 0.3)]
    room = visits.start[visit] // DAY * 4 + random.integers(0, 4, len(visit))
    return make_trace(events.LIVE_JOINED, visits.person[visit], np.full(len(visit), 60), visit=visit, ref=room)


def _group_steps(visits: Visits, offered: Integers) -> tuple[Trace, Trace]:
    made = []
    for name, kind in ((events.GROUP_BUY_OPENED, OPENING), (events.GROUP_BUY_JOINED, JOINING)):
        visit = np.flatnonzero(visits.kind == kind)
        rank = np.full(len(visit), VIEW_RANK + 5)
        group = visits.group[visit]
        made.append(make_trace(name, visits.person[visit], rank, visit=visit, item=offered[group], ref=group))
    return made[0], made[1]


def _famous(random: np.random.Generator, people: People, count: int) -> Integers:
    """Persons to follow, more often those with a voice."""
    renown = np.cumsum(people.voice**1.5)
    chosen: Integers = np.searchsorted(renown, random.random(count) * renown[-1])
    return np.minimum(chosen, len(people) - 1)
