"""What an item's code means today: its category, brand and price band, resolved at read from the goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qianmian.collect.goods import item_states
from qianmian.core import events
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.history.codes import WORDS_OF_ITEMS
from qianmian.unify.normal.words import Words

PRICE_BANDS = ("low", "mid", "high")
#: Of six hours each, from midnight on.
DAY_PARTS = ("night", "morning", "afternoon", "evening")
#: How much an event says about taste: a purchase more than a look; one that is not listed says as much as a look.
WEIGHT = {
    events.PRODUCT_VIEWED: 1.0,
    events.PRODUCT_FAVOURITED: 2.0,
    events.PRODUCT_ADDED: 3.0,
    events.ORDER_COMPLETED: 5.0,
}
#: All goods, those that nobody touched yet without a code: the words of a dimension are then the goods' alone, and
#: a partial that an earlier build kept as a code means the same until the goods change.
#: An item is what its latest row in the goods says, its words read as the cleaning rules read them. A price band is a
#: third of its category's items by price.
_BANDED = f"""
WITH stated AS (
    SELECT source, source || '/' || item_id AS text, arg_max(category_id, valid_from) AS category,
           arg_max(brand_id, valid_from) AS brand, arg_max(price, valid_from) AS price
    FROM ({item_states("category_id", "brand_id", "price", where="valid_from <= $now")}) GROUP BY ALL),
latest AS (
    SELECT text, nullif(coalesce(categories.word, category), '') AS category,
           nullif(coalesce(brands.word, brand), '') AS brand, price
    FROM stated
    LEFT JOIN (FROM normal_words WHERE field = 'category') AS categories
           ON categories.source = stated.source AND categories.raw = category
    LEFT JOIN (FROM normal_words WHERE field = 'brand') AS brands
           ON brands.source = stated.source AND brands.raw = brand),
banded AS (
    SELECT *, CASE WHEN price IS NULL THEN 0 ELSE
        1 + floor(3 * (rank() OVER (PARTITION BY category, price IS NULL ORDER BY price) - 1)
                  / count(*) OVER (PARTITION BY category, price IS NULL))::INTEGER END AS price_band
    FROM latest)
"""
_ITEMS = f"""{_BANDED}
SELECT code, category, brand, price_band
FROM banded LEFT JOIN (SELECT text, code FROM codes WHERE kind = 'item') USING (text) ORDER BY code
"""
#: The same whatever the order in which the rows come.
_DIGEST = f"""{_BANDED}
SELECT coalesce(bit_xor(md5_number_lower(to_json([text, category, brand, price_band::VARCHAR])::VARCHAR)), 0)::VARCHAR
FROM banded
"""


@dataclass(frozen=True)
class Dimension:
    """A property of rows that preferences are counted by.

    Attributes:
        column: the history column that leads to it.
        codes: for each value of that column, the code of the property; 0 = none.
        words: the property's words; ``words[code]``; the first is empty.
    """

    column: str
    codes: NDArray[np.int32]
    words: tuple[str | None, ...]


@dataclass(frozen=True)
class Dimensions:
    """All dimensions of a build, and the codes and weights of events.

    Attributes:
        by_name: the dimensions.
        event_codes: code of each event name.
        weight: what an event's code weighs.
        read_as: (field, word as it came) → the word that it is read as.
    """

    by_name: dict[str, Dimension]
    event_codes: dict[str, int]
    weight: NDArray[np.float64]
    read_as: dict[tuple[str, str], str]


def dimensions(connection: Connection, now: datetime) -> Dimensions:
    """Read the dimensions.

    Args:
        connection: has views of `codes`, `normal_words`, `items` and `item_changes`.
        now: the build's instant; goods that are valid only later do not count yet.
    """
    words = connection.execute("SELECT kind, code, text FROM codes").fetchall()
    goods = fetch(connection, _ITEMS, {"now": now}).to_pydict()
    most = max((code for kind, code, _ in words if kind == "item"), default=0)
    found: dict[str, Dimension] = {
        "category": _of_items(goods, "category", most),
        "brand": _of_items(goods, "brand", most),
        "price_band": Dimension("item", _spread(goods["code"], goods["price_band"], most), (None, *PRICE_BANDS)),
        "item": _items(words, most),
        "hour": Dimension("hour", np.arange(1, 25, dtype=np.int32), (None, *(str(hour) for hour in range(24)))),
        "day_part": Dimension("hour", np.arange(1, 5, dtype=np.int32).repeat(6), (None, *DAY_PARTS)),
    }
    for kind in ("device_type", "region", "channel"):
        named = {code: text for word_kind, code, text in words if word_kind == kind}
        size = max(named, default=0) + 1
        found[kind] = Dimension(kind, np.arange(size, dtype=np.int32), tuple(named.get(code) for code in range(size)))
    event_codes = {text: code for kind, code, text in words if kind == "event"}
    weight = np.ones(max(event_codes.values(), default=0) + 1)
    for name, worth in WEIGHT.items():
        if name in event_codes:
            weight[event_codes[name]] = worth
    read_as = connection.execute("SELECT field, raw, word FROM normal_words").fetchall()
    return Dimensions(found, event_codes, weight, {(field, raw): word for field, raw, word in read_as})


def goods_digest(connection: Connection, now: datetime, words: Words) -> str:
    """What dimensions are made of the goods, as a short text: a change of it changes what partials mean.

    Args:
        connection: has views of `items` and `item_changes`.
        now: the build's instant.
        words: how their words are read by the build to come.
    """
    connection.register("normal_words", words.table(connection.execute(WORDS_OF_ITEMS).fetchall()))
    return str(connection.execute(_DIGEST, {"now": now}).fetchall()[0][0])


def _items(words: list[tuple[str, int, str]], most: int) -> Dimension:
    """Each item by its own id, whichever source sells it."""
    named = {code: text.partition("/")[2] for kind, code, text in words if kind == "item"}
    return Dimension("item", np.arange(most + 1, dtype=np.int32), tuple(named.get(code) for code in range(most + 1)))


def _of_items(goods: dict[str, list[Any]], name: str, most: int) -> Dimension:
    words = sorted({word for word in goods[name] if word is not None})
    number = {word: code for code, word in enumerate(words, start=1)}
    codes = [number.get(word, 0) for word in goods[name]]
    return Dimension("item", _spread(goods["code"], codes, most), (None, *words))


def _spread(items: list[int | None], values: list[int], most: int) -> NDArray[np.int32]:
    out = np.zeros(most + 1, np.int32)
    for item, value in zip(items, values, strict=True):
        if item is not None:
            out[item] = value
    return out
