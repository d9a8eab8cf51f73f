"""The life of one neighbourhood, from its people to the log of what the shop saw.

Traits and the calendar come first; then what reaches people (posts, chats, offers, coupons, live rooms, invitations)
plans visits; visits become steps with goods; steps become orders; orders become reviews, refunds and tickets.
"""

from __future__ import annotations

import numpy as np

from qianmian.world.aftersales import follow_up
from qianmian.world.agenda import Agenda, visits_of
from qianmian.world.calendar import Calendar
from qianmian.world.chats import chat_events, gather
from qianmian.world.coupons import coupon_events, hand_out
from qianmian.world.dirt import push_twice, send, unleash_bots
from qianmian.world.fake_orders import brush
from qianmian.world.goods import Goods
from qianmian.world.group_buys import buy_in_groups, close_groups, group_steps, offer_events
from qianmian.world.invites import invite, invite_events, join_invites
from qianmian.world.journeys import travel
from qianmian.world.life import Life, Plans, orders_of
from qianmian.world.orders import settle, take_back
from qianmian.world.patterns import POST_SEARCH_GROUP, follow_patterns
from qianmian.world.plan import Neighbourhood
from qianmian.world.posts import publish, write_posts
from qianmian.world.presale import Presale, deposits, order_ahead
from qianmian.world.rooms import room_events, watch
from qianmian.world.scene import Scene, set_scene
from qianmian.world.shopping import VIEW_RANK, shop
from qianmian.world.signing import rebind_phones, show_identifiers, sign_in_visits, strangers
from qianmian.world.spread import spread
from qianmian.world.stock import report_stock
from qianmian.world.stories import leaking_serum, referral_ring
from qianmian.world.timing import set_the_clock
from qianmian.world.trace import Trace, join_traces
from qianmian.world.visits import plan_visits


def live(place: Neighbourhood, calendar: Calendar, goods: Goods) -> Life:
    """Let a neighbourhood live through the window."""
    scene = set_scene(place, calendar, goods)
    agenda = Agenda(scene)
    plans, presale, heard = make_plans(scene, agenda)
    visits = plan_visits(scene, agenda.visits())
    planned = visits_of(visits, len(agenda))
    shopping = shop(scene, visits)
    signed, signing = sign_in_visits(scene, visits, shopping.paying)
    paid_ahead, _ = deposits(scene, presale, shopping, planned)
    ring = referral_ring.steps(plans.invites, planned)
    inside = [shopping.steps, signing, strangers(scene, signing), paid_ahead, ring, *group_steps(visits, VIEW_RANK + 5)]
    visits, steps = set_the_clock(scene, visits, join_traces(inside))
    steps = show_identifiers(scene, visits, signed, steps)
    orders, used = settle(scene, shopping, visits, steps, plans.coupons)
    leaks = leaking_serum.leak(scene, orders.at, orders.line_order, orders.line_item)
    bought_live = orders_of(shopping, planned, plans.rooms.errand[plans.rooms.errand >= 0])
    orders, refunds = take_back(scene, orders, bought_live, leaks)
    around = [heard, used, refunds, follow_up(scene, orders, leaks), rebind_phones(scene), close_groups(scene, steps)]
    orders, brushed = brush(scene, orders)
    around += [brushed, leaking_serum.talk(scene, leaks, orders.person, plans.chats), report_stock(scene)]
    traces = join_traces([steps, *around, push_twice(scene, steps), unleash_bots(scene)])
    traces = traces.take(np.flatnonzero(traces.at < calendar.end))
    return Life(scene, plans, visits, planned, shopping, orders, leaks, send(scene, traces))


def make_plans(scene: Scene, agenda: Agenda) -> tuple[Plans, Presale, Trace]:
    """Let everything that moves people happen, and plan the visits that come of it.

    Returns:
        The plans; the presale, whose orders do not exist yet; and the events that happen outside of visits.
    """
    posts = write_posts(scene)
    exposures, talk = spread(scene, posts, agenda)
    pattern = follow_patterns(scene, posts, exposures, agenda)
    chats = gather(scene, agenda)
    journeys = travel(scene, agenda)
    eager = pattern.take(pattern.kind == POST_SEARCH_GROUP)
    groups = buy_in_groups(scene, agenda, (eager.person, eager.last_at, eager.item))
    coupons = hand_out(scene, agenda)
    presale = order_ahead(scene, agenda)
    leaking_serum.sell(scene, agenda)
    rooms = watch(scene, agenda)
    invites = join_invites([invite(scene), referral_ring.plant(scene, agenda)])
    paid_to = referral_ring.payees(scene, invites)
    heard = [
        publish(scene, posts),
        talk,
        chat_events(scene, chats),
        offer_events(scene, groups),
        coupon_events(coupons),
    ]
    heard += [room_events(scene, rooms), invite_events(scene, invites, paid_to)]
    return (
        Plans(posts, exposures, pattern, chats, journeys, groups, coupons, rooms, invites),
        presale,
        join_traces(heard),
    )
