"""What to generate: the plan of a world, and its neighbourhoods, which are made one by one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

from qianmian.core.errors import InputError

_SMALLEST_NEIGHBOURHOOD = 500


@dataclass(frozen=True)
class WorldPlan:
    """Everything that decides a world; two equal plans give equal bytes.

    Attributes:
        seed: start of all randomness.
        people: number of true persons.
        days: local dates that the behaviour covers, ending with `last_on`.
        last_on: last local date.
        history_days: local dates before the window of which only orders are known (imported order history).
        events_per_person: mean number of events a person; each device and home asks for about 4 at least.
        items: number of items on sale.
        multi_device_share: share of people who use more than one device of their own.
        shared_device_share: share of people who live in a home with a shared tablet.
        recycled_phone_share: share of people whose phone number was another's before.
        guest_order_share: share of orders that carry no user_id.
        unregistered_share: share of people who never get a user_id.
        typo_share: share of phones and e-mails, as shown, with a slip of the finger.
        duplicate_share: share of events sent twice.
        late_share: share of events that arrive days after they happened.
        skewed_share: share of devices with a wrong clock.
        missing_share: share of events that lack region or channel.
        bot_share: share of events made by bots.
        heavy_person_share: share of all events made by one single person; 0 = nobody.
        fake_orders: orders that a farm places for a seller (刷单); none where a neighbourhood has no farm.
        neighbourhood_events: events made at a time, about; bounds the memory, and how far people know each other.
    """

    seed: int = 1
    people: int = 2_000
    days: int = 60
    last_on: date = date(2026, 11, 18)
    history_days: int = 30
    events_per_person: float = 40.0
    items: int = 600
    multi_device_share: float = 0.34
    shared_device_share: float = 0.12
    recycled_phone_share: float = 0.03
    guest_order_share: float = 0.30
    unregistered_share: float = 0.15
    typo_share: float = 0.02
    duplicate_share: float = 0.01
    late_share: float = 0.01
    skewed_share: float = 0.02
    missing_share: float = 0.005
    bot_share: float = 0.005
    heavy_person_share: float = 0.0
    fake_orders: int = 0
    neighbourhood_events: int = 1_000_000

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be made."""
        for name, low in (("people", 50), ("days", 7), ("items", 240)):
            if getattr(self, name) < low:
                raise InputError("option_too_small", option=name, least=low, given=getattr(self, name))
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_share") and not 0 <= value <= 0.9:
                raise InputError("option_no_share", option=field.name, given=value)

    @property
    def first_on(self) -> date:
        """First local date of the window."""
        return self.last_on - timedelta(days=self.days - 1)


@dataclass(frozen=True)
class Neighbourhood:
    """Neighbouring people who are made together: homes, groups and recycled phones never leave it.

    Attributes:
        plan: the plan of the whole world.
        number: position among the neighbourhoods, from 0.
        first: number of its first person.
        size: number of its people.
    """

    plan: WorldPlan
    number: int
    first: int
    size: int

    def random(self, subject: str) -> np.random.Generator:
        """Randomness of one subject; another subject's use of its own changes nothing here."""
        return np.random.default_rng([self.plan.seed, self.number, zlib.crc32(subject.encode())])


def neighbourhoods(plan: WorldPlan) -> Iterator[Neighbourhood]:
    """Cut the people of a plan into neighbourhoods of about the planned number of events."""
    size = max(_SMALLEST_NEIGHBOURHOOD, int(plan.neighbourhood_events / plan.events_per_person))
    count = max(1, round(plan.people / size))
    bounds = np.linspace(0, plan.people, count + 1).astype(int)
    for number in range(count):
        yield Neighbourhood(plan, number, int(bounds[number]), int(bounds[number + 1] - bounds[number]))
