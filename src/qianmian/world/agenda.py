"""What people intend before they come: visits that a cause outside of them has planned."""

from __future__ import annotations

import numpy as np

from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers
from qianmian.world.visits import ERRAND, Visits, join_visits


class Agenda:
    """Collects planned visits; each gets a number by which its cause finds it again."""

    def __init__(self, scene: Scene) -> None:
        """Begin with nothing planned."""
        self._scene = scene
        self._parts: list[Visits] = []
        self._count = 0

    def plan(self, person: Integers, at: Integers, kind: int = ERRAND, **columns: Integers) -> Integers:
        """Plan a visit for each person.

        Args:
            person: who comes.
            at: when.
            kind: one of the kinds of `visits`.
            **columns: `wants`, `focus`, `group` or `device` of each visit; the favourite own device if not given.

        Returns:
            The number of each planned visit.
        """
        devices, random = self._scene.devices, self._scene.random(f"agenda {self._count}")
        favourite = np.minimum(random.geometric(0.65, len(person)) - 1, devices.count[person] - 1)
        device = columns.pop("device", devices.first[person] + favourite)
        number = self._count + np.arange(len(person))
        nothing = np.full(len(person), NONE)
        self._parts.append(
            Visits(
                person=person,
                start=at,
                device=device,
                channel=devices.channel[device],
                kind=np.full(len(person), kind, np.int8),
                group=columns.pop("group", nothing),
                place=self._scene.people.city_at(person, at),
                wants=columns.pop("wants", nothing),
                focus=columns.pop("focus", nothing),
                errand=number,
            )
        )
        if columns:
            raise TypeError(f"no such columns: {', '.join(columns)}")
        self._count += len(person)
        return number

    def visits(self) -> Visits:
        """All planned visits."""
        return join_visits(self._parts)

    def __len__(self) -> int:
        return self._count


def visits_of(visits: Visits, planned: int) -> Integers:
    """The position among the visits of each planned one, by its number; `NONE` for one that was never made."""
    where = np.full(planned + 1, NONE)
    where[visits.errand] = np.arange(len(visits))
    return where[:planned]
