"""Coupons: pushed to people, or claimed by those who look for them; the first order that fits may use one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, SECOND, midnight
from qianmian.world.plan import WorldPlan
from qianmian.world.scene import Scene
from qianmian.world.stories import coupon_uplift
from qianmian.world.trace import EMAIL, PHONE, USER, Flags, Integers, Trace, join_traces, make_trace


@dataclass(frozen=True)
class Campaign:
    """A campaign with coupons.

    Attributes:
        name: as the shop calls it.
        opens: share of the window that is over when it opens.
        cents: what a coupon is worth; the first line must cost at least twice as much.
        days: how long it is valid.
        used: chance that an order that fits uses it.
        claimed: whether people claim the coupon themselves.
    """

    name: str
    opens: float
    cents: int
    days: int
    used: float
    claimed: bool = False


CAMPAIGNS = (
    Campaign("member-day", 0.17, 500, 14, 0.9),
    Campaign("presale", 0.5, 1_000, 12, 0.9, claimed=True),
    Campaign("double-11", 0.85, 2_000, 3, 0.95),
)
_PUSHED, _CLAIMS, _CLAIMER_BUYS, _REMINDED = 0.35, 0.3, 0.3, 0.04


@dataclass(frozen=True)
class Coupons:
    """Coupons of one neighbourhood, by number.

    Attributes:
        owner: whose it is.
        at: since when.
        campaign: position in `CAMPAIGNS`.
        trial: the randomised campaign.
    """

    owner: Integers
    at: Integers
    campaign: Integers
    trial: coupon_uplift.Trial


def hand_out(scene: Scene, agenda: Agenda) -> Coupons:
    """Push the coupons, let bargain hunters claim theirs, and hold some people out of the last campaign at random."""
    random, people, traits = scene.random("coupons"), scene.people, scene.traits
    able = people.registered.copy()
    able[scene.cast.machines] = False
    opened = [opens(scene.place.plan, campaign) for campaign in CAMPAIGNS]
    size = len(people)
    pushed = np.flatnonzero(able & (random.random(size) < _PUSHED))
    reminded = pushed[random.random(len(pushed)) < _REMINDED]
    soon = opened[0] + HOUR + (random.exponential(2, len(reminded)) * DAY).astype(np.int64)
    agenda.plan(reminded, scene.calendar.near(random, people.chronotype[reminded], soon))
    claims = np.flatnonzero(able & (random.random(size) < _CLAIMS * traits.price_sensitivity))
    claimed_at = scene.calendar.near(
        random, people.chronotype[claims], opened[1] + (random.exponential(1, len(claims)) * DAY).astype(np.int64)
    )
    alive = traits.alive(claims, claimed_at) & (claimed_at < scene.calendar.end)
    claims, claimed_at = claims[alive], claimed_at[alive]
    buyers = random.random(len(claims)) < _CLAIMER_BUYS
    wait = (random.exponential(2.5, len(claims)) * DAY).astype(np.int64) + HOUR // 3
    wants = coupon_uplift.affordable(random, scene, claims[buyers], 2 * CAMPAIGNS[1].cents)
    at = np.minimum(claimed_at + wait, claimed_at + (CAMPAIGNS[1].days - 1) * DAY)
    agenda.plan(claims[buyers], at[buyers], wants=wants)
    trial = coupon_uplift.plant(scene, agenda, opened[coupon_uplift.TRIAL], CAMPAIGNS[coupon_uplift.TRIAL].cents)
    granted = np.flatnonzero(trial.granted)
    owner = np.concatenate([pushed, claims, granted])
    sent = [
        opened[0] + random.integers(0, HOUR, len(pushed)),
        opened[coupon_uplift.TRIAL] + random.integers(0, HOUR // 4, len(granted)),
    ]
    moments = np.concatenate([sent[0], claimed_at, sent[1]])
    return Coupons(owner, moments, np.repeat(np.arange(3), [len(pushed), len(claims), len(granted)]), trial)


def opens(plan: WorldPlan, campaign: Campaign) -> int:
    """When a campaign opens: ten in the morning."""
    return midnight(plan.first_on) + round(plan.days * campaign.opens) * DAY + 10 * HOUR


def coupon_events(coupons: Coupons) -> Trace:
    """Grants and claims."""
    claimed = np.array([campaign.claimed for campaign in CAMPAIGNS])[coupons.campaign]
    number = np.arange(len(coupons.owner))
    return join_traces(
        [
            make_trace(
                name, coupons.owner[rows], coupons.at[rows], shows=USER, coupon=number[rows], ref=coupons.campaign[rows]
            )
            for name, rows in ((events.COUPON_GRANTED, ~claimed), (events.COUPON_CLAIMED, claimed))
        ]
    )


def use_coupons(random: np.random.Generator, coupons: Coupons, completed: Trace, fits: Flags) -> Trace:
    """The first order after a coupon that fits may use it.

    Args:
        random: randomness.
        coupons: all coupons.
        completed: the paid orders, in order of their number.
        fits: whether each order is large enough for each campaign, one row an order.

    Returns:
        Events of use, one an order at most.
    """
    used, at, buyer = [], completed.at, completed.person
    taken = np.zeros(len(completed), np.bool_)
    size = int(max(coupons.owner.max(initial=0), buyer.max(initial=0))) + 1
    for number, campaign in enumerate(CAMPAIGNS):
        mine = np.flatnonzero(coupons.campaign == number)
        held = np.full(size, -1)
        held[coupons.owner[mine]] = mine
        since = np.where(held >= 0, coupons.at[held], np.int64(1) << 60)[buyer] if len(coupons.at) else at + 1
        valid = (at > since) & (at < since + campaign.days * DAY) & fits[:, number] & ~taken
        candidates = np.flatnonzero(valid)
        candidates = candidates[np.argsort(at[candidates], kind="stable")]
        _, first = np.unique(buyer[candidates], return_index=True)
        order = candidates[first]
        order = order[random.random(len(order)) < campaign.used]
        taken[order] = True
        context = completed.take(order)
        columns: dict[str, Integers | int] = {
            name: getattr(context, name) for name in ("visit", "device", "channel", "place")
        }
        columns |= {"order": order, "coupon": held[buyer[order]], "ref": number}
        columns["shows"] = context.shows & ~np.uint8(PHONE | EMAIL)
        used.append(make_trace(events.COUPON_USED, context.person, context.at - SECOND, **columns))
    return join_traces(used)
