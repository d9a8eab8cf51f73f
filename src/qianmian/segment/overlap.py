"""How some audiences overlap: of each combination, the people who are in just these of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qianmian.profile.reading import Reading
from qianmian.segment.audiences import Audience


def combinations(reading: Reading, audiences: Sequence[Audience]) -> NDArray[np.int64]:
    """How many people are in just which of some audiences.

    Returns:
        Shape (2 ** audiences): at a place, those who are in every audience whose bit is set there, and in no other;
        at 0 those who are in none.
    """
    found: NDArray[np.int64] | None = None
    for bit, one in enumerate(audiences):
        flags = one.flags(reading)
        codes = flags.astype(np.int64) << bit
        found = codes if found is None else found | codes
    return np.bincount(found if found is not None else np.empty(0, np.int64), minlength=1 << len(audiences))
