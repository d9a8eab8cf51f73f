"""What goes wrong between the act and the log: slips, wrong clocks, late and double sends, gaps, bots."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, SECOND
from qianmian.world.goods import pick
from qianmian.world.scene import Scene
from qianmian.world.trace import ANONYMOUS, EMAIL, NONE, PHONE, Flags, Integers, Trace, flag, make_trace

_BOT_LOOKS, _BOT_PACE = 120, 2 * SECOND
_MILLISECOND = SECOND // 1000
_PUSHED_TWICE = 0.01


@dataclass(frozen=True)
class Sent:
    """Events as they reach us, sorted by arrival; one entry a delivery.

    Attributes:
        events: every event once, as it truly happened; its position is its serial number.
        serial: serial number of each delivery.
        client_at: when it happened by the client's clock.
        sent_at: when it was sent by the client's clock.
        received_at: when we got it.
        slips: identifiers of each event, by serial number, that were mistyped, as flags of `trace`.
        late: whether each event, by serial number, arrives days later.
        repeated: whether each event, by serial number, is sent twice.
    """

    events: Trace
    serial: Integers
    client_at: Integers
    sent_at: Integers
    received_at: Integers
    slips: Integers
    late: Flags
    repeated: Flags


def push_twice(scene: Scene, traces: Trace) -> Trace:
    """A few paid orders are reported a second time, by the server, under a message of its own."""
    random = scene.random("double push")
    completed = traces.named(events.ORDER_COMPLETED)
    chosen = traces.take(completed[random.random(len(completed)) < _PUSHED_TWICE])
    return replace(chosen, at=chosen.at + SECOND)


def unleash_bots(scene: Scene) -> Trace:
    """Visitors that look at goods at a machine's pace; they are nobody."""
    random = scene.random("bots")
    bots = np.arange(scene.devices.bots, len(scene.devices))
    if not scene.place.plan.bot_share:
        bots = bots[:0]
    wanted = scene.place.plan.bot_share * scene.place.plan.events_per_person * scene.place.size
    looks = max(1, round(wanted / max(len(bots), 1)))
    device = np.repeat(bots, looks)
    span = scene.calendar.end - scene.calendar.start - looks * _BOT_PACE
    start = scene.calendar.start + random.integers(0, max(span, 1), len(bots))
    at = np.repeat(start, looks) + np.tile(np.arange(looks), len(bots)) * _BOT_PACE
    return make_trace(
        events.PRODUCT_VIEWED,
        np.full(len(device), NONE),
        at,
        device=device,
        channel=scene.devices.channel[device],
        shows=ANONYMOUS,
        item=pick(random, scene.goods, random.integers(0, len(scene.goods.cell_start), len(device))),
    )


def send(scene: Scene, traces: Trace) -> Sent:
    """Send the events over wrong clocks and bad lines."""
    random, plan = scene.random("sending"), scene.place.plan
    size = len(traces)
    traces = _lose_fields(random, traces, plan.missing_share)
    skew = np.where(traces.device >= 0, scene.devices.skew[traces.device], 0)
    late = (random.random(size) < plan.late_share) & (traces.device >= 0)
    waiting = np.where(late, DAY + (random.exponential(1.2, size) * DAY).astype(np.int64), 0)
    leaves = traces.at + waiting + random.integers(20, 400, size) * _MILLISECOND
    arrives = leaves + random.integers(30, 500, size) * _MILLISECOND
    repeated = random.random(size) < plan.duplicate_share
    again = np.flatnonzero(repeated)
    serial = np.concatenate([np.arange(size), again])
    retry = random.exponential(2 * 3_600, len(again)) * SECOND
    received = np.concatenate([arrives, arrives[again] + SECOND + retry.astype(np.int64)])
    order = np.argsort(received, kind="stable")
    serial = serial[order]
    return Sent(
        events=traces,
        serial=serial,
        client_at=(traces.at + skew)[serial],
        sent_at=(leaves + skew)[serial],
        received_at=received[order],
        slips=_slips(random, traces, plan.typo_share),
        late=late,
        repeated=repeated,
    )


def _slips(random: np.random.Generator, traces: Trace, share: float) -> Integers:
    size = len(traces)
    drawn = flag(random.random(size) < share, PHONE) | flag(random.random(size) < share, EMAIL)
    slips: Integers = drawn & traces.shows
    return slips


def _lose_fields(random: np.random.Generator, traces: Trace, share: float) -> Trace:
    lost = random.random(len(traces))
    return replace(
        traces,
        place=np.where(lost < share, NONE, traces.place).astype(np.int16),
        channel=np.where(1 - lost < share, NONE, traces.channel).astype(np.int8),
    )
