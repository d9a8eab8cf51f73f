"""Who receives a campaign and who is held out: decided by chance, the same whenever it is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TREATMENT, HOLDOUT = "treatment", "holdout"
ARMS = (TREATMENT, HOLDOUT)
#: People of one piece of a delivery.
PIECE = 500
_BITS = 53


def assign(people: Sequence[int] | NDArray[np.int64], salt: int, share: float) -> pa.Table:
    """The arm and the piece of each person.

    A person is held out if a hash of person_id and salt, as a number from 0 to 1, is below the share: so it depends on
    nobody else, and two campaigns with salts of their own hold out independently. The holdout has pieces of its own
    numbering, which are never delivered.

    Args:
        people: person_ids, each once.
        salt: of the campaign, 63 bits of chance.
        share: of people to hold out, from 0 to 1.

    Returns:
        ``person_id``, ``arm``, ``piece``; by person_id.
    """
    ids = np.sort(np.asarray(people, np.int64))
    held = chance(ids, salt) < share
    piece = np.where(held, np.cumsum(held) - 1, np.cumsum(~held) - 1) // PIECE + 1
    arm = pa.array(np.where(held, HOLDOUT, TREATMENT).tolist(), pa.string())
    return pa.table({"person_id": ids, "arm": arm, "piece": piece.astype(np.int32)})


def chance(ids: NDArray[np.int64], salt: int) -> NDArray[np.float64]:
    """A number from 0 up to 1 for each id, even and independent for each salt.

    It is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), taken twice with the salt between.
    """
    mixed = _mix(_mix(ids.astype(np.uint64)) ^ np.uint64(salt))
    return (mixed >> np.uint64(64 - _BITS)).astype(np.float64) / float(1 << _BITS)


def _mix(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    number = number + np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
