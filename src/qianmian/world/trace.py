"""Events while they are numbers: columns of one length, turned into text only when they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from qianmian.core.events import TRACKING_PLAN

Integers = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Stands for "none" in every integer column.
NONE = -1
CODES = {name: code for code, name in enumerate(TRACKING_PLAN)}

# What an event shows of the identifiers that the world knows.
USER, ANONYMOUS, DEVICE, PHONE, EMAIL, UNION = 1, 2, 4, 8, 16, 32

_TYPES: dict[str, tuple[type, int]] = {
    "kind": (np.int8, NONE),
    "person": (np.int32, NONE),
    "visit": (np.int32, NONE),
    "at": (np.int64, 0),
    "device": (np.int32, NONE),
    "shows": (np.uint8, 0),
    "place": (np.int16, NONE),
    "channel": (np.int8, NONE),
    "item": (np.int32, NONE),
    "order": (np.int32, NONE),
    "money": (np.int64, NONE),
    "coupon": (np.int32, NONE),
    "code": (np.int32, 0),
    "ref": (np.int64, NONE),
    "via": (np.int32, NONE),
}


@dataclass(frozen=True)
class Trace:
    """Events of one neighbourhood; every column has one entry an event, `NONE` for nothing.

    Attributes:
        kind: position of the name in the tracking plan.
        person: who did it, by number within the neighbourhood.
        visit: the visit it belongs to.
        at: true instant, microseconds since 1970; a rank within the visit until the visit is timed.
        device: device it came from.
        shows: identifiers that the client sent with it, a set of flags.
        place: city that the client states.
        channel: position in `devices.CHANNELS`.
        item: the one item that it is about.
        order: number of the order.
        money: money that it declares, in cents.
        coupon: number of the coupon.
        code: choice among the variants of the properties.
        ref: number of a post, group, chat, refund, live room or other person.
        via: number of the share, segment or invitation that it came through.
    """

    kind: Integers
    person: Integers
    visit: Integers
    at: Integers
    device: Integers
    shows: Integers
    place: Integers
    channel: Integers
    item: Integers
    order: Integers
    money: Integers
    coupon: Integers
    code: Integers
    ref: Integers
    via: Integers

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows: Integers) -> Trace:
        """The events at these positions, or where a mask is true."""
        return Trace(*(getattr(self, field.name)[rows] for field in fields(self)))

    def named(self, name: str) -> Integers:
        """Positions of the events of that name."""
        return np.flatnonzero(self.kind == CODES[name])


def make_trace(name: str, person: Integers, at: Integers, **columns: Integers | int) -> Trace:
    """Events of one name; columns that are not given hold nothing.

    Args:
        name: name in the tracking plan.
        person: who did it.
        at: instant, or rank within the visit.
        **columns: other columns of `Trace`, each an array or one value for all.
    """
    given: dict[str, Integers | int] = {"kind": CODES[name], "person": person, "at": at, **columns}
    size = len(person)
    filled: dict[str, Integers] = {}
    for column, (kind, nothing) in _TYPES.items():
        value = given.pop(column, nothing)
        filled[column] = np.full(size, value, kind) if np.ndim(value) == 0 else np.asarray(value).astype(kind)
    if given:
        raise TypeError(f"no such columns: {', '.join(given)}")
    return Trace(**filled)


def join_traces(traces: Sequence[Trace]) -> Trace:
    """All events of several traces, one after the other."""
    return Trace(*(np.concatenate([getattr(trace, field.name) for trace in traces]) for field in fields(Trace)))


def flag(condition: Integers, shown: int) -> Integers:
    """`shown` where the condition holds, else no flag."""
    flags: Integers = np.where(condition, np.uint8(shown), np.uint8(0))
    return flags
