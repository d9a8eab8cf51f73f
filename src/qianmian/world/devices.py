"""What people hold in their hands: devices of their own, and the tablet that a home shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.agents import choose_agents
from qianmian.world.calendar import DAY, HOUR, SECOND
from qianmian.world.people import People
from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import NONE, Flags, Integers

CHANNELS = ("app", "mini_program", "web", "store", "taobao", "jd", "pinduoduo")
APP, MINI_PROGRAM, WEB, STORE, TAOBAO = 0, 1, 2, 3, 4
DEVICE_TYPES = ("ios", "android", "desktop", "tablet", "pos")
IOS, ANDROID, DESKTOP, TABLET, POS = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Devices:
    """Devices of one neighbourhood: each person's own stand together, then the shared ones, then the bots'.

    Attributes:
        owner: the person; `NONE` for a shared device or a bot's.
        kind: position in `DEVICE_TYPES`.
        channel: position in `CHANNELS`.
        agent: what it says of itself, as position in `AGENTS`; `NONE` for what is no browser.
        skew: what its clock is ahead of the truth, in microseconds.
        first: first device of each person.
        count: number of each person's own devices.
        shared: the shared device of each person's home; `NONE` = no such home.
        bots: first device of a bot.
    """

    owner: Integers
    kind: Integers
    channel: Integers
    agent: Integers
    skew: Integers
    first: Integers
    count: Integers
    shared: Integers
    bots: int

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def has_id(self) -> Flags:
        """Whether the client can read an id of the device; a browser cannot."""
        known: Flags = self.channel != WEB
        return known


def make_devices(place: Neighbourhood, people: People) -> Devices:
    """Hand out the devices: one or more to each person, a tablet to each home, a browser to each bot."""
    random, size = place.random("devices"), place.size
    count = _count_own(random, place, people)
    homes = int(people.home.max()) + 1
    own, bots = int(count.sum()), max(1, round(size * place.plan.bot_share / 5))
    owner = np.concatenate([np.repeat(np.arange(size), count), np.full(homes + bots, NONE)]).astype(np.int32)
    first = np.cumsum(count) - count
    later = np.arange(own) - first[owner[:own]]
    phone = np.where(random.random(own) < 0.38, IOS, ANDROID)
    kind = np.where(later == 1, np.where(random.random(own) < 0.6, DESKTOP, phone), phone)
    app = np.where(random.random(own) < 0.42, APP, MINI_PROGRAM)
    channel = np.where(kind == DESKTOP, WEB, app)
    channels = np.concatenate([channel, np.full(homes, APP), np.full(bots, WEB)]).astype(np.int8)
    return Devices(
        owner=owner,
        kind=np.concatenate([kind, np.full(homes, TABLET), np.full(bots, DESKTOP)]).astype(np.int8),
        channel=channels,
        agent=choose_agents(place, channels == WEB, own + homes),
        skew=_skew(random, own + homes + bots, place.plan.skewed_share),
        first=first,
        count=count,
        shared=np.where(people.home >= 0, people.home + own, NONE),
        bots=own + homes,
    )


def _count_own(random: np.random.Generator, place: Neighbourhood, people: People) -> Integers:
    """Own devices of each person: one, or two or three for exactly the planned share of people."""
    size = place.size
    keen = people.activity * random.exponential(1, size) * people.registered
    chosen = np.argsort(-keen, kind="stable")[: round(size * place.plan.multi_device_share)]
    count = np.ones(size, np.int64)
    count[chosen] = np.where(random.random(len(chosen)) < 0.2, 3, 2)
    count[~people.registered] = 1
    return count


def _skew(random: np.random.Generator, count: int, share: float) -> Integers:
    """Minutes, hours or days of error for a few clocks."""
    size = np.array([7 * 60 * SECOND, 3 * HOUR, 40 * DAY, 400 * DAY])[random.integers(0, 4, count)]
    wrong = random.random(count) < share
    skew: Integers = np.where(wrong, (size * random.uniform(-1, 1, count)).astype(np.int64), 0)
    return skew
