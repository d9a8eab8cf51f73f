"""The stage on which one neighbourhood plays: its people and devices, the shop's goods, the calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.calendar import Calendar
from qianmian.world.contacts import Contacts, make_contacts
from qianmian.world.devices import Devices, make_devices
from qianmian.world.goods import Goods
from qianmian.world.people import People, make_people
from qianmian.world.plan import Neighbourhood


@dataclass(frozen=True)
class Scene:
    """Everything that stands before anything happens."""

    place: Neighbourhood
    calendar: Calendar
    goods: Goods
    people: People
    devices: Devices
    contacts: Contacts

    def random(self, subject: str) -> np.random.Generator:
        """Randomness of one subject in this neighbourhood."""
        return self.place.random(subject)


def set_scene(place: Neighbourhood, calendar: Calendar, goods: Goods) -> Scene:
    """Draw the people of a neighbourhood and hand out their devices."""
    people = make_people(place, calendar)
    devices = make_devices(place, people)
    return Scene(place, calendar, goods, people, devices, make_contacts(place, devices))
