"""Presale (预售): a deposit before the festival, the balance on its first night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.scene import Scene
from qianmian.world.shopping import CHECKOUT_RANK, Shopping
from qianmian.world.stories.coupon_uplift import affordable
from qianmian.world.trace import Integers, Trace, make_trace
from qianmian.world.visits import LOOKING

DEPOSITS, BALANCES = ((10, 20), (10, 23)), ((10, 31), (11, 3))
_DEPOSITS, _PAYS_BALANCE, _DEPOSIT_SHARE = 0.14, 0.88, 0.1
_FIRST_NIGHT = 0.6


@dataclass(frozen=True)
class Presale:
    """Deposits of one neighbourhood; every array has one entry a deposit.

    Attributes:
        visit: number of the planned visit that pays the deposit.
        balance: number of the planned visit that pays the balance; `NONE` = is never made.
        item: what was ordered.
    """

    visit: Integers
    balance: Integers
    item: Integers


def order_ahead(scene: Scene, agenda: Agenda) -> Presale:
    """Plan deposits and balances."""
    random, people, calendar = scene.random("presale"), scene.people, scene.calendar
    (begin, end), (due, last) = calendar.dates(*DEPOSITS), calendar.dates(*BALANCES)
    wants = (random.random(len(people)) < _DEPOSITS * people.spending * min(scene.pace, 1.0)) & people.registered
    person = np.flatnonzero(wants) if end - begin > DAY else np.zeros(0, np.int64)
    moment = calendar.moment(random, people.chronotype[person])
    at = begin + random.integers(0, max((end - begin) // DAY, 1), len(person)) * DAY + moment
    alive = scene.traits.alive(person, at)
    person, at = person[alive], at[alive]
    item = affordable(random, scene, person, 7_000)
    visit = agenda.plan(person, at, LOOKING, wants=item)
    pays = np.flatnonzero(random.random(len(person)) < _PAYS_BALANCE) if last - due > DAY else np.zeros(0, np.int64)
    night = due + 20 * HOUR + (random.exponential(0.8, len(pays)) * HOUR).astype(np.int64)
    later = due + DAY + ((last - due - DAY) * random.random(len(pays))).astype(np.int64)
    later = np.minimum(calendar.near(random, people.chronotype[person[pays]], later - DAY // 2), last - HOUR)
    balance = np.full(len(person), -1)
    balance[pays] = agenda.plan(
        person[pays], np.where(random.random(len(pays)) < _FIRST_NIGHT, night, later), wants=item[pays]
    )
    return Presale(visit, balance, item)


def deposits(scene: Scene, presale: Presale, shopping: Shopping, planned: Integers) -> tuple[Trace, int]:
    """Deposits as steps of their visits, with the number of the order whose balance they await.

    Args:
        scene: where it happens.
        presale: the deposits.
        shopping: which visits pay.
        planned: visit of each planned number.

    Returns:
        The steps; and how many numbers of orders were given to orders whose balance never came.
    """
    made = planned[presale.visit] >= 0
    visit, item = planned[presale.visit[made]], presale.item[made]
    balance = np.where(presale.balance[made] >= 0, planned[presale.balance[made]], -1)
    order = np.where(balance >= 0, shopping.order_of(np.maximum(balance, 0)), -1)
    open_ended = order < 0
    first = len(shopping.paying) + shopping.unpaid
    order[open_ended] = first + np.arange(int(open_ended.sum()))
    money = (scene.goods.cents[item] * _DEPOSIT_SHARE).astype(np.int64) // 100 * 100 + 100
    rank = np.full(len(visit), CHECKOUT_RANK + 5)
    person = shopping.visitors[visit]
    paid = make_trace(events.DEPOSIT_PAID, person, rank, visit=visit, item=item, order=order, money=money)
    return paid, int(open_ended.sum())
