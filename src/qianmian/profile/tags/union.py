"""The union of what all tags need: each condition once, as one bit; each partial once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Condition, Partial

#: Bits of the mask that a row gets; the sign bit stays free.
MOST_CONDITIONS = 63


@dataclass(frozen=True)
class Union:
    """Needs of a set of tags, each once, in order of first use.

    Attributes:
        conditions: a condition's index is its bit.
        partials: what is folded.
    """

    conditions: tuple[Condition, ...]
    partials: tuple[Partial, ...]

    def bit(self, condition: Condition) -> int:
        """The bit of a condition."""
        return self.conditions.index(condition)

    @property
    def windows(self) -> tuple[int, ...]:
        """The windows that are used, ascending, in days."""
        return tuple(sorted({c.window_days for c in self.conditions if c.window_days is not None}))


def union(tags: Iterable[Tag]) -> Union:
    """Collect what the tags need.

    Raises:
        ValueError: two conditions share a name but differ, or there are more than `MOST_CONDITIONS`.
    """
    partials = dict.fromkeys(partial for tag in tags for partial in tag.needs)
    conditions = dict.fromkeys(partial.condition for partial in partials)
    names = [condition.name for condition in conditions]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"conditions must have different names; got {', '.join(sorted(twice))} twice.")
    if len(names) > MOST_CONDITIONS:
        raise ValueError(f"tags must need at most {MOST_CONDITIONS} conditions; got {len(names)}.")
    return Union(tuple(conditions), tuple(partials))


@dataclass(frozen=True)
class Masks:
    """Which conditions each value of a column leaves possible: a row's mask is the AND of three look-ups.

    Attributes:
        by_event: mask for each event code.
        by_age: mask for each age in days since the row happened, and since its money counts; the last entry stands
            for all that is older.
        by_line: mask for line 0, and for all further lines.
    """

    by_event: NDArray[np.int64]
    by_age: NDArray[np.int64]
    by_line: NDArray[np.int64]


def masks(needs: Union, event_codes: dict[str, int]) -> Masks:
    """Compile the conditions to look-up tables.

    Args:
        needs: the conditions.
        event_codes: code of each event name that history knows.
    """
    by_event = np.zeros(max(event_codes.values(), default=0) + 1, np.int64)
    by_age = np.zeros((2, max(needs.windows, default=0) + 1), np.int64)
    by_line = np.zeros(2, np.int64)
    for bit, condition in enumerate(needs.conditions):
        one = np.int64(1) << np.int64(bit)
        for name, code in event_codes.items():
            if not condition.events or name in condition.events:
                by_event[code] |= one
        by_age[int(condition.as_money), : condition.window_days] |= one
        by_line[: 2 if condition.lines else 1] |= one
    return Masks(by_event, by_age, by_line)
