"""Who is signed in during which visit: own devices remember, shared tablets change hands, guests stay unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import HOUR
from qianmian.world.devices import MINI_PROGRAM
from qianmian.world.goods import pick
from qianmian.world.scene import Scene
from qianmian.world.trace import (
    ANONYMOUS,
    DEVICE,
    EMAIL,
    NONE,
    PHONE,
    UNION,
    USER,
    Flags,
    Integers,
    Trace,
    flag,
    join_traces,
    make_trace,
)
from qianmian.world.visits import ORDINARY, OUTSIDE, PAST, Visits

SIGN_IN_RANK, PROFILE_RANK, SIGN_OUT_RANK, STRANGER_RANK = 0, 5, 60_000, 60_010
_SIGNS_OUT, _STRANGERS, _SIGNS_IN_AGAIN, _FILLS_PROFILE = 0.8, 0.4, 0.04, 0.7


def sign_in_visits(scene: Scene, visits: Visits, paying: Integers) -> tuple[Flags, Trace]:
    """Decide for each visit whether the visitor is signed in.

    On a device of one's own the first visits may come before the first sign-in, after which the client remembers.
    On a shared tablet everyone signs in, and most sign out. What strangers do between a sign-out and the next
    sign-in is nobody's. As many paying visits as planned are made as a guest.

    Returns:
        Whether each visit is signed in; and the events of signing, with ranks in place of instants.
    """
    random, devices = scene.random("signing"), scene.devices
    shared = (visits.device >= 0) & (devices.owner[visits.device] < 0)
    turn, last = _turns(visits.device, len(devices))
    waits = np.minimum(random.geometric(0.72, len(devices)) - 1, last)
    remembered = (visits.device >= 0) & (turn >= waits[visits.device])
    registered = scene.people.registered[visits.person]
    signed = registered & (shared | remembered | (visits.kind == PAST)) & (visits.kind != OUTSIDE)
    first_time = signed & ~shared & (turn == waits[visits.device]) & (visits.device >= 0)
    may_forget = signed & ~shared & ~first_time & (visits.device >= 0)
    wanted = scene.place.plan.guest_order_share * len(paying) - np.count_nonzero(~signed[paying])
    guests = random.permutation(paying[may_forget[paying]])[: max(0, round(wanted))]
    signed[guests] = False

    again = signed & (visits.kind == ORDINARY) & (random.random(len(visits)) < _SIGNS_IN_AGAIN)
    ins = np.flatnonzero(first_time | again | shared)
    signs_in = make_trace(
        events.SIGNED_IN,
        visits.person[ins],
        np.full(len(ins), SIGN_IN_RANK),
        visit=ins,
        code=random.integers(0, 1 << 16, len(ins)),
    )
    fills = np.flatnonzero(first_time & (random.random(len(visits)) < _FILLS_PROFILE))
    profiles = make_trace(events.PROFILE_UPDATED, visits.person[fills], np.full(len(fills), PROFILE_RANK), visit=fills)
    outs = np.flatnonzero(shared & (random.random(len(visits)) < _SIGNS_OUT))
    signs_out = make_trace(events.SIGNED_OUT, visits.person[outs], np.full(len(outs), SIGN_OUT_RANK), visit=outs)
    return signed, join_traces([signs_in, profiles, signs_out])


def strangers(scene: Scene, signing: Trace) -> Trace:
    """Looks at goods on a shared tablet after somebody signed out: nobody can know whose they are."""
    random = scene.random("strangers")
    outs = signing.take(signing.named(events.SIGNED_OUT))
    followed = np.flatnonzero(random.random(len(outs)) < _STRANGERS)
    looks = np.repeat(followed, random.integers(1, 4, len(followed)))
    return make_trace(
        events.PRODUCT_VIEWED,
        np.full(len(looks), NONE),
        np.full(len(looks), STRANGER_RANK),
        visit=outs.visit[looks],
        item=pick(random, scene.goods, random.integers(0, len(scene.goods.cell_start), len(looks))),
        code=random.integers(0, 1 << 16, len(looks)),
    )


def rebind_phones(scene: Scene) -> Trace:
    """Who gives up a number, and who takes it over, tells the shop the new number in the account settings."""
    people = scene.people
    takers = np.flatnonzero(people.takes_from >= 0)
    givers = people.takes_from[takers]
    person = np.concatenate([givers, takers])
    at = np.concatenate([people.gives_at[givers], people.takes_at[takers]]) + HOUR
    return from_own_device(scene, events.PROFILE_UPDATED, person, at, shown=PHONE)


def from_own_device(scene: Scene, name: str, person: Integers, at: Integers, **columns: Integers | int) -> Trace:
    """Events outside of any visit, from the first device of each person, signed in if the person can.

    Args:
        scene: the people with their devices.
        name: name in the tracking plan.
        person: who does it.
        at: when.
        **columns: other columns of the trace; `shown` adds identifiers to those that the client knows anyway.
    """
    people, devices = scene.people, scene.devices
    device = devices.first[person]
    shows = ANONYMOUS | flag(devices.has_id[device], DEVICE) | flag(people.registered[person], USER)
    shows |= flag(people.registered[person] & (devices.channel[device] == MINI_PROGRAM), UNION)
    return make_trace(
        name,
        person,
        at,
        device=device,
        channel=devices.channel[device],
        place=people.city_at(person, at),
        shows=shows | np.uint8(columns.pop("shown", 0)),
        **columns,
    )


def show_identifiers(scene: Scene, visits: Visits, signed: Flags, steps: Trace) -> Trace:
    """Give the steps of visits their device, channel and city, and the identifiers that the client knows then."""
    random, devices = scene.random("identifiers"), scene.devices
    device, channel = visits.device[steps.visit], visits.channel[steps.visit]
    known = signed[steps.visit] & (steps.person >= 0)
    shows = flag(device >= 0, ANONYMOUS) | flag((device >= 0) & devices.has_id[device], DEVICE) | flag(known, USER)
    shows |= flag(known & (channel == MINI_PROGRAM) & (device >= 0), UNION)
    drawn = random.random(len(steps))
    for name, guest, member, email in (
        (events.SIGNED_IN, 0.0, 0.7, 0.1),
        (events.PROFILE_UPDATED, 0.0, 0.9, 0.4),
        (events.ORDER_COMPLETED, 0.75, 0.4, 0.05),
    ):
        rows = steps.named(name)
        share = np.where(known[rows], member, guest)
        outside = visits.kind[steps.visit[rows]] == OUTSIDE
        shows[rows] |= flag((drawn[rows] < share) | outside, PHONE) | flag((1 - drawn[rows] < email) & ~outside, EMAIL)
    columns = {"device": device, "channel": channel, "place": visits.place[steps.visit], "shows": shows}
    return replace(steps, **columns)


def _turns(device: Integers, count: int) -> tuple[Integers, Integers]:
    """How many visits came before each one on its device; and the turn of each device's last visit."""
    order = np.argsort(device, kind="stable")
    visits = np.bincount(device + 1, minlength=count + 1)  # the first counts visits without a device
    turn = np.empty(len(device), np.int64)
    turn[order] = np.arange(len(device)) - np.repeat(np.cumsum(visits) - visits, visits)
    return turn, np.maximum(visits[1:] - 1, 0)
