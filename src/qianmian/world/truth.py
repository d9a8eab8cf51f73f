"""What is true at the end of the window, by definitions of the world's own.

``days`` are local dates between an order and the last date of the window: an order of the last date is 0 days old.
Every paid order counts, refunded or not; money is net of refunds.

======== =====================================================================================================
term     definition
======== =====================================================================================================
stage    the first that holds: ``loyal`` at least 3 orders with days < 90; ``new`` exactly 1 order ever, with
         days < 30; ``active`` last order's days < 30; ``at_risk`` last order's days < 60; ``lost`` any order;
         ``potential`` no order
rfm      of people with an order; each compared with the mean over all buyers. R is high if the last order's days
         ≤ mean, F if the number of orders ≥ mean, M if the net money ≥ mean. (R, F, M) high: 111 important_value,
         101 important_develop, 011 important_keep, 001 important_retain, 110 general_value, 100 general_develop,
         010 general_keep, 000 general_retain
band     low, mid or high third of the list prices of a category's items (`goods.price_bands`)
region   where the person lives
======== =====================================================================================================

Preferred category, brand and price band are the tastes that the world planted: they decide what a person looks at,
and are named as they are named on the last date. ``items_seen`` says on how many events with an item the product can
base its answer; ``last_…`` are the values of the latest event, which is the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from qianmian.world.calendar import DAY, Calendar
from qianmian.world.contacts import user_ids
from qianmian.world.dirt import Sent
from qianmian.world.glyphs import choose, coded
from qianmian.world.goods import BANDS, BRAND_NAMES, BRANDS_A_CATEGORY, CATEGORY_NAMES
from qianmian.world.orders import Orders
from qianmian.world.people import AGES, ROLES
from qianmian.world.regions import CITIES
from qianmian.world.render import decimals
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Flags, Integers

STAGES = ("loyal", "new", "active", "at_risk", "lost", "potential")
RFM_SEGMENTS = (
    "general_retain",
    "important_retain",
    "general_keep",
    "important_keep",
    "general_develop",
    "important_develop",
    "general_value",
    "important_value",
)


@dataclass(frozen=True)
class Facts:
    """What is true of the people of one neighbourhood, as numbers; one entry a person.

    Attributes:
        orders: number of paid orders.
        net: net money, in cents.
        days: days since the last order; `NONE` without one.
        stage: position in `STAGES`.
        city: position in `regions.CITIES`.
        category: preferred category.
        brand: position of the preferred brand in `goods.BRAND_NAMES`.
        band: preferred price band.
        last_city: city of the latest event that states one; `NONE` without one.
        last_item_category: category of the latest item.
        last_item_brand: its brand.
        last_item_band: its price band.
        items_seen: number of events with an item.
        devices: number of own devices.
        shares_device: whether the home shares a tablet.
        recycled: whether the phone number was another's before.
        registered: whether the person has a user_id.
        role: position in `people.ROLES`.
        female: sex.
        age: position in `people.AGES`.
    """

    orders: Integers
    net: Integers
    days: Integers
    stage: Integers
    city: Integers
    category: Integers
    brand: Integers
    band: Integers
    last_city: Integers
    last_item_category: Integers
    last_item_brand: Integers
    last_item_band: Integers
    items_seen: Integers
    devices: Integers
    shares_device: Flags
    recycled: Flags
    registered: Flags
    role: Integers
    female: Flags
    age: Integers


def join_facts(parts: list[Facts]) -> Facts:
    """The facts of all neighbourhoods."""
    return Facts(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Facts)))


def find_facts(scene: Scene, orders: Orders, sent: Sent) -> Facts:
    """What is true of the people of a neighbourhood."""
    people, goods, size = scene.people, scene.goods, len(scene.people)
    age = _days_old(orders.at, scene.calendar)
    count = np.bincount(orders.person, minlength=size)
    latest = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(latest, orders.person, age)
    days = np.where(count > 0, latest, NONE)
    within_90 = np.bincount(orders.person[age < 90], minlength=size)
    item, city, seen = _latest(sent, size)
    known = item >= 0
    return Facts(
        orders=count,
        net=np.bincount(orders.person, orders.paid - orders.refunded, size).astype(np.int64),
        days=days,
        stage=_stages(count, within_90, days),
        city=people.city,
        category=people.category,
        brand=people.category.astype(np.int32) * BRANDS_A_CATEGORY + people.brand,
        band=people.band,
        last_city=city,
        last_item_category=np.where(known, goods.category[item], NONE),
        last_item_brand=np.where(
            known, goods.category[item].astype(np.int32) * BRANDS_A_CATEGORY + goods.brand[item], NONE
        ),
        last_item_band=np.where(known, goods.band[item], NONE),
        items_seen=seen,
        devices=scene.devices.count,
        shares_device=people.home >= 0,
        recycled=people.takes_from >= 0,
        registered=people.registered,
        role=people.role,
        female=people.female,
        age=people.age,
    )


def people_table(facts: Facts) -> pa.Table:
    """``people``: one row a person, with the segments that need everybody's mean."""
    numbers = np.arange(len(facts.orders))
    return pa.table(
        {
            "person": numbers,
            "user_id": choose(user_ids(numbers), numbers, facts.registered),
            "region": coded(CITIES, facts.city),
            "role": coded(ROLES, facts.role),
            "gender": coded(("male", "female"), facts.female.astype(np.int32)),
            "age_band": coded(AGES, facts.age),
            "stage": coded(STAGES, facts.stage),
            "preferred_category": coded(CATEGORY_NAMES, facts.category),
            "preferred_brand": coded(BRAND_NAMES, facts.brand),
            "price_band": coded(BANDS, facts.band),
            "r": pa.array(facts.days, mask=facts.days < 0),
            "f": facts.orders,
            "m": decimals(np.maximum(facts.net, 0)),
            "rfm": coded(RFM_SEGMENTS, _segments(facts)),
            "items_seen": facts.items_seen,
            "devices": facts.devices,
            "shares_device": facts.shares_device,
            "recycled_phone": facts.recycled,
            "last_region": coded(CITIES, facts.last_city),
            "last_category": coded(CATEGORY_NAMES, facts.last_item_category),
            "last_brand": coded(BRAND_NAMES, facts.last_item_brand),
            "last_price_band": coded(BANDS, facts.last_item_band),
        }
    )


