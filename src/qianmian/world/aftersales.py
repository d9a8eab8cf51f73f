"""What follows an order: delivery, reviews, surveys and calls for help."""

from __future__ import annotations

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.orders import Orders
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import NONE, Integers, Trace, join_traces, make_trace

_REVIEWED, _SURVEYED, _CONTACTED = 0.35, 0.06, 0.05


def follow_up(scene: Scene, orders: Orders) -> Trace:
    """Deliveries, which name only the order; reviews, surveys and service contacts of the buyers."""
    random = scene.random("aftersales")
    count = len(orders)
    arrives = orders.at + ((1.5 + 2.5 * random.random(count)) * DAY).astype(np.int64)
    unhappy = orders.refunded > 0
    came = np.flatnonzero((random.random(count) < 0.9) & ~orders.stopped & (orders.at >= scene.calendar.start))
    delivered = make_trace(
        events.ORDER_DELIVERED, orders.person[came], arrives[came], order=came, code=random.integers(0, 64, len(came))
    )
    followed = [
        _answers(random, scene, orders, came[random.random(len(came)) < share], arrives, name)
        for name, share in ((events.REVIEW_WRITTEN, _REVIEWED), (events.SURVEY_ANSWERED, _SURVEYED))
    ]
    calls = np.flatnonzero(random.random(count) < np.where(unhappy, 0.5, _CONTACTED))
    calls = calls[orders.at[calls] >= scene.calendar.start]
    contacts = _answers(random, scene, orders, calls, orders.at + DAY, events.SERVICE_CONTACTED)
    everything = join_traces([delivered, *followed, contacts])
    return everything.take(np.flatnonzero(everything.at < scene.calendar.end))


def _answers(
    random: np.random.Generator, scene: Scene, orders: Orders, order: Integers, since: Integers, name: str
) -> Trace:
    """Something that buyers say about an order; ``ref`` is 1 if they are unhappy."""
    at = since[order] + HOUR + (random.exponential(1.5, len(order)) * DAY).astype(np.int64)
    unhappy = (orders.refunded[order] > 0) | (random.random(len(order)) < 0.1)
    return from_own_device(
        scene,
        name,
        orders.person[order],
        at,
        order=order if name != events.SURVEY_ANSWERED else NONE,
        item=orders.line_item[orders.first_line[order]],
        code=random.integers(0, 1 << 30, len(order)),
        ref=unhappy.astype(np.int64),
    )
