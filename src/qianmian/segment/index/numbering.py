"""The people of a build, numbered from 0 by ascending person_id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

#: More buckets than this do not fit into a cache.
_BUCKET_BITS = 20


@dataclass(frozen=True)
class Numbering:
    """Ids that are known, and where to look for one.

    Attributes:
        ids: ascending, each once; a person's number is the place here.
        starts: for the upper bits of an id the first place that it can have, and after them the end.
        shift: how many lower bits are left out there.
    """

    ids: Ids
    starts: NDArray[np.int32]
    shift: int

    @classmethod
    def of(cls, ids: Ids) -> Numbering:
        """Number some ids, each given once, in any order."""
        ids = np.sort(ids)
        span = int(ids[-1]) - int(ids[0]) if len(ids) else 0
        shift = max(0, span.bit_length() - min(_BUCKET_BITS, len(ids).bit_length()))
        buckets = (ids - ids[0]).view(np.uint64) >> np.uint64(shift) if len(ids) else np.empty(0, np.uint64)
        starts = np.searchsorted(buckets, np.arange((span >> shift) + 2, dtype=np.uint64)).astype(np.int32)
        return cls(ids, starts, shift)

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.ids.nbytes + self.starts.nbytes

    def of_ids(self, ids: Ids) -> NDArray[np.int64]:
        """The number of each id; -1 of who is not known."""
        found: NDArray[np.int64] = _places(self.ids, self.starts, np.uint64(self.shift), ids)
        return found


@numba.njit(cache=True, nogil=True)
def _places(ids: Any, starts: Any, shift: Any, asked: Any) -> Any:
    """Binary search among those with the same upper bits: of evenly spread ids that is a handful."""
    out = np.full(len(asked), -1, np.int64)
    if len(ids) == 0:
        return out
    for row in range(len(asked)):
        one = asked[row]
        if one < ids[0] or one > ids[-1]:
            continue
        bucket = np.int64(np.uint64(one - ids[0]) >> shift)
        low, high = starts[bucket], starts[bucket + 1]
        while low < high:
            middle = (low + high) // 2
            if ids[middle] < one:
                low = middle + 1
            else:
                high = middle
        if low < len(ids) and ids[low] == one:
            out[row] = low
    return out