def _days_old(at: Integers, calendar: Calendar) -> Integers:
    days: Integers = (calendar.end - 1 - at) // DAY
    return days


def _stages(count: Integers, within_90: Integers, days: Integers) -> Integers:
    stages: Integers = np.select(
        [within_90 >= 3, (count == 1) & (days < 30), (count > 0) & (days < 30), (count > 0) & (days < 60), count > 0],
        [0, 1, 2, 3, 4],
        default=5,
    )
    return stages


def _segments(facts: Facts) -> Integers:
    """Position in `RFM_SEGMENTS`; `NONE` without an order."""
    buys = facts.orders > 0
    if not buys.any():
        return np.full(len(buys), NONE)
    recent = facts.days <= facts.days[buys].mean()
    frequent = facts.orders >= facts.orders[buys].mean()
    valuable = facts.net >= facts.net[buys].mean()
    segments: Integers = np.where(buys, recent * 4 + frequent * 2 + valuable, NONE)
    return segments


def _latest(sent: Sent, size: int) -> tuple[Integers, Integers, Integers]:
    """Latest item and city of each person, and the number of events with an item."""
    traces = sent.events
    order = np.argsort(traces.at, kind="stable")
    found = []
    for values in (traces.item, traces.place):
        rows = order[(values[order] >= 0) & (traces.person[order] >= 0)]
        last = np.full(size, NONE)
        last[traces.person[rows]] = values[rows]  # of several, the latest stays
        found.append(last)
    seen = traces.person[(traces.item >= 0) & (traces.person >= 0)]
    return found[0], found[1], np.bincount(seen, minlength=size)
