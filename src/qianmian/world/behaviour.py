"""The life of one neighbourhood, from its people to the log of what the shop saw."""

from __future__ import annotations

import numpy as np

from qianmian.world.aftersales import follow_up
from qianmian.world.calendar import Calendar
from qianmian.world.dirt import push_twice, send, unleash_bots
from qianmian.world.goods import Goods
from qianmian.world.orders import settle, take_back
from qianmian.world.plan import Neighbourhood
from qianmian.world.render import Log
from qianmian.world.scene import set_scene
from qianmian.world.shopping import shop
from qianmian.world.signing import rebind_phones, show_identifiers, sign_in_visits, strangers
from qianmian.world.social import accept_invites, fill_groups, find_targets, socialise
from qianmian.world.timing import set_the_clock
from qianmian.world.trace import join_traces
from qianmian.world.visits import plan_visits


def live(place: Neighbourhood, calendar: Calendar, goods: Goods) -> Log:
    """Let a neighbourhood live through the window."""
    scene = set_scene(place, calendar, goods)
    visits = plan_visits(scene)
    shopping = shop(scene, visits)
    signed, signing = sign_in_visits(scene, visits, shopping.paying)
    social = socialise(scene, visits, signed, shopping.offered)
    steps = join_traces([shopping.steps, signing, strangers(scene, signing), social])
    visits, steps = set_the_clock(scene, visits, steps)
    steps = find_targets(scene, show_identifiers(scene, visits, signed, steps))
    orders, coupons = settle(scene, shopping, visits, steps)
    orders, refunds = take_back(scene, orders)
    around = [coupons, refunds, follow_up(scene, orders), rebind_phones(scene), fill_groups(scene, steps)]
    traces = join_traces([steps, *around, accept_invites(scene, steps), push_twice(scene, steps), unleash_bots(scene)])
    traces = traces.take(np.flatnonzero(traces.at < calendar.end))
    return Log(scene, orders, send(scene, traces))
