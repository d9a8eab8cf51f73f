"""Who comes when, by which device: the visits, before anything happens in them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from qianmian.world.calendar import DAY, HOUR
from qianmian.world.devices import STORE, TAOBAO, Devices
from qianmian.world.people import People
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers

#: Kinds of visit: ordinary, opening a group buy, joining one, an order outside of the app, an order of the past.
ORDINARY, OPENING, JOINING, OUTSIDE, PAST = range(5)
#: Measured: mean number of events that a person has anyway, and that each visit leads to; it turns the planned
#: events per person into visits. The heavy person's visits lead to no orders.
_EVENTS_ANYWAY, _EVENTS_A_VISIT, _EVENTS_A_HEAVY_VISIT = 5.6, 4.85, 5.2
_OUTSIDE_ORDERS = 0.09  # per person, at 24 events a person
_PAST_ORDERS = 0.35  # per person and 30 days
_GROUP_SHARE = 0.02
_FILLED_SHARE = 0.65
_JOINERS = 2  # a group is three people with its opener


@dataclass(frozen=True)
class Visits:
    """Visits of one neighbourhood; every array has one entry a visit.

    Attributes:
        person: the visitor.
        start: true instant at which it begins, microseconds since 1970.
        device: the device; `NONE` outside of the app.
        channel: position in `devices.CHANNELS`.
        kind: one of the kinds above.
        group: number of the group buy; `NONE` = none.
        place: city that the client states; `NONE` = none.
    """

    person: Integers
    start: Integers
    device: Integers
    channel: Integers
    kind: Integers
    group: Integers
    place: Integers

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Integers) -> Visits:
        """The visits at these positions."""
        return Visits(*(getattr(self, field.name)[rows] for field in fields(self)))


def plan_visits(scene: Scene) -> Visits:
    """All visits of a neighbourhood, in order of time."""
    random = scene.random("visits")
    opened, joining = _group_buys(random, scene, _ordinary(random, scene))
    every = [opened, joining, _outside(random, scene), _past(random, scene)]
    visits = Visits(*(np.concatenate([getattr(part, field.name) for part in every]) for field in fields(Visits)))
    known = np.flatnonzero(visits.start < scene.calendar.end - HOUR)
    return visits.take(known[np.argsort(visits.start[known], kind="stable")])


def _ordinary(random: np.random.Generator, scene: Scene) -> Visits:
    people, devices, plan = scene.people, scene.devices, scene.place.plan
    person, device = _first_visits(people, devices)
    others = plan.events_per_person * (1 - plan.heavy_person_share)
    total = (others - _EVENTS_ANYWAY) / _EVENTS_A_VISIT * len(people)
    extra = random.poisson(np.maximum(total - len(person), 0.0) / len(people) * people.activity)
    if plan.heavy_person_share and scene.place.number == 0:
        events = plan.events_per_person * plan.people * plan.heavy_person_share
        extra[0] = round(events / _EVENTS_A_HEAVY_VISIT)
    more = np.repeat(np.arange(len(people)), extra)
    favourite = np.minimum(random.geometric(0.65, len(more)) - 1, devices.count[more] - 1)
    at_home = (devices.shared[more] >= 0) & (random.random(len(more)) < 0.3)
    person = np.concatenate([person, more])
    device = np.concatenate([device, np.where(at_home, devices.shared[more], devices.first[more] + favourite)])
    start = scene.calendar.draw(random, people.chronotype[person])
    return Visits(
        person=person,
        start=start,
        device=device,
        channel=devices.channel[device],
        kind=np.full(len(person), ORDINARY, np.int8),
        group=np.full(len(person), NONE),
        place=people.city_at(person, start),
    )


def _first_visits(people: People, devices: Devices) -> tuple[Integers, Integers]:
    """One visit for each device that a person has, so that what is planted also shows."""
    own = np.arange(int(devices.count.sum()))
    members = np.flatnonzero(devices.shared >= 0)
    return (
        np.concatenate([devices.owner[own], members]),
        np.concatenate([own, devices.shared[members]]),
    )


def _group_buys(random: np.random.Generator, scene: Scene, visits: Visits) -> tuple[Visits, Visits]:
    """Some visits open a group buy; neighbours join within a day, most often enough of them."""
    people, devices = scene.people, scene.devices
    own = devices.owner[visits.device] >= 0
    heavy = np.bincount(visits.person, minlength=len(people))[visits.person] > 500
    opens = own & people.registered[visits.person] & ~heavy & (random.random(len(visits)) < _GROUP_SHARE)
    opener = np.flatnonzero(opens)
    kind, group = visits.kind.copy(), visits.group.copy()
    kind[opener], group[opener] = OPENING, np.arange(len(opener))
    opened = replace(visits, kind=kind, group=group)

    filled = random.random(len(opener)) < _FILLED_SHARE
    joins = np.where(filled, _JOINERS, random.integers(0, _JOINERS, len(opener)))
    inviting = np.repeat(opener, joins)
    # Two steps of different parity around the opener: a neighbour joins once and is never the opener.
    step = 2 * random.integers(1, 20, len(inviting)) - (np.arange(len(inviting)) % 2)
    person = (visits.person[inviting] + step) % len(people)
    wait = np.minimum(random.exponential(4 * HOUR, len(inviting)), 20 * HOUR).astype(np.int64) + HOUR // 2
    device = devices.first[person]
    joining = Visits(
        person=person,
        start=visits.start[inviting] + wait,
        device=device,
        channel=devices.channel[device],
        kind=np.full(len(person), JOINING, np.int8),
        group=np.repeat(np.arange(len(opener)), joins),
        place=people.city[person],
    )
    return opened, joining


def _outside(random: np.random.Generator, scene: Scene) -> Visits:
    """Orders in our stores and on marketplaces: known by the phone number only.

    Both sides of a recycled number order once while it is theirs, so that the trap is really set.
    """
    people, calendar = scene.people, scene.calendar
    rate = _OUTSIDE_ORDERS * scene.place.plan.events_per_person / 24 * people.spending * people.registered
    person = np.repeat(np.arange(len(people)), random.poisson(rate))
    start = calendar.draw(random, people.chronotype[person])
    takers = np.flatnonzero(people.takes_from >= 0)
    givers = people.takes_from[takers]
    since = people.takes_at[takers]
    before = calendar.start + ((since - 6 * DAY - calendar.start) * random.random(len(takers))).astype(np.int64)
    after = since + DAY + ((calendar.end - since - 2 * DAY) * random.random(len(takers))).astype(np.int64)
    person = np.concatenate([person, givers, takers])
    size = len(person)
    channel = np.where(random.random(size) < 0.45, STORE, TAOBAO + random.integers(0, 3, size))
    return Visits(
        person=person,
        start=np.concatenate([start, before, after]),
        device=np.full(size, NONE),
        channel=channel.astype(np.int8),
        kind=np.full(size, OUTSIDE, np.int8),
        group=np.full(size, NONE),
        place=np.where(channel == STORE, people.city[person], NONE).astype(np.int16),
    )


def _past(random: np.random.Generator, scene: Scene) -> Visits:
    """Orders from before the window, as an import of the order history brings them."""
    people, calendar, days = scene.people, scene.calendar, scene.place.plan.history_days
    rate = _PAST_ORDERS * days / 30 * people.spending * people.registered
    person = np.repeat(np.arange(len(people)), random.poisson(rate))
    hour = calendar.draw(random, people.chronotype[person]) % DAY
    start = calendar.start - DAY * random.integers(1, max(days, 1) + 1, len(person))
    start += (hour - calendar.start) % DAY
    size = len(person)
    return Visits(
        person=person,
        start=start,
        device=np.full(size, NONE),
        channel=np.zeros(size, np.int8),
        kind=np.full(size, PAST, np.int8),
        group=np.full(size, NONE),
        place=people.city[person],
    )
