"""Stock: the warehouse's daily report on the goods that sell best; it runs low before a festival."""

from __future__ import annotations

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Trace, make_trace

_REPORTED, _EVERY_DAYS = 8, 2
_REFILL_BELOW = 0.12


def report_stock(scene: Scene) -> Trace:
    """Pieces left of a few goods at six in the morning, as numbers of nobody."""
    random, calendar = scene.random("stock"), scene.calendar
    items = scene.goods.cell_start[:: max(len(scene.goods.cell_start) // _REPORTED, 1)][:_REPORTED]
    mornings = np.arange(calendar.start, calendar.end, _EVERY_DAYS * DAY) + 6 * HOUR
    pace = calendar.buying[calendar.day(mornings)]
    full = scene.goods.stock[items].astype(np.int64)
    left, reports = full.copy(), []
    for morning in range(len(mornings)):
        left = left - (full * 0.055 * pace[morning] * random.random(len(items))).astype(np.int64)
        left = np.where(left < full * _REFILL_BELOW * (pace[morning] < 1.2), full, np.maximum(left, 0))
        reports.append(left)
    rows = len(mornings) * len(items)
    return make_trace(
        events.STOCK_REPORTED,
        np.full(rows, NONE),
        np.repeat(mornings, len(items)),
        item=np.tile(items, len(mornings)),
        code=np.concatenate(reports),
    )
