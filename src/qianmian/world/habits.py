"""What a person is likeliest to do, reckoned from the chances by which the world lets them do it; nothing is drawn.

======== =====================================================================================================
term     definition
======== =====================================================================================================
hours    the three hours of the local day in which most visits of the person's rhythm begin, the likeliest first
day_part of night (0–5), morning (6–11), afternoon (12–17), evening (18–23) the one in which most visits begin
device   the type, and the channel, that has most of the visits: the first own device has 65 of 100, each further
         one 65 of 100 of the rest, and a home's tablet takes 30 of 100 from them
brands   the three brands that most of the looks fall on, the likeliest first; a brand of several categories is one
faithful share of the looks that fall on the preferred brand
price    mean list price of what is looked at, in yuan: by category, brand and price band
======== =====================================================================================================

What a cause brings (a post, a coupon, a chat) comes on top, by its own chances.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.calendar import Calendar
from qianmian.world.devices import CHANNELS, DEVICE_TYPES, Devices
from qianmian.world.glyphs import coded
from qianmian.world.goods import BANDS, BRAND_NAMES, BRANDS_A_CATEGORY, Goods
from qianmian.world.people import OWN_BAND, OWN_BRAND, People, interests
from qianmian.world.scene import Scene
from qianmian.world.trace import Floats, Integers
from qianmian.world.visits import AT_HOME, FAVOURITE

#: Ways to live, in the order of `calendar`.
RHYTHMS = ("commuter", "lunch_break", "night_owl", "mother")
DAY_PARTS = ("night", "morning", "afternoon", "evening")
LIKELIEST = 3
_BRANDS, _NUMBER_OF_BRAND = np.unique(np.array(BRAND_NAMES), return_inverse=True)


def habits(scene: Scene) -> pa.Table:
    """``habits``: one row a person."""
    people = scene.people
    hours = hour_shares(scene.calendar)[people.chronotype]
    types, channels = device_shares(scene.devices)
    cells = brand_cells(people)
    brands = np.zeros((len(people), len(_BRANDS)))
    np.add.at(brands, (np.arange(len(people))[:, None], _NUMBER_OF_BRAND[None, :]), cells)
    preferred = _NUMBER_OF_BRAND[people.category.astype(np.int64) * BRANDS_A_CATEGORY + people.brand]
    return pa.table(
        {
            "person": np.arange(len(people), dtype=np.int64) + scene.place.first,
            "rhythm": coded(RHYTHMS, people.chronotype),
            "hours": _likeliest(hours, [str(hour) for hour in range(24)]),
            "day_part": coded(DAY_PARTS, hours.reshape(len(people), len(DAY_PARTS), -1).sum(axis=2).argmax(axis=1)),
            "device_type": coded(DEVICE_TYPES, types.argmax(axis=1)),
            "channel": coded(CHANNELS, channels.argmax(axis=1)),
            "brands": _likeliest(brands, _BRANDS.tolist()),
            "faithful": brands[np.arange(len(people)), preferred],
            "price": mean_prices(people, scene.goods, cells),
            "spending": people.spending,
            "voice": people.voice,
        }
    )


def hour_shares(calendar: Calendar) -> Floats:
    """Share of the visits that begin in each hour of the local day; one row a rhythm."""
    half_hours = np.diff(calendar.hours, axis=1, prepend=0.0)
    shares: Floats = half_hours.reshape(len(half_hours), 24, 2).sum(axis=2)
    return shares


def device_shares(devices: Devices) -> tuple[Floats, Floats]:
    """Share of each person's everyday visits by type of device, and by channel; one row a person."""
    size = len(devices.first)
    types, channels = np.zeros((size, len(DEVICE_TYPES))), np.zeros((size, len(CHANNELS)))

    def add(person: Integers, device: Integers, share: Floats) -> None:
        np.add.at(types, (person, devices.kind[device]), share)
        np.add.at(channels, (person, devices.channel[device]), share)

    at_home = np.where(devices.shared >= 0, AT_HOME, 0.0)
    for turn in range(int(devices.count.max(initial=0))):
        person = np.flatnonzero(devices.count > turn)
        is_last = turn == devices.count[person] - 1
        share = (1 - FAVOURITE) ** turn * np.where(is_last, 1.0, FAVOURITE)
        add(person, devices.first[person] + turn, share * (1 - at_home[person]))
    sharing = np.flatnonzero(devices.shared >= 0)
    add(sharing, devices.shared[sharing], at_home[sharing])
    return types, channels


def brand_cells(people: People) -> Floats:
    """Share of each person's everyday looks by category and brand, in the order of `goods.BRAND_NAMES`."""
    by_category = interests(people)
    cells: Floats = np.repeat(by_category / BRANDS_A_CATEGORY, BRANDS_A_CATEGORY, axis=1)
    everybody, mine = np.arange(len(people)), people.category.astype(np.int64)
    of_mine = by_category[everybody, mine]
    for brand in range(BRANDS_A_CATEGORY):
        cells[everybody, mine * BRANDS_A_CATEGORY + brand] = of_mine * (1 - OWN_BRAND) / BRANDS_A_CATEGORY
    cells[everybody, mine * BRANDS_A_CATEGORY + people.brand] += of_mine * OWN_BRAND
    return cells


def mean_prices(people: People, goods: Goods, cells: Floats) -> Floats:
    """Mean list price of each person's everyday looks, in yuan; within a cell the popular items are looked at more."""
    cell = np.repeat(np.arange(len(goods.cell_size)), goods.cell_size)
    place = np.arange(len(cell)) - goods.cell_start[cell]
    share = ((place + 1) / goods.cell_size[cell]) ** 0.5 - (place / goods.cell_size[cell]) ** 0.5
    yuan = np.bincount(cell, goods.cents / 100 * share, len(goods.cell_size)).reshape(-1, len(BANDS))
    bands = np.full((len(people), len(BANDS)), (1 - OWN_BAND) / len(BANDS))
    bands[np.arange(len(people)), people.band] += OWN_BAND
    prices: Floats = ((cells @ yuan) * bands).sum(axis=1)
    return prices


def _likeliest(shares: Floats, words: list[str]) -> pa.Array:
    """The words with the largest shares of each row, the largest first."""
    order = np.argsort(-shares, axis=1, kind="stable")[:, :LIKELIEST]
    values = pa.array(words).take(pa.array(order.reshape(-1)))
    return pa.FixedSizeListArray.from_arrays(values, LIKELIEST)
