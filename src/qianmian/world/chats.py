"""Chats (社群): who is in them, what is said at ten and at eight, and what belonging does to a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, SECOND, ZONE
from qianmian.world.goods import pick
from qianmian.world.people import GROUP_LEADER, draw_cells
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import NONE, Flags, Integers, Trace, join_traces
from qianmian.world.visits import ORDINARY

_CHATS_A_PERSON = 18 / 2_000
#: Chance to be a member before the window, to join by oneself within it, to join when invited.
_OLD_MEMBER, _JOINS, _ACCEPTS, _INVITED = 0.13, 0.12, 0.75, 0.5
_MEMBER_VISITS_A_WEEK = 0.5
_SPEAKS, _LEAVES, _HOST_DAYS = 0.012, 0.06, 0.45
#: What is said in a chat, as the lower part of a message's code.
OFFER, REPLY, LEAK = 0, 1, 2


@dataclass(frozen=True)
class Chats:
    """Chats of one neighbourhood, by person.

    Attributes:
        host: the host of each chat.
        chat: chat of each person, a member or not.
        invited_at: when the person was invited; `NONE` = not.
        joined_at: when the person joined; before the window for old members, `NONE` = never.
        asked: whether the person took part in the randomised invitation, on either side.
        helped: numbers of the visits that only belonging brings; who makes them stands in `helped_person`.
        helped_person: who makes them.
        helped_at: when.
    """

    host: Integers
    chat: Integers
    invited_at: Integers
    joined_at: Integers
    asked: Flags
    helped: Integers
    helped_person: Integers
    helped_at: Integers


def gather(scene: Scene, agenda: Agenda) -> Chats:
    """Found the chats, invite half of those outside at random, and let members come more often."""
    random, people, calendar = scene.random("chats"), scene.people, scene.calendar
    size = len(people)
    count = max(1, round(size * _CHATS_A_PERSON))
    leaders = np.flatnonzero(people.role == GROUP_LEADER)
    host = np.resize(leaders if len(leaders) else np.zeros(1, np.int64), count)
    chat = (scene.ties.community * np.int64(7_919)) % count  # a community meets in one chat
    able = people.registered & ~np.isin(np.arange(size), scene.cast.everybody)
    loyal = np.clip(1.6 - scene.traits.hazard / 0.03, 0.05, 1.6) * np.minimum(people.activity, 4)
    joined_at = np.where(able & (random.random(size) < _OLD_MEMBER * loyal), calendar.start - DAY, NONE)
    invitation, everybody = invitation_at(scene), np.arange(size)
    self_at = calendar.draw(random, people.chronotype)
    by_self = able & (joined_at < 0) & (random.random(size) < _JOINS * loyal) & scene.traits.alive(everybody, self_at)
    member_then = (joined_at >= 0) | (by_self & (self_at < invitation))
    asked = able & ~member_then & scene.traits.alive(everybody, np.full(size, invitation))
    invited = asked & (_balanced(random, asked) < _INVITED)
    accepts = invited & (random.random(size) < _ACCEPTS * np.minimum(0.4 + 0.6 * loyal, 1.6))
    accepted_at = calendar.near(random, people.chronotype, np.full(size, invitation))
    joined_at = np.where(by_self, self_at, joined_at)
    joined_at = np.where(accepts & ((joined_at < 0) | (joined_at > accepted_at)), accepted_at, joined_at)
    invited_at = np.where(invited & ((joined_at < 0) | (joined_at > invitation)), invitation, NONE)
    person, at = _helped_visits(random, scene, joined_at)
    helped = agenda.plan(person, at, ORDINARY)
    return Chats(host, chat, invited_at, joined_at, asked, helped, person, at)


def invitation_at(scene: Scene) -> int:
    """When the randomised invitation goes out: ten in the morning, on the eighth day after the holidays or early on."""
    begin, end = scene.calendar.dates((10, 8), (10, 8))
    if begin == end:
        begin = scene.calendar.start + (scene.calendar.end - scene.calendar.start) // 3 // DAY * DAY
    return begin + 10 * HOUR


def chat_events(scene: Scene, chats: Chats) -> Trace:
    """Invitations, joins and what is said."""
    random, calendar = scene.random("chat events"), scene.calendar
    invited = np.flatnonzero(chats.invited_at >= 0)
    joined = np.flatnonzero(chats.joined_at >= calendar.start)
    leaves = joined[random.random(len(joined)) < _LEAVES]
    left_at = chats.joined_at[leaves] + (random.exponential(9, len(leaves)) * DAY).astype(np.int64)
    jitter = random.integers(0, 600, len(invited)) * SECOND
    return join_traces(
        [
            from_own_device(
                scene, events.CHAT_INVITED, invited, chats.invited_at[invited] + jitter, ref=chats.chat[invited]
            ),
            from_own_device(
                scene, events.CHAT_JOINED, joined, chats.joined_at[joined] + 900 * SECOND, ref=chats.chat[joined]
            ),
            from_own_device(scene, events.CHAT_LEFT, leaves, left_at + HOUR, ref=chats.chat[leaves]),
            _offers(random, scene, chats),
            _replies(random, scene, chats),
        ]
    )


def _balanced(random: np.random.Generator, among: Flags) -> Integers:
    """A rank from 0 to 1 for each of some people, evenly spread: lots drawn without replacement."""
    rank = np.ones(len(among))
    rows = np.flatnonzero(among)
    rank[rows] = random.permutation(len(rows)) / max(len(rows), 1)
    return rank


def _helped_visits(random: np.random.Generator, scene: Scene, joined_at: Integers) -> tuple[Integers, Integers]:
    """Visits at ten and at eight that a member makes because of the chat, however tired of the shop."""
    member = np.flatnonzero(joined_at >= 0)
    calendar = scene.calendar
    since = np.maximum(joined_at[member], calendar.start)
    weeks = (calendar.end - since) / (7 * DAY)
    person = np.repeat(member, random.poisson(_MEMBER_VISITS_A_WEEK * weeks * scene.daily_pace))
    begin = np.maximum(joined_at[person], calendar.start)
    day = begin + ((calendar.end - begin) * random.random(len(person))).astype(np.int64)
    hour = np.where(random.random(len(person)) < 0.4, 10, 20)
    at = day - (day + ZONE) % DAY + hour * HOUR + (random.gamma(2, 12 * 60, len(person)) * SECOND).astype(np.int64)
    kept = at > begin
    return person[kept], at[kept]


def _offers(random: np.random.Generator, scene: Scene, chats: Chats) -> Trace:
    """The hosts' offers in the morning and in the evening."""
    calendar = scene.calendar
    days = (calendar.end - calendar.start) // DAY
    chat = np.repeat(
        np.arange(len(chats.host)), random.binomial(2 * days, _HOST_DAYS * scene.daily_pace, len(chats.host))
    )
    slot = random.integers(0, 2 * days, len(chat))
    at = (
        calendar.start
        + slot // 2 * DAY
        + np.where(slot % 2, 20, 10) * HOUR
        + random.integers(0, 900, len(chat)) * SECOND
    )
    person = chats.host[chat]
    item = pick(random, scene.goods, draw_cells(random, scene.people, person))
    code = random.integers(0, 1 << 20, len(chat)) * 4 + OFFER
    return from_own_device(scene, events.CHAT_POSTED, person, at, ref=chat, item=item, code=code)


def _replies(random: np.random.Generator, scene: Scene, chats: Chats) -> Trace:
    calendar = scene.calendar
    member = np.flatnonzero(chats.joined_at >= 0)
    days = (calendar.end - np.maximum(chats.joined_at[member], calendar.start)) / DAY
    person = np.repeat(member, random.poisson(_SPEAKS * days * scene.daily_pace))
    begin = np.maximum(chats.joined_at[person], calendar.start)
    day = begin + ((calendar.end - begin) * random.random(len(person))).astype(np.int64)
    at = calendar.near(random, scene.people.chronotype[person], day)
    code = random.integers(0, 1 << 20, len(person)) * 4 + REPLY
    return from_own_device(scene, events.CHAT_POSTED, person, at, ref=chats.chat[person], code=code)
