"""Fission (老带新): a campaign in which people invite friends, who invite friends."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import NONE, USER, Flags, Integers, Trace, join_traces, make_trace

CAMPAIGN = ((10, 5), (10, 25))
_SEEDS, _MORE_INVITES, _ACCEPTS, _GOES_ON = 0.044, 1.2, 0.29, 0.8
_GENERATIONS = 5
REWARD_CENTS = 1_000


@dataclass(frozen=True)
class Invites:
    """Invitations of one neighbourhood; every array has one entry an invitation.

    Attributes:
        inviter: who invited.
        invitee: who was invited.
        at: when.
        generation: 1 = by somebody whom nobody had invited.
        accepted_at: when it was accepted; `NONE` = never.
        fake: whether a ring invited itself.
        visit: number of the planned visit in which it was sent; `NONE` = outside of a visit.
        accepting: number of the planned visit in which it was accepted; `NONE` = outside of a visit.
    """

    inviter: Integers
    invitee: Integers
    at: Integers
    generation: Integers
    accepted_at: Integers
    fake: Flags
    visit: Integers
    accepting: Integers

    def __len__(self) -> int:
        return len(self.inviter)

    def take(self, rows: Integers) -> Invites:
        """The invitations at these positions."""
        return Invites(*(getattr(self, field.name)[rows] for field in fields(self)))


def no_invites() -> Invites:
    """No invitation at all."""
    none = np.zeros(0, np.int64)
    return Invites(none, none, none, none, none, none.astype(np.bool_), none, none)


def join_invites(parts: list[Invites]) -> Invites:
    """All invitations of several parts."""
    return Invites(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Invites)))


def invite(scene: Scene) -> Invites:
    """Let the campaign run, generation by generation."""
    random, people, calendar = scene.random("invites"), scene.people, scene.calendar
    begin, end = calendar.dates(*CAMPAIGN)
    if end - begin < 2 * DAY:  # a short world has a campaign too
        begin, end = calendar.start, calendar.end - DAY
    able = people.registered & ~np.isin(np.arange(len(people)), scene.cast.everybody)
    chance = _SEEDS * min(scene.pace, 1.0) * np.minimum(people.voice, 4)
    inviter = np.flatnonzero(able & (random.random(len(people)) < chance))
    since = begin + ((end - begin) * 0.8 * random.random(len(inviter))).astype(np.int64)
    reached = np.zeros(len(people), np.bool_)
    reached[inviter] = True
    made = []
    for generation in range(1, _GENERATIONS + 1):
        sent = _send(random, scene, inviter, since, generation, end)
        accepted = np.flatnonzero(sent.accepted_at >= 0)
        fresh = ~reached[sent.invitee[accepted]] & able[sent.invitee[accepted]]
        sent.accepted_at[accepted[~fresh]] = NONE
        accepted = accepted[fresh]
        reached[sent.invitee[accepted]] = True
        made.append(sent)
        goes_on = accepted[random.random(len(accepted)) < _GOES_ON]
        inviter, since = sent.invitee[goes_on], sent.accepted_at[goes_on]
    return join_invites(made)


def _send(
    random: np.random.Generator, scene: Scene, inviter: Integers, since: Integers, generation: int, end: int
) -> Invites:
    """Each one invites a few friends, no friend twice; some of them accept within three days."""
    row = np.repeat(np.arange(len(inviter)), 1 + random.poisson(_MORE_INVITES, len(inviter)))
    invitee = scene.ties.friends.draw(random, inviter[row])
    chronotype = scene.people.chronotype
    at = scene.calendar.near(random, chronotype[inviter[row]], since[row])
    pairs = inviter[row].astype(np.int64) * len(scene.people) + invitee
    _, first = np.unique(pairs, return_index=True)
    kept = first[(invitee[first] >= 0) & (at[first] < end)]
    row, invitee, at = row[kept], invitee[kept], at[kept]
    wait = (random.random(len(row)) * 2 * DAY).astype(np.int64) + HOUR // 6
    when = scene.calendar.near(random, chronotype[invitee], at + wait)
    _, earliest = np.unique(invitee, return_index=True)
    only = np.zeros(len(row), np.bool_)
    only[earliest] = True  # of several invitations one is accepted
    accepts = only & (random.random(len(row)) < _ACCEPTS) & (when < scene.calendar.end - HOUR)
    accepts &= scene.traits.alive(invitee, when)
    nothing = np.full(len(row), NONE)
    return Invites(
        inviter[row],
        invitee,
        at,
        np.full(len(row), generation),
        np.where(accepts, when, NONE),
        np.zeros(len(row), np.bool_),
        nothing,
        nothing,
    )


def invite_events(scene: Scene, invites: Invites, payee: Integers) -> Trace:
    """Invitations sent and accepted outside of visits, and the rewards.

    Args:
        scene: where it happens.
        invites: all invitations.
        payee: number of the account that the reward of each invitation is paid to.
    """
    number = np.arange(len(invites))
    sent, accepted = invites.visit < 0, (invites.accepted_at >= 0) & (invites.accepting < 0)
    paid = invites.accepted_at >= 0
    at = invites.accepted_at[paid] + DAY
    reward = make_trace(
        events.REWARD_GRANTED,
        invites.inviter[paid],
        at,
        shows=USER,
        ref=number[paid],
        money=REWARD_CENTS,
        via=payee[paid],
    )
    return join_traces(
        [
            from_own_device(scene, events.INVITE_SENT, invites.inviter[sent], invites.at[sent], ref=number[sent]),
            from_own_device(
                scene,
                events.INVITE_ACCEPTED,
                invites.invitee[accepted],
                invites.accepted_at[accepted],
                ref=number[accepted],
            ),
            reward.take(np.flatnonzero(at < scene.calendar.end)),
        ]
    )
