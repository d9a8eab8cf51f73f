"""What happens with goods in a visit: searches, looks, favourites, carts, and which visits end in an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.goods import pick
from qianmian.world.people import People, draw_cells
from qianmian.world.scene import Scene
from qianmian.world.stories import checkout_fault
from qianmian.world.stories.checkout_fault import Faults
from qianmian.world.trace import NONE, Integers, Trace, join_traces, make_trace
from qianmian.world.visits import ERRAND, LOOKING, OPENING, ORDINARY, OUTSIDE, Visits

# Ranks order the events of a visit; the clock is set later.
SEARCH_RANK, VIEW_RANK, CHECKOUT_RANK, ORDER_RANK = 50, 100, 8_990, 9_000
_VIEW_STEP, _MOST_VIEWS = 10, 60
_MEAN_VIEWS = 3.4
_SEARCHES, _FAVOURITES, _CARTS, _PAYS, _ABANDONS, _CANCELS = 0.35, 0.05, 0.097, 0.155, 0.2, 0.06
_DECIDES_BY_CART, _DECIDES_BY_FAVOURITE = 0.7, 0.4
#: Somebody with more visits than this is a machine or a trade buyer, and puts nothing in a cart.
_TOO_MANY_VISITS = 500


@dataclass(frozen=True)
class Shopping:
    """What the visits did with goods.

    Attributes:
        steps: events, with their rank in place of an instant.
        paying: the visits that end in a paid order; the position here is the order's number.
        line_order: order of each line, ascending.
        line_item: item of each line.
        line_quantity: pieces of each line.
        faults: payments that failed.
        lost_cents: money in the cart of each failed payment.
        unpaid: number of orders that were placed and never paid; they are numbered after the paid ones.
        visitors: the visitor of each visit.
    """

    steps: Trace
    paying: Integers
    line_order: Integers
    line_item: Integers
    line_quantity: Integers
    faults: Faults
    lost_cents: Integers
    unpaid: int
    visitors: Integers

    def order_of(self, visit: Integers) -> Integers:
        """Number of the order that each visit ended in; `NONE` = none."""
        number = np.full(len(self.visitors), NONE)
        number[self.paying] = np.arange(len(self.paying))
        return number[visit]


def shop(scene: Scene, visits: Visits) -> Shopping:
    """Let the visitors look, collect and buy."""
    random, people, calendar = scene.random("shopping"), scene.people, scene.calendar
    views = _views(random, scene, visits)
    favourites = _favourites(random, views, visits)
    busy = np.bincount(visits.person, minlength=len(people))[visits.person] > _TOO_MANY_VISITS
    may_collect = (visits.kind == ORDINARY) & ~busy
    carts = _carts(random, scene, views, may_collect, visits)

    collected = np.unique(carts.visit)
    collected = collected[visits.kind[collected] == ORDINARY]
    season = calendar.buying[calendar.day(visits.start[collected])]
    inclination = _PAYS * people.spending[visits.person[collected]] * season
    pays = random.random(len(collected)) < np.minimum(inclination, 0.9)
    decided = np.flatnonzero(visits.kind >= OPENING)
    wanting = np.union1d(collected[pays], decided)
    faults = checkout_fault.strike(random, scene, visits, wanting)
    paying = np.setdiff1d(wanting, faults.visit[faults.lost])
    order_of_visit = np.full(len(visits), NONE)
    order_of_visit[paying] = np.arange(len(paying))
    grouped = views.take(np.flatnonzero(visits.group[views.visit] >= 0))
    picked = join_traces([carts.take(np.flatnonzero(order_of_visit[carts.visit] >= 0)), grouped])
    lines = _lines(random, scene, visits, picked, order_of_visit)
    left = collected[~pays]
    abandoned, cancelled, unpaid = _left_behind(random, visits, left, len(paying))
    steps = [_searches(random, people, visits), views, favourites, carts, abandoned, cancelled]
    steps += [*_orders(visits, paying), *_failures(visits, faults)]
    lost = _in_the_cart(scene, visits, carts, faults)
    return Shopping(join_traces(steps), paying, *lines, faults, lost, unpaid, visits.person)


def _views(random: np.random.Generator, scene: Scene, visits: Visits) -> Trace:
    counts = np.minimum(random.geometric(1 / _MEAN_VIEWS, len(visits)), _MOST_VIEWS)
    counts[random.random(len(visits)) < 0.08] = 0  # some come only to talk
    counts[(visits.kind == LOOKING) & (counts == 0)] = 1
    counts[(visits.kind >= OPENING) & (visits.kind <= ERRAND)] = 1
    counts[visits.kind >= OUTSIDE] = 0
    visit = np.repeat(np.arange(len(visits)), counts)
    turn = np.arange(len(visit)) - np.repeat(np.cumsum(counts) - counts, counts)
    person = visits.person[visit]
    item = pick(random, scene.goods, draw_cells(random, scene.people, person, visits.focus[visit]))
    wanted = (visits.wants[visit] >= 0) & (turn == 0)
    return make_trace(
        events.PRODUCT_VIEWED,
        person,
        VIEW_RANK + _VIEW_STEP * turn,
        visit=visit,
        item=np.where(wanted, visits.wants[visit], item),
        code=random.integers(0, 1 << 16, len(visit)),
    )


def _favourites(random: np.random.Generator, views: Trace, visits: Visits) -> Trace:
    """A share of the looks, and most of those that decide a journey, keep the item for later."""
    deciding = (visits.kind[views.visit] == LOOKING) & (views.item == visits.wants[views.visit])
    chosen = views.take(
        np.flatnonzero(random.random(len(views)) < np.where(deciding, _DECIDES_BY_FAVOURITE, _FAVOURITES))
    )
    return make_trace(events.PRODUCT_FAVOURITED, chosen.person, chosen.at + 1, visit=chosen.visit, item=chosen.item)


def _carts(random: np.random.Generator, scene: Scene, views: Trace, may_collect: Integers, visits: Visits) -> Trace:
    """A share of the looks, and every errand, puts the item into the cart."""
    by_chance = may_collect[views.visit] & (random.random(len(views)) < _CARTS)
    deciding = (visits.kind[views.visit] == LOOKING) & (views.item == visits.wants[views.visit])
    deciding &= random.random(len(views)) < _DECIDES_BY_CART
    chosen = views.take(np.flatnonzero(by_chance | deciding | (visits.kind[views.visit] == ERRAND)))
    return make_trace(events.PRODUCT_ADDED, chosen.person, chosen.at + 2, visit=chosen.visit, item=chosen.item)


def _searches(random: np.random.Generator, people: People, visits: Visits) -> Trace:
    drawn = random.random(len(visits)) < _SEARCHES
    visit = np.flatnonzero(((visits.kind == ORDINARY) & drawn) | ((visits.kind == LOOKING) & (visits.focus >= 0)))
    person = visits.person[visit]
    category = draw_cells(random, people, person, visits.focus[visit]) // 9
    code = category.astype(np.int32) * 1_000 + random.integers(0, 1_000, len(visit))
    rank = np.full(len(visit), SEARCH_RANK)
    return make_trace(events.PRODUCTS_SEARCHED, person, rank, visit=visit, code=code)


def _orders(visits: Visits, paying: Integers) -> tuple[Trace, Trace]:
    number = np.arange(len(paying))
    person = visits.person[paying]
    online = np.flatnonzero(visits.kind[paying] < OUTSIDE)
    checkout = make_trace(
        events.CHECKOUT_STARTED,
        person[online],
        np.full(len(online), CHECKOUT_RANK),
        visit=paying[online],
        order=number[online],
    )
    rank = np.full(len(paying), ORDER_RANK)
    group = visits.group[paying]
    return checkout, make_trace(events.ORDER_COMPLETED, person, rank, visit=paying, order=number, ref=group)


def _failures(visits: Visits, faults: Faults) -> tuple[Trace, Trace]:
    """Payments that failed; where the order is lost, the checkout is all that it left."""
    visit, lost = faults.visit, faults.visit[faults.lost]
    failed = make_trace(
        events.PAYMENT_FAILED,
        visits.person[visit],
        np.full(len(visit), CHECKOUT_RANK + 4),
        visit=visit,
        code=np.where(faults.struck, 0, 1 + visit % 3),
    )
    rank = np.full(len(lost), CHECKOUT_RANK)
    return failed, make_trace(events.CHECKOUT_STARTED, visits.person[lost], rank, visit=lost)


def _in_the_cart(scene: Scene, visits: Visits, carts: Trace, faults: Faults) -> Integers:
    """Money in the cart of each payment that failed, in cents at the prices of the day."""
    day = scene.calendar.day(visits.start[carts.visit])
    cents = scene.goods.cents[carts.item] * scene.calendar.price[day] // 10 * 10
    money: Integers = np.bincount(carts.visit, cents, len(visits)).astype(np.int64)[faults.visit]
    return money


def _left_behind(
    random: np.random.Generator, visits: Visits, left: Integers, first_number: int
) -> tuple[Trace, Trace, int]:
    """Carts that reach the checkout and stop there; a few orders are cancelled before they are paid."""
    stops = left[random.random(len(left)) < _ABANDONS]
    rank = np.full(len(stops), CHECKOUT_RANK)
    abandoned = make_trace(events.CHECKOUT_STARTED, visits.person[stops], rank, visit=stops)
    cancels = left[random.random(len(left)) < _CANCELS]
    cancelled = make_trace(
        events.ORDER_CANCELLED,
        visits.person[cancels],
        np.full(len(cancels), ORDER_RANK),
        visit=cancels,
        order=first_number + np.arange(len(cancels)),
        code=random.integers(0, 1 << 16, len(cancels)),
    )
    return abandoned, cancelled, len(cancels)


def _lines(
    random: np.random.Generator, scene: Scene, visits: Visits, picked: Trace, order_of_visit: Integers
) -> tuple[Integers, Integers, Integers]:
    """Order, item and quantity of each line: what was in the cart, the group's item, or what a till sold."""
    sold = np.flatnonzero(visits.kind >= OUTSIDE)
    sold = np.repeat(sold, random.integers(1, 4, len(sold)))
    sold_item = pick(random, scene.goods, draw_cells(random, scene.people, visits.person[sold]))
    visit = np.concatenate([picked.visit, sold])
    item = np.concatenate([picked.item, sold_item])
    order = order_of_visit[visit]
    sorting = np.argsort(order, kind="stable")
    quantity = np.where(random.random(len(order)) < 0.82, 1, random.integers(2, 4, len(order)))
    trade = random.random(len(order)) < 1 / 2_500  # a company buys for all of its people
    quantity = np.where(trade, quantity * random.integers(20, 90, len(order)), quantity)
    return order[sorting], item[sorting], quantity
