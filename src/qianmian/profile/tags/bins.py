"""Classes into which the values of tags fall so that they can be counted part by part, kept, and compared.

A word is its own class. A whole number below `EXACT` is its own; any other number, and the age of a date in days, falls
into a class whose borders grow by `GROWTH`, so that a quantile told from the classes is about (`GROWTH` − 1) / 2 off,
in proportion (DDSketch: Masson, Rim, Lee 2019).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from qianmian.core.tables import Type
from qianmian.profile.tags.declare import Tag

#: A larger size is told as `SIZES` and the power of `GROWTH` that it does not exceed.
EXACT, GROWTH, SIZES = 100, 1.05, 10_000
#: Powers are cut off there: below half a millionth, and above any amount of money.
_LEAST, _MOST = -300, 900
#: Of words that nobody declared, the commonest are told, and none that fewer people have.
MOST_WORDS, LEAST_NAMED = 20, 5
WHOLE = (Type.INTEGER, Type.DATE, Type.INSTANT)
DATES = (Type.DATE, Type.INSTANT)


def is_sized(tag: Tag) -> bool:
    """Whether the classes of a tag are sizes, not words."""
    return tag.type in WHOLE or tag.type in (Type.NUMBER, Type.MONEY)


def classes(tag: Tag, values: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The class of each value, null for none.

    Args:
        tag: the definition.
        values: its values; of a date or instant, how many days ago it was.
    """
    if not is_sized(tag):
        return values.cast(pa.string())
    number = pc.fill_null(values.cast(pa.float64()), 0.0).to_numpy()
    found = _sizes(number)
    if tag.type in WHOLE:
        found = np.where(np.abs(number) < EXACT, number, found)
    return pa.array(found.astype(np.int64), mask=values.is_null().to_numpy())


def _sizes(number: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        power = np.ceil(np.log(np.abs(number)) / np.log(GROWTH) - 1e-9)
    return np.where(number == 0, 0, np.sign(number) * (SIZES + np.clip(power, _LEAST, _MOST)))


def told_bins(tag: Tag, counted: Mapping[str, int]) -> dict[str, int]:
    """The classes that are kept by name: sizes in their order, words the commonest first.

    A word that nobody declared and that fewer than `LEAST_NAMED` people have could be somebody's; it is not named.
    """
    if is_sized(tag):
        return {name: counted[name] for name in sorted(counted, key=value_of)}
    named = [name for name in counted if name in tag.values or counted[name] >= LEAST_NAMED]
    most = max(MOST_WORDS, len(tag.values))
    return {name: counted[name] for name in sorted(named, key=lambda name: (-counted[name], name))[:most]}


def value_of(name: str) -> float:
    """The number that stands for a class of sizes.

    >>> value_of("7"), round(value_of(str(SIZES + 100)), 2), round(value_of(str(-SIZES - 100)), 2)
    (7.0, 128.29, -128.29)
    """
    number = int(name)
    if abs(number) < EXACT:
        return float(number)
    size = float(2 * GROWTH ** (abs(number) - SIZES) / (1 + GROWTH))
    return size if number > 0 else -size


def class_of(number: float) -> str:
    """The class of a whole size.

    >>> class_of(7.0), class_of(value_of("10100"))
    ('7', '10100')
    """
    if abs(number) < EXACT:
        return str(round(number))
    return str(int(np.sign(number) * (SIZES + np.ceil(np.log(abs(number)) / np.log(GROWTH) - 1e-9))))


def quantiles(bins: Mapping[str, int], shares: Sequence[float]) -> list[float]:
    """The sizes at or below which some shares of the people lie, told from their classes; none of nobody.

    >>> quantiles({"1": 3, "5": 1}, [0.5, 1])
    [1.0, 5.0]
    """
    ordered = sorted((value_of(name), people) for name, people in bins.items())
    every = sum(people for _, people in ordered)
    return [_at(ordered, share * (every - 1)) for share in shares] if every else []


def _at(ordered: Iterable[tuple[float, int]], rank: float) -> Any:
    below, last = 0, 0.0
    for value, people in ordered:
        below, last = below + people, value
        if below > rank:
            break
    return last
