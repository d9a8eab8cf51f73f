"""The truth of all stories of one neighbourhood, table by table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.life import Life
from qianmian.world.properties import serial
from qianmian.world.stories import (
    bought_followers,
    checkout_fault,
    coupon_uplift,
    group_invitation,
    groups_short_by_one,
    leaking_serum,
    referral_ring,
    shared_tablet,
)

STORIES = tuple(
    story.STORY
    for story in (
        coupon_uplift,
        bought_followers,
        shared_tablet,
        groups_short_by_one,
        checkout_fault,
        leaking_serum,
        referral_ring,
        group_invitation,
    )
)


def story_tables(life: Life) -> dict[str, pa.Table]:
    """A table for each story, by its name, and ``stories`` with the number that is to be found in each."""
    scene, plans, orders = life.scene, life.plans, life.orders
    order_ids = serial(b"SY", scene, np.arange(len(orders)))
    money = life.shopping.lost_cents / 100
    told = {
        coupon_uplift.STORY: coupon_uplift.truth(
            scene, plans.coupons.trial, order_ids, life.orders_of(plans.coupons.trial.errand), coupon_money(life)
        ),
        bought_followers.STORY: bought_followers.truth(
            scene, plans.posts, plans.exposures, life.orders_of(plans.exposures.errand)
        ),
        shared_tablet.STORY: shared_tablet.truth(scene),
        groups_short_by_one.STORY: groups_short_by_one.truth(
            scene,
            plans.group_buys.opener,
            plans.group_buys.offers.group,
            plans.group_buys.offers.joins,
            plans.group_buys.offers.relation,
            plans.group_buys.offers.likes,
        ),
        checkout_fault.STORY: checkout_fault.truth(scene, life.visits, life.shopping.faults, money),
        leaking_serum.STORY: leaking_serum.truth(scene, life.leaks, order_ids, orders.person),
        referral_ring.STORY: referral_ring.truth(scene, plans.invites),
        group_invitation.STORY: group_invitation.truth(scene, plans.chats, life.visits, life.planned),
    }
    tables = {story.name: table for story, (table, _) in told.items()}
    tables["stories"] = pa.concat_tables([number for _, number in told.values()])
    return tables


def coupon_money(life: Life) -> coupon_uplift.Money:
    """What the randomised coupons cost, and what the orders that used one brought."""
    orders, coupons = life.orders, life.plans.coupons
    lines = np.flatnonzero(orders.line_coupon >= 0)
    mine = lines[coupons.campaign[orders.line_coupon[lines]] == coupon_uplift.TRIAL]
    used = np.unique(orders.line_order[mine])
    owner = orders.person[used]
    return coupon_uplift.Money(owner, orders.paid[used] / 100)
