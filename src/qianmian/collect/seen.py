"""Which events the lake may hold: a filter in memory, so that looking for repeats does not read the lake each time.

Of each event_key 52 bits are kept in four bytes: 20 of them say in which bucket the other 32 stand, in order. A key
that is not there was never seen; one that is there probably was, and is to be looked for in the lake. With 200 million
keys about one in twenty million is looked for in vain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numba
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from qianmian.collect.tables import EVENTS
from qianmian.lake.store import Lake

Keys = NDArray[np.int64]
_Shortened = NDArray[np.uint64]

_SHARD_BITS, _BUCKET_BITS, _KEPT_BITS = 8, 12, 32
_LOW_BITS = np.uint64((1 << _KEPT_BITS) - 1)
_FORGOTTEN_BITS = np.uint64(63 - _SHARD_BITS - _BUCKET_BITS - _KEPT_BITS)
_SHARDS = np.arange((1 << _SHARD_BITS) + 1, dtype=np.uint64) << np.uint64(_BUCKET_BITS + _KEPT_BITS)
_BUCKETS = np.arange((1 << _BUCKET_BITS) + 1, dtype=np.uint64) << np.uint64(_KEPT_BITS)
#: New keys wait whole until there are so many, and a share of all: merging goes through everything that is held.
_WAITING_SHARE, _FEWEST_MERGED = 32, 1_000_000
_ROWS_AT_ONCE = 1 << 20


class SeenKeys:
    """A set of event_keys that forgets eleven bits of each."""

    def __init__(self) -> None:
        """Nothing was seen."""
        self._shards = [_Shard() for _ in _SHARDS[1:]]
        self._waiting = np.empty(0, np.int64)
        self._merged = 0

    def add(self, keys: Keys) -> None:
        """Take keys in, in any order; those that are there already do no harm."""
        self._waiting = _two_runs(self._waiting, np.sort(keys))
        if len(self._waiting) >= max(_FEWEST_MERGED, self._merged // _WAITING_SHARE):
            new, self._waiting = _shortened(self._waiting), self._waiting[:0].copy()
            for shard, some in zip(self._shards, _by_shard(new), strict=True):
                shard.add(some)
            self._merged = sum(len(shard.kept) for shard in self._shards)

    def may_hold(self, keys: Keys) -> NDArray[np.bool_]:
        """Which of some keys may have been added; every key that was is among them."""
        order = np.argsort(keys)
        ascending = keys[order]
        parts = zip(self._shards, _by_shard(_shortened(ascending)), strict=True)
        found = np.concatenate([shard.may_hold(some) for shard, some in parts])
        if len(self._waiting):
            places = np.minimum(np.searchsorted(self._waiting, ascending), len(self._waiting) - 1)
            found |= self._waiting[places] == ascending
        answer = np.empty(len(keys), np.bool_)
        answer[order] = found
        return answer

    @property
    def nbytes(self) -> int:
        """Bytes of all that is held."""
        return self._waiting.nbytes + sum(shard.kept.nbytes + shard.starts.nbytes for shard in self._shards)


class SeenEvents:
    """The event_keys of a lake, kept up to date by the files that are new in it.

    Files that have left may be remembered: what the filter names is looked for in the lake anyway.
    """

    def __init__(self) -> None:
        """Nothing of the lake was read."""
        self._keys = SeenKeys()
        self._files: frozenset[str] = frozenset()

    def read(self, lake: Lake, now: datetime) -> None:
        """Take in the events of the files that came since the last time.

        Raises:
            DamagedTableError: a file is gone.
        """
        files = lake.files(lake.snapshot(instant=now), EVENTS.name)
        fresh = [file for file in files if file.path not in self._files]
        for path in lake.locations(EVENTS.name, fresh):
            with pq.ParquetFile(path) as opened:
                for batch in opened.iter_batches(batch_size=_ROWS_AT_ONCE, columns=["event_key"]):
                    self._keys.add(batch["event_key"].to_numpy())
        self._files = frozenset(file.path for file in files)

    def may_hold(self, keys: Keys) -> NDArray[np.bool_]:
        """Which of some event_keys may stand in the lake."""
        return self._keys.may_hold(keys)


@dataclass
class _Shard:
    """Shortened keys that begin alike: the end of each, ascending within its bucket, and where each bucket starts."""

    kept: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    starts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(len(_BUCKETS), np.uint32))

    def add(self, new: _Shortened) -> None:
        self.kept, self.starts = _merged(self.kept, self.starts, new & (_SHARDS[1] - 1))

    def may_hold(self, some: _Shortened) -> NDArray[np.bool_]:
        return np.asarray(_stand(self.kept, self.starts, some & (_SHARDS[1] - 1)))


def _shortened(keys: Keys) -> _Shortened:
    return keys.view(np.uint64) >> _FORGOTTEN_BITS


def _by_shard(ascending: _Shortened) -> list[_Shortened]:
    return np.split(ascending, np.searchsorted(ascending, _SHARDS[1:-1]))


def _two_runs(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Two ascending arrays as one; a stable sort of two runs is a merge."""
    return np.sort(np.concatenate([first, second]), kind="stable")


@numba.njit(cache=True, nogil=True)
def _merged(kept: Any, starts: Any, new: Any) -> Any:
    """Each bucket with what is new in it, in order and once."""
    merged, begins = np.empty(len(kept) + len(new), np.uint32), np.empty_like(starts)
    count = fresh = 0
    for bucket in range(len(starts) - 1):
        begins[bucket] = count
        old, end = np.int64(starts[bucket]), np.int64(starts[bucket + 1])
        while True:
            is_new = fresh < len(new) and np.int64(new[fresh] >> np.uint64(_KEPT_BITS)) == bucket
            if is_new and (old == end or np.uint32(new[fresh] & _LOW_BITS) <= kept[old]):
                value = np.uint32(new[fresh] & _LOW_BITS)
                fresh += 1
            elif old < end:
                value = kept[old]
                old += 1
            else:
                break
            if count == begins[bucket] or merged[count - 1] != value:
                merged[count] = value
                count += 1
    begins[-1] = count
    return merged[:count].copy(), begins


@numba.njit(cache=True, nogil=True)
def _stand(kept: Any, starts: Any, some: Any) -> Any:
    """Which of some keys stand in their bucket, by bisection."""
    found = np.empty(len(some), np.bool_)
    for index, key in enumerate(some):
        bucket, wanted = np.int64(key >> np.uint64(_KEPT_BITS)), np.uint32(key & _LOW_BITS)
        alike = kept[np.int64(starts[bucket]) : np.int64(starts[bucket + 1])]
        place = np.searchsorted(alike, wanted)
        found[index] = place < len(alike) and alike[place] == wanted
    return found
