"""The clock of the visits: ranks become instants, and a shared tablet is in one pair of hands at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qianmian.world.calendar import SECOND
from qianmian.world.devices import Devices
from qianmian.world.scene import Scene
from qianmian.world.signing import SIGN_OUT_RANK
from qianmian.world.trace import Integers, Trace
from qianmian.world.visits import Visits

_SHORTEST_GAP, _MEAN_GAP, _MEAN_ABSENCE = 4 * SECOND, 24 * SECOND, 400 * SECOND
_BETWEEN_VISITS = 60 * SECOND


def set_the_clock(scene: Scene, visits: Visits, steps: Trace) -> tuple[Visits, Trace]:
    """Turn the steps' ranks into instants; the last visits end with the window.

    Returns:
        The visits with their final beginnings; and the steps, sorted by visit and time.
    """
    random = scene.random("clock")
    order = np.argsort(steps.visit.astype(np.int64) << 20 | steps.at, kind="stable")
    steps = steps.take(order)
    begins = np.flatnonzero(np.diff(steps.visit, prepend=-1))
    gap = _SHORTEST_GAP + (random.exponential(1, len(steps)) * _MEAN_GAP).astype(np.int64)
    gap = np.where(steps.at > SIGN_OUT_RANK, gap + _MEAN_ABSENCE, gap)
    gap[begins] = 0
    passed = np.cumsum(gap)
    size = np.diff(begins, append=len(steps))
    offset = passed - np.repeat(passed[begins], size)
    length = np.zeros(len(visits), np.int64)
    length[steps.visit[begins]] = offset[begins + size - 1]
    visits = replace(visits, start=_take_turns(visits, length, scene.devices))
    at = np.minimum(visits.start[steps.visit] + offset, scene.calendar.end - SECOND)
    return visits, replace(steps, at=at)


def _take_turns(visits: Visits, length: Integers, devices: Devices) -> Integers:
    """Beginnings of the visits, so that no two overlap on a shared device."""
    shared = np.flatnonzero((visits.device >= 0) & (devices.owner[visits.device] < 0))
    start = visits.start.copy()
    if not len(shared):
        return start
    order = shared[np.lexsort((visits.start[shared], visits.device[shared]))]
    device = visits.device[order].astype(np.int64)
    busy = length[order] + _BETWEEN_VISITS
    before = np.cumsum(busy) - busy
    # One running maximum serves all devices: each device's times are lifted above those of the device before.
    lift = (device - device[0]) * np.int64(2 * (np.ptp(visits.start) + busy.sum()) + 1)
    start[order] = np.maximum.accumulate(visits.start[order] - before + lift) + before - lift
    return start
