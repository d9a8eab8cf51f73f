"""老带新里的薅羊毛: accounts at four devices invite each other, and two payees collect the rewards."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, SECOND
from qianmian.world.cast import RING_ACCOUNTS_A_DEVICE, RING_DEVICES, RING_PAYEES
from qianmian.world.invites import CAMPAIGN, Invites, no_invites
from qianmian.world.scene import Scene
from qianmian.world.stories.story import Story, number
from qianmian.world.trace import NONE, Integers, Trace, join_traces, make_trace
from qianmian.world.visits import LOOKING

STORY = Story(
    name="referral_ring",
    claim="the K-factor without the ring is found",
    measure="k_factor",
    unit="accepted invitations for each inviter",
)
_INVITE_RANK = 30


def plant(scene: Scene, agenda: Agenda) -> Invites:
    """Plan one visit for each account at its device: the first invites the others, they accept within the hour."""
    random, ring = scene.random("referral ring"), scene.cast.ring
    begin, end = scene.calendar.dates(*CAMPAIGN)
    if not len(ring) or end - begin < 2 * DAY:
        return no_invites()
    desk, turn = np.divmod(np.arange(len(ring)), RING_ACCOUNTS_A_DEVICE)
    night = random.integers(2, max((end - begin) // DAY - 2, 3), len(ring) // RING_ACCOUNTS_A_DEVICE)[desk]
    at = begin + night * DAY + HOUR + turn * 260 * SECOND + random.integers(0, 60, len(ring)) * SECOND
    device = scene.devices.shared[ring]
    visit = agenda.plan(ring, at, LOOKING, device=device)
    others = np.flatnonzero(turn > 0)
    first = others - turn[others]
    return Invites(
        ring[first],
        ring[others],
        at[first],
        np.ones(len(others), np.int64),
        at[others],
        np.ones(len(others), np.bool_),
        visit[first],
        visit[others],
    )


def steps(invites: Invites, planned: Integers) -> Trace:
    """What the ring does in its visits."""
    fake = np.flatnonzero(invites.visit >= 0)
    made = []
    for name, visit, person in (
        (events.INVITE_SENT, invites.visit[fake], invites.inviter[fake]),
        (events.INVITE_ACCEPTED, invites.accepting[fake], invites.invitee[fake]),
    ):
        rank = np.full(len(fake), _INVITE_RANK)
        made.append(make_trace(name, person, rank, visit=planned[visit], ref=fake))
    return join_traces(made)


def payees(scene: Scene, invites: Invites) -> Integers:
    """To which account each reward goes: everybody's own, but a ring's all to two."""
    own = invites.inviter.astype(np.int64) + len(scene.cast.ring)
    paid: Integers = np.where(invites.fake, _payee(scene, invites.inviter), own)
    return paid


def _payee(scene: Scene, account: Integers) -> Integers:
    """The payee of each account of a ring: the first devices of a ring pay to one, the others to the other."""
    desk = (account - scene.cast.ring[:1].sum()) // RING_ACCOUNTS_A_DEVICE
    payee: Integers = desk // RING_DEVICES * RING_PAYEES + desk % RING_PAYEES
    return payee


def truth(scene: Scene, invites: Invites) -> tuple[pa.Table, pa.Table]:
    """The accounts of the ring with device and payee; and K with and without it."""
    ring, first = scene.cast.ring, scene.place.first
    device = scene.devices.shared[ring]
    table = pa.table(
        {
            "person": ring.astype(np.int64) + first,
            "device_id": scene.contacts.device_ids.take(pa.array(device)),
            "payee": _payee(scene, ring.astype(np.int64)),
        }
    )
    accepted, fake = invites.accepted_at != NONE, invites.fake
    true = (int(np.count_nonzero(accepted & ~fake)), len(np.unique(invites.inviter[~fake])))
    careless = (int(np.count_nonzero(accepted)), len(np.unique(invites.inviter)))
    return table, number(STORY, true, careless)
