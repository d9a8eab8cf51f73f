"""Orders in money: prices of the day, coupons, what is declared, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qianmian.core import events
from qianmian.world import phrases
from qianmian.world.calendar import DAY, HOUR, SECOND, in_refund_rush
from qianmian.world.coupons import CAMPAIGNS, Coupons, use_coupons
from qianmian.world.devices import STORE
from qianmian.world.goods import CLOTHES
from qianmian.world.scene import Scene
from qianmian.world.shopping import Shopping
from qianmian.world.stories.leaking_serum import Leaks
from qianmian.world.trace import NONE, USER, Flags, Integers, Trace, flag, join_traces, make_trace
from qianmian.world.visits import ERRAND, ORDINARY, Visits

_GROUP_PRICE = 0.8
_UNDECLARED, _ROUNDED = 0.01, 0.1
_REFUNDED, _CANCELLED, _PARTIAL, _SECOND_REFUND, _PUSHED_TWICE = 0.05, 0.012, 0.35, 0.1, 0.01
_RUSH, _CLOTHES_RETURN, _LIVE_CLOTHES_RETURN = 1.6, 1.6, 0.3
#: Every reason why money goes back: general ones, one for each category, the leak, and orders that came to nothing.
REASONS = (
    *phrases.REASONS,
    *phrases.CATEGORY_REASONS,
    phrases.LEAK_REASON,
    phrases.CANCELLED_REASON,
    phrases.FAILED_GROUP_REASON,
)
_FITS_CATEGORY = 0.4


@dataclass(frozen=True)
class Orders:
    """Paid orders of one neighbourhood, by number; and their lines, sorted by order.

    Attributes:
        person: the true buyer.
        at: when it was paid.
        paid: what was paid, in cents.
        refunded: what came back until the end of the window, in cents.
        stopped: whether it was cancelled, or its group did not fill; such an order is never delivered.
        declared: the total that the client declares; `NONE` if it forgets to.
        group: number of the group buy; `NONE` = none.
        channel: position in `devices.CHANNELS`.
        line_order: order of each line.
        line_item: its item.
        line_quantity: its pieces.
        line_price: price of one piece, in cents.
        line_amount: money of the line, in cents, coupon taken off.
        line_coupon: number of its coupon; `NONE` = none.
    """

    person: Integers
    at: Integers
    paid: Integers
    refunded: Integers
    stopped: Flags
    declared: Integers
    group: Integers
    channel: Integers
    line_order: Integers
    line_item: Integers
    line_quantity: Integers
    line_price: Integers
    line_amount: Integers
    line_coupon: Integers

    def __len__(self) -> int:
        return len(self.person)

    @property
    def first_line(self) -> Integers:
        """Position of each order's first line; every order has one."""
        return np.searchsorted(self.line_order, np.arange(len(self)))


