"""The stage on which one neighbourhood plays: its people and devices, the shop's goods, the calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.calendar import Calendar
from qianmian.world.cast import Cast, give_parts
from qianmian.world.contacts import Contacts, make_contacts
from qianmian.world.devices import Devices, make_devices
from qianmian.world.goods import Goods
from qianmian.world.people import People, make_people
from qianmian.world.plan import Neighbourhood
from qianmian.world.ties import Ties, tie
from qianmian.world.traits import Traits, draw_traits

#: Events a person, and days, for which the rates of the world are written down.
LIVELY, LONG = 40.0, 60


@dataclass(frozen=True)
class Scene:
    """Everything that stands before anything happens."""

    place: Neighbourhood
    calendar: Calendar
    goods: Goods
    cast: Cast
    people: People
    traits: Traits
    ties: Ties
    devices: Devices
    contacts: Contacts

    @property
    def pace(self) -> float:
        """Factor on what happens in the whole window beside the visits: how lively the plan wants the people."""
        return self.place.plan.events_per_person / LIVELY

    @property
    def daily_pace(self) -> float:
        """Factor on what happens day by day; 1 at most, so that a short world is no faster than life."""
        return min(self.pace * LONG / self.place.plan.days, 1.0)

    def random(self, subject: str) -> np.random.Generator:
        """Randomness of one subject in this neighbourhood."""
        return self.place.random(subject)


def set_scene(place: Neighbourhood, calendar: Calendar, goods: Goods) -> Scene:
    """Give the parts, draw people, traits and ties, and hand out the devices."""
    cast = give_parts(place)
    people = make_people(place, calendar, cast)
    traits = draw_traits(place, calendar, people, cast)
    devices = make_devices(place, people)
    ties = tie(place, people, cast)
    return Scene(place, calendar, goods, cast, people, traits, ties, devices, make_contacts(place, devices))
