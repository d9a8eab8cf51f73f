"""iPhone 上付不了尾款: for six days the mini-program cannot take payments on iPhones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.world.devices import IOS, MINI_PROGRAM
from qianmian.world.scene import Scene
from qianmian.world.stories.story import A_SUM, Story, number
from qianmian.world.trace import Floats, Integers
from qianmian.world.visits import ERRAND, ORDINARY, Visits

STORY = Story(
    name="checkout_fault",
    claim="the money that the checkout fault lost is found",
    measure="lost_money",
    unit="yuan",
)
FAULT = ((10, 28), (11, 2))
_FAILS, _FAILS_ANYWAY, _TRIES_AGAIN = 0.8, 0.012, 0.2


@dataclass(frozen=True)
class Faults:
    """Payments that failed; one entry a visit.

    Attributes:
        visit: in which visit.
        lost: whether the order is lost; the others are paid in the next minute.
        struck: whether the fault did it, and not one of the failures of every day.
    """

    visit: Integers
    lost: Integers
    struck: Integers


def strike(random: np.random.Generator, scene: Scene, visits: Visits, paying: Integers) -> Faults:
    """Let payments fail: a few always, most of them on iPhones in the mini-program while the fault lasts."""
    begin, end = scene.calendar.dates(*FAULT)
    start, device, kind = visits.start[paying], visits.device[paying], visits.kind[paying]
    hit = (start >= begin) & (start < end) & (device >= 0) & ((kind == ERRAND) | (kind == ORDINARY))
    hit &= (scene.devices.kind[device] == IOS) & (visits.channel[paying] == MINI_PROGRAM)
    online = (device >= 0) & ((kind == ERRAND) | (kind == ORDINARY))
    drawn = random.random(len(paying))
    fails = np.where(hit, drawn < _FAILS, online & (drawn < _FAILS_ANYWAY))
    again = random.random(len(paying)) < np.where(hit, _TRIES_AGAIN, 0.7)
    return Faults(paying[fails], ~again[fails], hit[fails])


def truth(scene: Scene, visits: Visits, faults: Faults, money: Floats) -> tuple[pa.Table, pa.Table]:
    """Who was hit, when, and what they would have paid; a careless sum takes every failed payment.

    Args:
        scene: where it happened.
        visits: all visits.
        faults: the payments that failed.
        money: yuan in the cart of each failed payment.
    """
    struck = faults.struck.astype(np.bool_)
    visit, lost = faults.visit[struck], faults.lost[struck].astype(np.bool_)
    table = pa.table(
        {
            "person": visits.person[visit].astype(np.int64) + scene.place.first,
            "occurred_at": pa.array(visits.start[visit]).cast(pa.timestamp("us", tz="UTC")),
            "lost": lost,
            "money": money[struck],
        }
    )
    true = float(money[struck & faults.lost.astype(np.bool_)].sum())
    return table, number(STORY, (true, A_SUM), (float(money.sum()), A_SUM))
