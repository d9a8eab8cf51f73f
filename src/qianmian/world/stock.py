"""Stock: the warehouse's report on the goods that sell best, which runs low before a festival; and what was counted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR, SECOND, midnight
from qianmian.world.goods import CATEGORIES, CELLS_A_CATEGORY, Goods, item_id
from qianmian.world.plan import WorldPlan
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Floats, Integers, Trace, make_trace

_REPORTED, _EVERY_DAYS = 8, 2
_REFILL_BELOW = 0.12
#: Days that a stock lasts at the end of the window, and how many items have it so: none left, short, fair, too much.
_LASTS_DAYS, _LASTS_SHARE = ((0, 0), (1, 12), (15, 170), (200, 600)), (0.05, 0.12, 0.55, 0.28)
_REFILL_WEEKS, _DELISTED = 4, 0.04
#: What a person buys a day, on average.
_PIECES_A_DAY = 0.025


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


def write_stock(goods: Goods, plan: WorldPlan, file: Path) -> None:
    """Write ``stock.csv``: what was counted of each item week by week, and what went off sale at last.

    What sells well is counted low more often; what nobody wants lies long. None of it changes what people do.
    """
    random = np.random.default_rng([plan.seed, 0x57C])
    pace = _pace(goods, plan)
    left = np.ceil(pace * random.uniform(*np.array(_LASTS_DAYS)[_kinds(random, len(pace))].T))
    delisted = (random.random(len(pace)) < _DELISTED) & (pace < np.median(pace))
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("item_id", "counted_at", "stock", "is_delisted"))
        for week, at in _counts(plan):
            told = datetime.fromtimestamp(at // SECOND, UTC).isoformat().replace("+00:00", "Z")
            counted = left + np.ceil(pace * 7 * (week % _REFILL_WEEKS))
            for item, pieces in enumerate(counted.astype(np.int64).tolist()):
                rows.writerow((item_id(item), told, pieces, str(bool(delisted[item] and not week)).lower()))


def _counts(plan: WorldPlan) -> Iterator[tuple[int, int]]:
    """When the shop counts: as it opens, then once a week; each with the number of weeks before the end."""
    days = plan.days + plan.history_days
    yield days // 7, midnight(plan.last_on - timedelta(days=days - 1))
    for week in range((days - 2) // 7, -1, -1):
        yield week, midnight(plan.last_on - timedelta(days=7 * week)) + 6 * HOUR


def _kinds(random: np.random.Generator, count: int) -> Integers:
    return np.asarray(random.choice(len(_LASTS_DAYS), count, p=_LASTS_SHARE), np.int64)


def _pace(goods: Goods, plan: WorldPlan) -> Floats:
    """Pieces of each item that a day sells, about: `pick` takes the first of a cell most often."""
    place = np.arange(len(goods.cents)) - np.repeat(goods.cell_start, goods.cell_size)
    size = np.repeat(goods.cell_size, goods.cell_size)
    share = np.array([category.share for category in CATEGORIES])[goods.category] / CELLS_A_CATEGORY
    pace: Floats = plan.people * _PIECES_A_DAY * share * (np.sqrt((place + 1) / size) - np.sqrt(place / size))
    return pace
