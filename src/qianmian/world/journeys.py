"""Journeys to a purchase (购买旅程): from a need through comparing and deciding to buying, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.goods import pick
from qianmian.world.people import draw_cells
from qianmian.world.scene import Scene
from qianmian.world.trace import Flags, Integers
from qianmian.world.visits import LOOKING

STAGES = ("need", "compare", "decide", "buy", "engage", "loyal")
NEED, COMPARE, DECIDE, BUY, ENGAGE, LOYAL = range(6)
_JOURNEYS, _BUYS, _BUYS_AGAIN = 0.3, 0.5, 0.25


@dataclass(frozen=True)
class Journeys:
    """Stages that people reached; every array has one entry a stage.

    Attributes:
        person: whose journey.
        category: to which category.
        stage: position in `STAGES`.
        since: when the stage began.
        errand: number of the planned visit that shows it; `NONE` = none.
    """

    person: Integers
    category: Integers
    stage: Integers
    since: Integers
    errand: Integers


def travel(scene: Scene, agenda: Agenda) -> Journeys:
    """Plan the visits of journeys: one that wakes a need, some that compare, one that decides, perhaps orders."""
    random, people, calendar = scene.random("journeys"), scene.people, scene.calendar
    rate = _JOURNEYS * min(scene.pace, 1.0) * np.minimum(people.activity, 3)
    person = np.repeat(np.arange(len(people)), random.poisson(rate))
    need_at = calendar.draw(random, people.chronotype[person])
    alive = np.flatnonzero(scene.traits.alive(person, need_at))
    person, need_at = person[alive], need_at[alive]
    category = draw_cells(random, people, person) // 9
    _, once = np.unique(person.astype(np.int64) * 8 + category, return_index=True)
    person, need_at, category = person[once], need_at[once], category[once]
    buys = random.random(len(person)) < np.minimum(_BUYS * people.spending[person] ** 0.5, 0.85)
    cells = category.astype(np.int64) * 9 + draw_cells(random, people, person) % 9
    needs = _Needs(person, category, pick(random, scene.goods, cells), need_at)
    return _Planner(random, scene, agenda, needs).plan(buys)


@dataclass(frozen=True)
class _Needs:
    """Journeys as they begin: who wants what, and since when."""

    person: Integers
    category: Integers
    item: Integers
    at: Integers


class _Planner:
    """Plans stage after stage of some journeys, each some time after the one before."""

    def __init__(self, random: np.random.Generator, scene: Scene, agenda: Agenda, needs: _Needs) -> None:
        self._random, self._scene, self._agenda = random, scene, agenda
        self._person, self._category, self._item = needs.person, needs.category, needs.item
        self._at = needs.at.copy()
        self._reached: list[tuple[Integers, int, Integers, Integers]] = []

    def plan(self, buys: Flags) -> Journeys:
        everybody = np.arange(len(self._person))
        self._look(everybody, NEED, 0.0)
        compares = self._look(everybody[self._random.random(len(everybody)) < 0.85], COMPARE, 1.5)
        for _ in range(2):
            more = compares[self._random.random(len(compares)) < 0.5]
            self._look(more, COMPARE, 1.5)
        decides = self._look(compares[buys[compares] | (self._random.random(len(compares)) < 0.3)], DECIDE, 1.2)
        bought = self._buy(decides[buys[decides]], BUY, 0.7)
        again = bought[self._random.random(len(bought)) < _BUYS_AGAIN]
        self._buy(again, LOYAL, 14.0)
        rows, stages, since, errands = (
            np.concatenate(part)
            for part in zip(
                *((rows, np.full(len(rows), stage), at, errand) for rows, stage, at, errand in self._reached),
                strict=True,
            )
        )
        return Journeys(self._person[rows], self._category[rows], stages, since, errands)

    def _later(self, rows: Integers, days: float) -> Integers:
        """Move the journeys on; those that run out of the window or of the customer's life end."""
        wait = (self._random.gamma(2, days / 2, len(rows)) * DAY).astype(np.int64) if days else 0
        chronotype = self._scene.people.chronotype[self._person[rows]]
        at = self._scene.calendar.near(self._random, chronotype, self._at[rows] + wait) if days else self._at[rows]
        going = self._scene.traits.alive(self._person[rows], at) & (at < self._scene.calendar.end - 2 * HOUR)
        self._at[rows[going]] = at[going]
        going_on: Integers = rows[going]
        return going_on

    def _look(self, rows: Integers, stage: int, days: float) -> Integers:
        rows = self._later(rows, days)
        person, at = self._person[rows], self._at[rows]
        wants = {"wants": self._item[rows]} if stage == DECIDE else {}
        errand = self._agenda.plan(person, at, LOOKING, focus=self._category[rows], **wants)
        self._reached.append((rows, stage, at.copy(), errand))
        return rows

    def _buy(self, rows: Integers, stage: int, days: float) -> Integers:
        rows = self._later(rows, days)
        errand = self._agenda.plan(self._person[rows], self._at[rows].copy(), wants=self._item[rows])
        self._reached.append((rows, stage, self._at[rows].copy(), errand))
        return rows
