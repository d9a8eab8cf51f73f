"""Who comes when, by which device: the visits, before anything happens in them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qianmian.world.calendar import DAY, HOUR
from qianmian.world.devices import STORE, TAOBAO, Devices
from qianmian.world.people import People
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers

#: Kinds of visit: ordinary, looking around for something, opening a group buy, joining one, buying what was planned
#: elsewhere, an order outside of the app, an order of the past. From `OPENING` on a visit ends in an order.
ORDINARY, LOOKING, OPENING, JOINING, ERRAND, OUTSIDE, PAST = range(7)
#: Measured: mean number of events that a person has anyway, that come with liveliness, and that each visit leads to;
#: it turns the planned events per person into visits. The heavy person's visits lead to no orders.
_EVENTS_ANYWAY, _EVENTS_OF_LIFE, _EVENTS_A_VISIT, _EVENTS_A_HEAVY_VISIT = 8.3, 9.4, 4.85, 5.2
#: Share of the visits by the first own device, and of the rest by the next one; and by the tablet of a home.
FAVOURITE, AT_HOME = 0.65, 0.3
_OUTSIDE_ORDERS = 0.12  # per person
_PAST_ORDERS = 0.35  # per person and 30 days


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
        wants: the item that the visitor comes for; `NONE` = looks around.
        focus: the category that the visitor looks at; `NONE` = any.
        errand: number of the planned visit, see `agenda`; `NONE` = nobody planned it.
    """

    person: Integers
    start: Integers
    device: Integers
    channel: Integers
    kind: Integers
    group: Integers
    place: Integers
    wants: Integers
    focus: Integers
    errand: Integers

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Integers) -> Visits:
        """The visits at these positions."""
        return Visits(*(getattr(self, field.name)[rows] for field in fields(self)))


def join_visits(parts: list[Visits]) -> Visits:
    """All visits of several parts."""
    return Visits(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Visits)))


def plan_visits(scene: Scene, planned: Visits) -> Visits:
    """All visits of a neighbourhood in order of time: those that were planned elsewhere, and those of everyday life."""
    random = scene.random("visits")
    visits = join_visits([_ordinary(random, scene), planned, _outside(random, scene), _past(random, scene)])
    known = np.flatnonzero(visits.start < scene.calendar.end - HOUR)
    return visits.take(known[np.argsort(visits.start[known], kind="stable")])


def _ordinary(random: np.random.Generator, scene: Scene) -> Visits:
    people, devices, plan, calendar = scene.people, scene.devices, scene.place.plan, scene.calendar
    person, device = _first_visits(people, devices, scene.cast.machines)
    anyway = _EVENTS_ANYWAY + _EVENTS_OF_LIFE * scene.pace
    wanted = plan.events_per_person * (1 - plan.heavy_person_share) - anyway
    total = max(wanted / _EVENTS_A_VISIT * len(people), len(person))
    extra = random.poisson((total - len(person)) / len(people) * people.activity)
    if plan.heavy_person_share and scene.place.number == 0:
        others = (anyway + total * _EVENTS_A_VISIT / len(people)) * plan.people
        events = others * plan.heavy_person_share / (1 - plan.heavy_person_share)
        extra[0] = round(events / _EVENTS_A_HEAVY_VISIT)
    more = np.repeat(np.arange(len(people)), extra)
    favourite = np.minimum(random.geometric(FAVOURITE, len(more)) - 1, devices.count[more] - 1)
    at_home = (devices.shared[more] >= 0) & (random.random(len(more)) < AT_HOME)
    device = np.concatenate([device, np.where(at_home, devices.shared[more], devices.first[more] + favourite)])
    start = calendar.draw(random, people.chronotype[np.concatenate([person, more])])
    first = _within_life(random, scene, person, start[: len(person)])
    person, start = np.concatenate([person, more]), np.concatenate([first, start[len(person) :]])
    alive = scene.traits.alive(person, start)
    return _simple(
        person[alive],
        start[alive],
        device[alive],
        devices.channel[device[alive]],
        ORDINARY,
        people.city_at(person, start)[alive],
    )


def _within_life(random: np.random.Generator, scene: Scene, person: Integers, start: Integers) -> Integers:
    """Instants moved into the time in which each person is a customer, on the same hour."""
    joins, leaves = scene.traits.joins_at[person], np.minimum(scene.traits.leaves_at[person], scene.calendar.end)
    inside = joins + ((leaves - joins) * random.random(len(person))).astype(np.int64)
    same_hour = inside - (inside - start) % DAY
    moved = np.where(same_hour < joins, inside, same_hour)
    placed: Integers = np.where(scene.traits.alive(person, start), start, moved)
    return placed


def _simple(
    person: Integers, start: Integers, device: Integers, channel: Integers, kind: int, place: Integers
) -> Visits:
    """Visits that nobody planned, for nothing in particular."""
    nothing = np.full(len(person), NONE)
    kinds = np.full(len(person), kind, np.int8)
    return Visits(
        person,
        start,
        device,
        channel.astype(np.int8),
        kinds,
        nothing,
        place.astype(np.int16),
        nothing,
        nothing,
        nothing,
    )


def _first_visits(people: People, devices: Devices, machines: Integers) -> tuple[Integers, Integers]:
    """One visit for each device that a person has, so that what is planted also shows."""
    lives = np.ones(len(people), np.bool_)
    lives[machines] = False
    own = np.flatnonzero(devices.owner >= 0)
    own = own[lives[devices.owner[own]]]
    members = np.flatnonzero((devices.shared >= 0) & lives)
    return (
        np.concatenate([devices.owner[own], members]),
        np.concatenate([own, devices.shared[members]]),
    )


def _outside(random: np.random.Generator, scene: Scene) -> Visits:
    """Orders in our stores and on marketplaces: known by the phone number only.

    Both sides of a recycled number order once while it is theirs, so that the trap is really set.
    """
    people, calendar = scene.people, scene.calendar
    rate = _OUTSIDE_ORDERS * scene.pace * people.spending * people.registered
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
    city = np.where(channel == STORE, people.city[person], NONE)
    return _simple(person, np.concatenate([start, before, after]), np.full(size, NONE), channel, OUTSIDE, city)


def _past(random: np.random.Generator, scene: Scene) -> Visits:
    """Orders from before the window, as an import of the order history brings them."""
    people, calendar, days = scene.people, scene.calendar, scene.place.plan.history_days
    rate = _PAST_ORDERS * days / 30 * people.spending * people.registered
    person = np.repeat(np.arange(len(people)), random.poisson(rate))
    hour = calendar.draw(random, people.chronotype[person]) % DAY
    start = calendar.start - DAY * random.integers(1, max(days, 1) + 1, len(person))
    start += (hour - calendar.start) % DAY
    known = scene.traits.joins_at[person] <= calendar.start  # who is new has no past
    person, start = person[known], start[known]
    nothing = np.full(len(person), NONE)
    return _simple(person, start, nothing, np.zeros(len(person)), PAST, people.city[person])
