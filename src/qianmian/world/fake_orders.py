"""刷单: a seller has a farm's accounts buy its goods and praise them, so that they look wanted."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR, SECOND
from qianmian.world.orders import Orders
from qianmian.world.reviews import PLEASED, TEMPLATE, opinions, stars, subject_of
from qianmian.world.scene import Scene
from qianmian.world.trace import (
    ANONYMOUS,
    CODES,
    DEVICE,
    NONE,
    USER,
    Flags,
    Integers,
    Trace,
    flag,
    join_traces,
    make_trace,
)

#: The goods that are pushed, the devices that most accounts share, the evenings on which they buy, and the praises.
_ITEMS, _DEVICES, _EVENINGS, _PRAISES = 2, 3, 4, 3
#: How many take pains not to be noticed: they look first, use a device of their own, or praise hours later, if at all.
_LOOKS, _OWN_DEVICE, _PRAISES_LATER, _SAYS_NOTHING = 0.3, 0.3, 0.2, 0.15
#: So long a naive rule looks back for a look.
_NAIVE_DAYS = 30
_MINUTE = 60 * SECOND
#: Such people type no number of theirs into what they write: see `properties`.
_TYPES_CONTACTS = 2


def brush(scene: Scene, orders: Orders) -> tuple[Orders, Trace]:
    """Let the farm place this neighbourhood's share of the fake orders, most without a look at anything.

    Returns:
        All orders, the fake ones last; and their payments, quick deliveries, and reviews, most within minutes of them.
    """
    plan, farm, calendar = scene.place.plan, scene.cast.bought, scene.calendar
    nobody = np.zeros(0, np.int64)
    count = round(plan.fake_orders * scene.place.size / plan.people) if len(farm) else 0
    if not count:
        return orders, make_trace(events.ORDER_COMPLETED, nobody, nobody)
    random, number = scene.random("fake orders"), np.arange(count)
    evening = number * _EVENINGS // count
    days = (calendar.end - calendar.start) // DAY
    begins = calendar.start + np.sort(random.integers(1, max(days - 5, 2), _EVENINGS)) * DAY + 20 * HOUR
    turn = number - np.searchsorted(evening, evening)
    at = begins[evening] + turn * 3 * _MINUTE + random.integers(0, 2 * _MINUTE, count)
    item = random.integers(0, len(scene.goods.cents), _ITEMS)[evening % _ITEMS]
    person = farm[(number + random.integers(0, len(farm))) % len(farm)]
    shared = farm[number % min(_DEVICES, len(farm))]
    device = scene.devices.first[np.where(random.random(count) < _OWN_DEVICE, person, shared)]
    placed = _orders(scene, len(orders), person, at, item, device)
    seen = _seen(scene, device)
    paid = make_trace(events.ORDER_COMPLETED, person, at, order=len(orders) + number, **seen)
    arrives = at + DAY + random.integers(0, 4 * HOUR, count)
    came = make_trace(events.ORDER_DELIVERED, person, arrives, order=len(orders) + number, code=number % 3)
    looks = make_trace(events.PRODUCT_VIEWED, person, at - 5 * _MINUTE, item=item, code=number, **seen)
    looks = looks.take(random.random(count) < _LOOKS)
    wait = np.where(random.random(count) < _PRAISES_LATER, 9 * HOUR, _MINUTE)
    praise = make_trace(
        events.REVIEW_WRITTEN,
        person,
        arrives + wait + random.integers(0, 9 * _MINUTE, count),
        order=len(orders) + number,
        item=item,
        code=_praises(random, scene, item),
        ref=PLEASED,
        **seen,
    )
    praise = praise.take(random.random(count) >= _SAYS_NOTHING)
    return _joined(orders, placed), join_traces([looks, paid, came, praise])


def fake(scene: Scene, traces: Trace) -> Flags:
    """Which events pay a fake order: the farm buys nothing else."""
    paid = np.zeros(len(traces), np.bool_)
    paid[traces.named(events.ORDER_COMPLETED)] = True
    flags: Flags = paid & np.isin(traces.person, scene.cast.bought)
    return flags


def naive_fake(traces: Trace) -> Flags:
    """The orders before which their account, signed in, looked at nothing for a month: what a naive rule sees."""
    account = np.where(traces.shows & USER > 0, traces.person, NONE)
    rows = np.concatenate([traces.named(events.PRODUCT_VIEWED), traces.named(events.ORDER_COMPLETED)])
    rows = rows[account[rows] >= 0]
    rows = rows[np.lexsort((traces.at[rows], account[rows]))]
    place, is_look = np.arange(len(rows)), traces.kind[rows] == CODES[events.PRODUCT_VIEWED]
    look = np.maximum.accumulate(np.where(is_look, place, 0))
    has_looked = is_look[look] & (account[rows[look]] == account[rows])
    has_looked &= traces.at[rows] - traces.at[rows[look]] <= _NAIVE_DAYS * DAY
    found = np.zeros(len(traces), np.bool_)
    found[rows[~is_look & ~has_looked]] = True
    return found


def _orders(scene: Scene, first: int, person: Integers, at: Integers, item: Integers, device: Integers) -> Orders:
    """One piece of one item each, at its list price."""
    number, none = first + np.arange(len(person)), np.full(len(person), NONE)
    cents, one = scene.goods.cents[item].astype(np.int64), np.ones(len(person), np.int64)
    money = (cents, 0 * cents, np.zeros(len(person), np.bool_), cents)
    return Orders(person, at, *money, none, scene.devices.channel[device], number, item, one, cents, cents, none)


def _joined(orders: Orders, more: Orders) -> Orders:
    parts = ((getattr(orders, field.name), getattr(more, field.name)) for field in fields(Orders))
    return Orders(*(np.concatenate([one, other.astype(one.dtype)]) for one, other in parts))


def _seen(scene: Scene, device: Integers) -> dict[str, Integers]:
    """What the client says of itself: one farm, one city."""
    shows = ANONYMOUS | USER | flag(scene.devices.has_id[device], DEVICE)
    place = np.full(len(device), scene.people.city[scene.cast.bought[0]])
    return {"device": device, "channel": scene.devices.channel[device], "shows": shows, "place": place}


def _praises(random: np.random.Generator, scene: Scene, item: Integers) -> Integers:
    """Codes of reviews that copy a few templates and give five stars."""
    drawn = random.integers(0, 1 << 30, 4_000)
    subject = subject_of(scene.goods, np.full(len(drawn), item[0]))
    said = opinions(np.full(len(drawn), PLEASED), subject, drawn)
    fits = (said.form == TEMPLATE) & (stars(np.full(len(drawn), PLEASED), said, drawn) == 5)
    fits &= drawn // 3 % 100 >= _TYPES_CONTACTS
    codes: Integers = np.flatnonzero(fits)[:_PRAISES]
    return drawn[codes[np.arange(len(item)) % len(codes)]]
