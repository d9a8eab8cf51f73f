"""Everything that happened in one neighbourhood, seen and unseen: what its events and its truth are written from."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.world.chats import Chats
from qianmian.world.coupons import Coupons
from qianmian.world.dirt import Sent
from qianmian.world.group_buys import GroupBuys
from qianmian.world.invites import Invites
from qianmian.world.journeys import Journeys
from qianmian.world.orders import Orders
from qianmian.world.patterns import Pattern
from qianmian.world.posts import Posts
from qianmian.world.rooms import Rooms
from qianmian.world.scene import Scene
from qianmian.world.shopping import Shopping
from qianmian.world.spread import Exposures
from qianmian.world.stories.leaking_serum import Leaks
from qianmian.world.trace import Integers
from qianmian.world.visits import Visits


@dataclass(frozen=True)
class Plans:
    """What was planned before anybody came: the causes of visits.

    Attributes:
        posts: what was posted.
        exposures: who saw which post, through whom, and what came of it.
        pattern: who followed the planted patterns.
        chats: chats and their members.
        journeys: stages of purchases.
        group_buys: group buys and to whom they were offered.
        coupons: coupons and their owners.
        rooms: live rooms and their viewers.
        invites: invitations.
    """

    posts: Posts
    exposures: Exposures
    pattern: Pattern
    chats: Chats
    journeys: Journeys
    group_buys: GroupBuys
    coupons: Coupons
    rooms: Rooms
    invites: Invites


@dataclass(frozen=True)
class Life:
    """What happened.

    Attributes:
        scene: where.
        plans: what was planned.
        visits: who came.
        planned: visit of each planned number; `NONE` = was never made.
        shopping: what the visits did with goods.
        orders: paid orders.
        leaks: orders of the leaking batch.
        sent: the events and their deliveries.
    """

    scene: Scene
    plans: Plans
    visits: Visits
    planned: Integers
    shopping: Shopping
    orders: Orders
    leaks: Leaks
    sent: Sent

    def orders_of(self, errands: Integers) -> Integers:
        """Number of the order that each planned visit ended in; `NONE` = none."""
        return orders_of(self.shopping, self.planned, errands)


def orders_of(shopping: Shopping, planned: Integers, errands: Integers) -> Integers:
    """Number of the order that each planned visit ended in; `NONE` = none, or no visit."""
    visit = planned[errands]
    number: Integers = shopping.order_of(visit)
    number[(errands < 0) | (visit < 0)] = -1
    return number
