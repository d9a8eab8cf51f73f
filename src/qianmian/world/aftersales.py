"""What follows an order: delivery, reviews, surveys and calls for help."""

from __future__ import annotations

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR, SECOND, asleep, by_day
from qianmian.world.orders import Orders
from qianmian.world.reviews import DISPLEASED, LEAKED, PLEASED
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.stories.leaking_serum import Leaks
from qianmian.world.trace import NONE, USER, Integers, Trace, flag, join_traces, make_trace

_REVIEWED, _SURVEYED, _CONTACTED, _CALLS_WHEN_BACK = 0.35, 0.06, 0.05, 0.45
_DISPLEASED_ANYWAY, _CLOSED = 0.1, 0.93
#: 春节停发: what is ordered then waits until the carriers drive again.
_STANDSTILL = ((2, 12), (2, 24))


def follow_up(scene: Scene, orders: Orders, leaks: Leaks) -> Trace:
    """Deliveries, which name only the order; reviews, surveys and tickets of the buyers."""
    random = scene.random("aftersales")
    count, number = len(orders), np.arange(len(orders))
    arrives = by_day(orders.at + ((1 + 2.5 * random.random(count)) * DAY).astype(np.int64), random.random(count))
    stopped_from, stopped_until = scene.calendar.dates(*_STANDSTILL)
    stands = (arrives >= stopped_from) & (arrives < stopped_until)
    arrives = np.where(stands, stopped_until + (random.random(count) * 4 * DAY).astype(np.int64), arrives)
    arrives[leaks.order] = leaks.arrives_at
    inside = orders.at >= scene.calendar.start
    came = np.flatnonzero((random.random(count) < 0.9) & ~orders.stopped & inside)
    delivered = make_trace(
        events.ORDER_DELIVERED, orders.person[came], arrives[came], order=came, code=random.integers(0, 64, len(came))
    )
    complains = np.isin(number, leaks.order[leaks.complains])
    reviewers = np.flatnonzero(np.isin(number, came) & ((random.random(count) < _REVIEWED) | complains))
    wait = np.where(complains, random.gamma(2, 0.6, count), random.exponential(1.5, count))
    reviews = _answers(random, scene, orders, reviewers, arrives + (wait * DAY).astype(np.int64), events.REVIEW_WRITTEN)
    reviews.ref[complains[reviewers]] = LEAKED
    surveyed = came[random.random(len(came)) < _SURVEYED]
    surveys = _answers(random, scene, orders, surveyed, arrives + DAY, events.SURVEY_ANSWERED)
    tickets = _tickets(random, scene, orders, np.flatnonzero(inside), complains, arrives)
    everything = join_traces([delivered, reviews, surveys, *tickets])
    return everything.take(np.flatnonzero(everything.at < scene.calendar.end))


def _answers(
    random: np.random.Generator, scene: Scene, orders: Orders, order: Integers, at: Integers, name: str
) -> Trace:
    """Something that buyers say about an order, at their next usual moment; ``ref`` is the mood of it."""
    person = orders.person[order]
    displeased = (orders.refunded[order] > 0) | (random.random(len(order)) < _DISPLEASED_ANYWAY)
    return from_own_device(
        scene,
        name,
        person,
        scene.calendar.near(random, scene.people.chronotype[person], at[order] + HOUR),
        order=order if name != events.SURVEY_ANSWERED else NONE,
        item=orders.line_item[orders.first_line[order]],
        code=random.integers(0, 1 << 30, len(order)),
        ref=np.where(displeased, DISPLEASED, PLEASED),
    )


def _tickets(
    random: np.random.Generator, scene: Scene, orders: Orders, among: Integers, leaked: Integers, arrives: Integers
) -> tuple[Trace, Trace]:
    """Calls for help, each a ticket (工单) that is closed hours later."""
    back = orders.refunded[among] > 0
    share = np.where(leaked[among], 0.6, np.where(back, _CALLS_WHEN_BACK, _CONTACTED))
    order = among[random.random(len(among)) < share]
    since = np.where(leaked[order], arrives[order], orders.at[order]) + (
        random.exponential(1.2, len(order)) * DAY
    ).astype(np.int64)
    contacts = _answers(random, scene, orders, order, np.zeros(len(orders), np.int64), events.SERVICE_CONTACTED)
    contacts.at[:] = scene.calendar.near(random, scene.people.chronotype[contacts.person], since)
    contacts.via[:] = np.arange(len(order))
    contacts.ref[:] = np.where(leaked[order], LEAKED, contacts.ref)
    closed = np.flatnonzero(random.random(len(order)) < _CLOSED)
    at = contacts.at[closed] + random.gamma(1.1, 200 * 60, len(closed)).astype(np.int64) * SECOND + 180 * SECOND
    at = np.where(asleep(at), by_day(at + DAY // 4, random.random(len(closed))), at)
    minutes = (at - contacts.at[closed]) // (60 * SECOND)
    shows = flag(scene.people.registered[contacts.person[closed]], USER)
    closing = make_trace(
        events.TICKET_CLOSED,
        contacts.person[closed],
        at,
        order=order[closed],
        via=closed,
        code=minutes,
        shows=shows,
    )
    return contacts, closing
