"""双11 券发给了本来就会买的人: a randomised coupon, most of whose money goes to people who would have bought anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.glyphs import choose, coded
from qianmian.world.goods import pick
from qianmian.world.people import draw_cells
from qianmian.world.scene import Scene
from qianmian.world.stories.story import Story, number
from qianmian.world.trace import Flags, Floats, Integers
from qianmian.world.traits import RESPONSES

STORY = Story(
    name="coupon_uplift",
    claim="the money that the coupon brought beyond what would have come anyway is found",
    measure="incremental_roi",
    unit="yuan of extra orders for a yuan of coupons",
)
#: Chance to buy within the campaign without and with the coupon: sure thing, persuadable, lost cause, sleeping dog.
WITHOUT = np.array([0.62, 0.05, 0.03, 0.22])
WITH = np.array([0.62, 0.40, 0.03, 0.06])
#: Position of the campaign among all, and what its coupon is worth in yuan.
TRIAL, WORTH = 2, 20.0
_HELD_OUT_EVERY = 4
_TRIES = 4


@dataclass(frozen=True)
class Trial:
    """The campaign with a holdout, one entry a person.

    Attributes:
        eligible: whether the person took part.
        granted: whether the coupon was sent; the rest of the eligible is held out at random.
        errand: number of the planned purchase; `NONE` = does not buy because of the campaign's days.
    """

    eligible: Flags
    granted: Flags
    errand: Integers


@dataclass(frozen=True)
class Money:
    """Orders that used a coupon of the campaign.

    Attributes:
        owner: who ordered.
        paid: yuan paid for each.
    """

    owner: Integers
    paid: Floats


def plant(scene: Scene, agenda: Agenda, opens_at: int, cents: int) -> Trial:
    """Draw lots within each kind of response, and let people buy as their kind does."""
    random, people, traits = scene.random("coupon uplift"), scene.people, scene.traits
    everybody = np.arange(len(people))
    eligible = people.registered & traits.alive(everybody, np.full(len(people), opens_at))
    eligible[scene.cast.machines] = False
    granted = eligible & (_lots(random, traits.response, eligible) % _HELD_OUT_EVERY > 0)
    chance = buying_chance(traits.response, granted)
    arm = traits.response * 2 + granted
    lot = (_lots(random, arm, eligible) + 0.5) / np.maximum(np.bincount(arm[eligible], minlength=8)[arm], 1)
    buyers = np.flatnonzero(eligible & (lot < chance))
    wait = (random.random(len(buyers)) * 2.0 * DAY).astype(np.int64) + HOUR // 2
    at = np.minimum(opens_at + wait, scene.calendar.near(random, people.chronotype[buyers], opens_at + wait))
    errand = np.full(len(people), -1)
    errand[buyers] = agenda.plan(buyers, at, wants=affordable(random, scene, buyers, 2 * cents))
    return Trial(eligible, granted, errand)


def buying_chance(response: Integers, granted: Flags) -> Floats:
    """Chance to buy because of the days of the campaign, by kind of response and arm."""
    chance: Floats = np.where(granted, WITH[response], WITHOUT[response])
    return chance


def affordable(random: np.random.Generator, scene: Scene, person: Integers, cents: int) -> Integers:
    """The cheapest of a few items to the taste of each person that is worth a coupon."""
    goods = scene.goods
    item = pick(random, goods, draw_cells(random, scene.people, person))
    for _ in range(_TRIES):
        other = pick(random, goods, draw_cells(random, scene.people, person))
        enough, other_enough = goods.cents[item] >= 1.3 * cents, goods.cents[other] >= 1.3 * cents
        cheaper = goods.cents[other] < goods.cents[item]
        item = np.where(np.where(enough, other_enough & cheaper, other_enough | ~cheaper), other, item)
    return item


def _lots(random: np.random.Generator, stratum: Integers, among: Flags) -> Integers:
    """A place within the stratum for each of some people, by lot; −1 for the others."""
    rows = random.permutation(np.flatnonzero(among))
    order = rows[np.argsort(stratum[rows], kind="stable")]
    lots = np.full(len(stratum), -1)
    lots[order] = np.arange(len(order)) - np.searchsorted(stratum[order], stratum[order])
    return lots


def truth(scene: Scene, trial: Trial, order_ids: pa.Array, order: Integers, money: Money) -> tuple[pa.Table, pa.Table]:
    """One row a person who took part: arm, kind of response, chances; and what the coupons really brought.

    Args:
        scene: where it happened.
        trial: the campaign.
        order_ids: the shop's number of each order.
        order: number of the order that the campaign's days brought each person to; −1 = none.
        money: orders that used a coupon.
    """
    part = np.flatnonzero(trial.eligible)
    response, granted = scene.traits.response[part], trial.granted[part]
    used = np.bincount(money.owner, minlength=len(trial.eligible))[part] > 0
    table = pa.table(
        {
            "person": part.astype(np.int64) + scene.place.first,
            "response": coded(RESPONSES, response),
            "granted": granted,
            "used": used,
            "buys_without": WITHOUT[response],
            "buys_with": WITH[response],
            "order_id": choose(order_ids, np.maximum(order[part], 0), order[part] >= 0),
        }
    )
    uplift = (WITH - WITHOUT)[response][granted].sum()
    basket = float(money.paid.mean()) if len(money.paid) else 0.0
    cost = WORTH * len(money.paid)
    return table, number(STORY, (float(uplift) * basket, cost), (float(money.paid.sum()), cost))
