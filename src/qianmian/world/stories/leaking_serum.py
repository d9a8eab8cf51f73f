"""一批漏液的精华: a batch of one serum leaks; reviews and two chats say so days before the refunds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, by_day
from qianmian.world.chats import LEAK, Chats
from qianmian.world.goods import BEAUTY, CATEGORIES, Goods
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.stories.story import A_SUM, Story, number
from qianmian.world.trace import Flags, Integers, Trace

STORY = Story(
    name="leaking_serum",
    claim="the number of orders of the leaking batch is found",
    measure="leaking_orders",
    unit="orders",
)
BATCH = ((10, 8), (10, 20))
_EXTRA_BUYERS, _LEAKS, _REFUNDED, _COMPLAINS, _CHATS_THAT_TALK = 0.07, 0.6, 0.65, 0.7, 2
#: Days from the order to the parcel, and from there to the refund: reviews, a day after it, are five days ahead.
_ARRIVES, _REFUND_LAG = 2.0, 6.2


@dataclass(frozen=True)
class Leaks:
    """Orders of the leaking batch, by number of the order; sorted.

    Attributes:
        order: number of each order with a leaking bottle.
        arrives_at: when the parcel came.
        refund: whether it is refunded.
        refund_after: when.
        complains: whether a review says so.
    """

    order: Integers
    arrives_at: Integers
    refund: Flags
    refund_after: Integers
    complains: Flags

    def _where(self, orders: Integers) -> tuple[Integers, Flags]:
        where = np.minimum(np.searchsorted(self.order, orders), max(len(self.order) - 1, 0))
        return where, np.isin(orders, self.order)

    def refunded(self, orders: Integers) -> Flags:
        """Whether each order is refunded because it leaked."""
        where, leaks = self._where(orders)
        flags: Flags = leaks & self.refund[where] if len(self.order) else leaks
        return flags

    def refund_at(self, orders: Integers, otherwise: Integers) -> Integers:
        """When each order is refunded."""
        where, leaks = self._where(orders)
        return (
            np.where(leaks & self.refund[where], self.refund_after[where], otherwise) if len(self.order) else otherwise
        )


def serum(goods: Goods) -> int:
    """The item: the first serum of the shop, in the middle price band if there is one."""
    serums = np.flatnonzero((goods.category == BEAUTY) & (goods.thing == CATEGORIES[BEAUTY].things.index("精华液")))
    middle = serums[goods.band[serums] == 1]
    found = np.concatenate([middle, serums, np.flatnonzero(goods.category == BEAUTY)])
    return int(found[0])


def sell(scene: Scene, agenda: Agenda) -> None:
    """While the batch is on sale, more people than usual come for it."""
    random, people, calendar = scene.random("leaking serum"), scene.people, scene.calendar
    begin, end = calendar.dates(*BATCH)
    rate = _EXTRA_BUYERS * min(scene.pace, 1.0) * people.registered * np.where(people.category == BEAUTY, 2.5, 0.5)
    rate[scene.cast.machines] = 0
    person = np.flatnonzero(random.random(len(people)) < rate) if end - begin > 3 * DAY else np.zeros(0, np.int64)
    at = calendar.near(
        random, people.chronotype[person], begin + ((end - begin - DAY) * random.random(len(person))).astype(np.int64)
    )
    alive = scene.traits.alive(person, at)
    person, at = person[alive], at[alive]
    agenda.plan(person, at, wants=np.full(len(person), serum(scene.goods)))


def leak(scene: Scene, at: Integers, order_of_line: Integers, item_of_line: Integers) -> Leaks:
    """Draw which orders of the batch leak, who has the money back and who complains."""
    random = scene.random("leaks")
    begin, end = scene.calendar.dates(*BATCH)
    candidates = np.unique(order_of_line[item_of_line == serum(scene.goods)])
    candidates = candidates[(at[candidates] >= begin) & (at[candidates] < end)]
    order = candidates[random.random(len(candidates)) < _LEAKS]
    count = len(order)
    arrives_at = by_day(at[order] + (random.normal(_ARRIVES, 0.4, count) * DAY).astype(np.int64), random.random(count))
    refund_after = arrives_at + (random.normal(_REFUND_LAG, 0.8, count) * DAY).astype(np.int64)
    return Leaks(order, arrives_at, random.random(count) < _REFUNDED, refund_after, random.random(count) < _COMPLAINS)


def talk(scene: Scene, leaks: Leaks, buyer: Integers, chats: Chats) -> Trace:
    """Two chats begin to talk about it as soon as the first parcels are open."""
    random = scene.random("leak talk")
    lag = (random.gamma(2, 0.6, len(leaks.order)) * DAY).astype(np.int64) + HOUR
    at = leaks.arrives_at + lag
    rows = np.flatnonzero(leaks.complains & (at < scene.calendar.end))
    answers = np.repeat(rows, random.poisson(2.0, len(rows)))
    member = np.flatnonzero((chats.joined_at >= 0) & (chats.chat < _CHATS_THAT_TALK))
    if not len(member) or not len(rows):
        rows = answers = np.zeros(0, np.int64)
        member = np.zeros(1, np.int64)
    who = member[random.integers(0, len(member), len(answers))]
    when = at[answers] + (random.exponential(5, len(answers)) * HOUR).astype(np.int64)
    kept = (when < scene.calendar.end) & (when > chats.joined_at[who]) & scene.traits.alive(who, when)
    who, when = who[kept], when[kept]
    code = random.integers(0, 1 << 20, len(who)) * 4 + LEAK
    item = np.full(len(who), serum(scene.goods))
    return from_own_device(scene, events.CHAT_POSTED, who, when, ref=chats.chat[who], item=item, code=code)


def truth(scene: Scene, leaks: Leaks, order_ids: pa.Array, buyer: Integers) -> tuple[pa.Table, pa.Table]:
    """The orders of the batch with a leaking bottle; a careless count takes the refunds for them."""
    table = pa.table(
        {
            "order_id": order_ids.take(pa.array(leaks.order)),
            "person": buyer[leaks.order].astype(np.int64) + scene.place.first,
            "refunded": leaks.refund,
            "reviewed": leaks.complains,
        }
    )
    refunded = int(np.count_nonzero(leaks.refund & (leaks.refund_after < scene.calendar.end)))
    return table, number(STORY, (len(leaks.order), A_SUM), (refunded, A_SUM))