def settle(scene: Scene, shopping: Shopping, visits: Visits, steps: Trace, coupons: Coupons) -> tuple[Orders, Trace]:
    """Price the orders and let coupons be used.

    Returns:
        The orders, nothing refunded yet; and the events of the use of coupons.
    """
    random, calendar = scene.random("orders"), scene.calendar
    count = len(shopping.paying)
    completed = steps.take(steps.named(events.ORDER_COMPLETED))
    completed = completed.take(np.argsort(completed.order))
    at = completed.at
    group, channel = visits.group[shopping.paying], visits.channel[shopping.paying]
    factor = calendar.price[calendar.day(at)] * np.where(group >= 0, _GROUP_PRICE, 1.0)
    price = (scene.goods.cents[shopping.line_item] * factor[shopping.line_order]).astype(np.int64) // 10 * 10
    amount = price * shopping.line_quantity
    coupon = np.full(len(amount), NONE)
    first = np.searchsorted(shopping.line_order, np.arange(count))
    worth = np.array([campaign.cents for campaign in CAMPAIGNS])
    may_use = np.isin(visits.kind[shopping.paying], (ORDINARY, ERRAND))
    fits = may_use[:, None] & (amount[first][:, None] >= 2 * worth)
    used = use_coupons(random, coupons, completed, fits)
    amount[first[used.order]] -= worth[used.ref]
    coupon[first[used.order]] = used.coupon
    paid = np.bincount(shopping.line_order, amount, count).astype(np.int64)
    rounded = (channel == STORE) & (random.random(count) < _ROUNDED)
    paid = np.where(rounded, paid // 100 * 100, paid)
    declared = np.where((random.random(count) < _UNDECLARED) & ~rounded, NONE, paid)
    lines = (shopping.line_order, shopping.line_item, shopping.line_quantity, price, amount, coupon)
    nothing_back, none_stopped = np.zeros(count, np.int64), np.zeros(count, np.bool_)
    orders = Orders(completed.person, at, paid, nothing_back, none_stopped, declared, group, channel, *lines)
    return orders, used


def take_back(scene: Scene, orders: Orders, live: Integers, leaking: Leaks) -> tuple[Orders, Trace]:
    """Cancellations and refunds, as the back office reports them: most name only the order.

    Args:
        scene: where it happens.
        orders: the paid orders.
        live: numbers of the orders that came of a live room; clothes of these come back more often.
        leaking: orders of the leaking batch.

    Returns:
        The orders with what came back; and the events.
    """
    random = scene.random("refunds")
    people, number = scene.people, np.arange(len(orders))
    failed = _failed_groups(orders)
    cancelled = ~failed & (random.random(len(orders)) < _CANCELLED)
    clothes = scene.goods.category[orders.line_item[orders.first_line]] == CLOTHES
    share = _REFUNDED * np.where(clothes, _CLOTHES_RETURN, 1.0) * np.where(in_refund_rush(orders.at), _RUSH, 1.0)
    from_live = np.isin(number, live)
    share = np.where(from_live & clothes, _LIVE_CLOTHES_RETURN, share)
    returned = ~failed & ~cancelled & ((random.random(len(orders)) < share) | leaking.refunded(number))
    partial = returned & (random.random(len(orders)) < _PARTIAL)
    wait = np.where(
        returned, 2 * DAY + random.gamma(2, 1.6 * DAY, len(orders)), random.uniform(1, 20, len(orders)) * HOUR
    )
    at = leaking.refund_at(number, orders.at + np.where(failed, DAY, wait).astype(np.int64))
    amount = np.where(partial, _part(orders), orders.paid)
    back = number[(failed | cancelled | returned) & (at < scene.calendar.end)]
    again = back[partial[back] & (random.random(len(back)) < _SECOND_REFUND)]
    again = again[at[again] + 2 * DAY < scene.calendar.end]
    order = np.concatenate([back, again])
    moment = np.concatenate([at[back], at[again] + 2 * DAY])
    money = np.concatenate([amount[back], (orders.paid - amount)[again] // 20 * 10])
    given = money > 0
    category = scene.goods.category[orders.line_item[orders.first_line[order[given]]]]
    reason = _reasons(random, category, leaking.refunded(order[given]))
    reason = np.where(cancelled[order[given]], REASONS.index(phrases.CANCELLED_REASON), reason)
    reason = np.where(failed[order[given]], REASONS.index(phrases.FAILED_GROUP_REASON), reason)
    refunds = _refunds(
        random, scene, orders.person[order[given]], moment[given], order=order[given], money=money[given], code=reason
    )
    cancels = back[cancelled[back]]
    cancels_at = at[cancels] - 30 * SECOND
    names_user = flag(people.registered[orders.person[cancels]] & (random.random(len(cancels)) < 0.5), USER)
    cancellations = make_trace(
        events.ORDER_CANCELLED,
        orders.person[cancels],
        cancels_at,
        order=cancels,
        shows=names_user,
        code=random.integers(0, 1 << 16, len(cancels)),
    )
    refunded = np.bincount(order[given], money[given], len(orders)).astype(np.int64)
    return replace(orders, refunded=refunded, stopped=failed | cancelled), join_traces([refunds, cancellations])


def _refunds(random: np.random.Generator, scene: Scene, person: Integers, at: Integers, **columns: Integers) -> Trace:
    """The refunds; the push of a few is repeated under a new message, with the same refund number."""
    size = len(person)
    twice = np.flatnonzero(random.random(size) < _PUSHED_TWICE)
    rows = np.concatenate([np.arange(size), twice])
    later = np.concatenate([np.zeros(size, np.int64), np.full(len(twice), 90 * SECOND)])
    shows = flag(scene.people.registered[person] & (random.random(size) < 0.3), USER)
    columns = {name: values[rows] for name, values in (*columns.items(), ("shows", shows))}
    return make_trace(events.ORDER_REFUNDED, person[rows], at[rows] + later, ref=rows, **columns)


def _reasons(random: np.random.Generator, category: Integers, leaked: Flags) -> Integers:
    """Position in `REASONS` for each refund."""
    count = len(category)
    general, own = random.integers(0, len(phrases.REASONS), count), len(phrases.REASONS) + category.astype(np.int64)
    reasons: Integers = np.where(random.random(count) < _FITS_CATEGORY, own, general)
    return np.where(leaked, REASONS.index(phrases.LEAK_REASON), reasons)


def _failed_groups(orders: Orders) -> Integers:
    """Orders of group buys that did not find three people."""
    grouped = np.flatnonzero(orders.group >= 0)
    size = np.bincount(orders.group[grouped], minlength=1)
    failed = np.zeros(len(orders), np.bool_)
    failed[grouped] = size[orders.group[grouped]] < 3
    return failed


def _part(orders: Orders) -> Integers:
    """Money of a partial refund: the first of several lines, or half of a single one."""
    lines = np.bincount(orders.line_order, minlength=len(orders))
    first = orders.line_amount[orders.first_line]
    part: Integers = np.minimum(np.where(lines > 1, first, first // 20 * 10), orders.paid)
    return part
