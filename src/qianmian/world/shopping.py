"""What happens with goods in a visit: searches, looks, favourites, carts, and which visits end in an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.goods import pick
from qianmian.world.people import People, draw_cells
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers, Trace, join_traces, make_trace
from qianmian.world.visits import JOINING, OPENING, ORDINARY, OUTSIDE, Visits

# Ranks order the events of a visit; the clock is set later.
SEARCH_RANK, VIEW_RANK, CHECKOUT_RANK, ORDER_RANK = 50, 100, 8_990, 9_000
_VIEW_STEP, _MOST_VIEWS = 10, 60
_MEAN_VIEWS = 3.4
_SEARCHES, _FAVOURITES, _CARTS, _PAYS, _ABANDONS, _CANCELS = 0.35, 0.05, 0.11, 0.34, 0.2, 0.06
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
        offered: item of each group buy.
        unpaid: number of orders that were placed and never paid; they are numbered after the paid ones.
    """

    steps: Trace
    paying: Integers
    line_order: Integers
    line_item: Integers
    line_quantity: Integers
    offered: Integers
    unpaid: int


def shop(scene: Scene, visits: Visits) -> Shopping:
    """Let the visitors look, collect and buy."""
    random, people, calendar = scene.random("shopping"), scene.people, scene.calendar
    views, offered = _views(random, scene, visits)
    favourites = _some(random, views, events.PRODUCT_FAVOURITED, _FAVOURITES, 1)
    busy = np.bincount(visits.person, minlength=len(people))[visits.person] > _TOO_MANY_VISITS
    may_collect = (visits.kind == ORDINARY) & ~busy
    carts = _some(random, views.take(may_collect[views.visit]), events.PRODUCT_ADDED, _CARTS, 2)

    collected = np.unique(carts.visit)
    season = calendar.buying[calendar.day(visits.start[collected])]
    inclination = _PAYS * people.spending[visits.person[collected]] * season
    pays = random.random(len(collected)) < np.minimum(inclination, 0.9)
    decided = np.flatnonzero(visits.kind != ORDINARY)
    paying = np.union1d(collected[pays], decided)
    order_of_visit = np.full(len(visits), NONE)
    order_of_visit[paying] = np.arange(len(paying))
    grouped = views.take(np.flatnonzero(visits.group[views.visit] >= 0))
    picked = join_traces([carts.take(np.flatnonzero(order_of_visit[carts.visit] >= 0)), grouped])
    lines = _lines(random, scene, visits, picked, order_of_visit)
    left = collected[~pays]
    abandoned, cancelled, unpaid = _left_behind(random, visits, left, len(paying))
    steps = [_searches(random, people, visits), views, favourites, carts, abandoned, cancelled]
    return Shopping(join_traces([*steps, *_orders(visits, paying)]), paying, *lines, offered, unpaid)


def _views(random: np.random.Generator, scene: Scene, visits: Visits) -> tuple[Trace, Integers]:
    counts = np.minimum(random.geometric(1 / _MEAN_VIEWS, len(visits)), _MOST_VIEWS)
    counts[random.random(len(visits)) < 0.08] = 0  # some come only to talk
    counts[(visits.kind == OPENING) | (visits.kind == JOINING)] = 1
    counts[visits.kind >= OUTSIDE] = 0
    visit = np.repeat(np.arange(len(visits)), counts)
    turn = np.arange(len(visit)) - np.repeat(np.cumsum(counts) - counts, counts)
    person = visits.person[visit]
    item = pick(random, scene.goods, draw_cells(random, scene.people, person))
    group = visits.group[visit]
    opening = np.flatnonzero(visits.kind[visit] == OPENING)
    offered = np.zeros(int(visits.group.max(initial=-1)) + 1, np.int32)
    offered[group[opening]] = item[opening]
    grouped = np.flatnonzero(group >= 0)
    item[grouped] = offered[group[grouped]]
    views = make_trace(
        events.PRODUCT_VIEWED,
        person,
        VIEW_RANK + _VIEW_STEP * turn,
        visit=visit,
        item=item,
        code=random.integers(0, 1 << 16, len(visit)),
    )
    return views, offered


def _some(random: np.random.Generator, views: Trace, name: str, share: float, later: int) -> Trace:
    """A share of the looks leads to something with the same item."""
    chosen = views.take(np.flatnonzero(random.random(len(views)) < share))
    return make_trace(name, chosen.person, chosen.at + later, visit=chosen.visit, item=chosen.item)


def _searches(random: np.random.Generator, people: People, visits: Visits) -> Trace:
    visit = np.flatnonzero((visits.kind == ORDINARY) & (random.random(len(visits)) < _SEARCHES))
    person = visits.person[visit]
    category = draw_cells(random, people, person) // 9
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
