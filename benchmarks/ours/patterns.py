"""Our side of `benchmarks.patterns`: level by level over sorted arrays, as the tasks of mining do."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time
from typing import Any

import numpy as np

from qianmian.learning.sequences import Path, Walks, candidates, counted, tree_of

TOKENS, EVENTS_A_PERSON, DAYS = 24, 20, 90
DAY = 86_400_000_000


def log(events: int) -> Walks:
    """A log in which some events are common and some rare, and a third of the people take four steps in a row."""
    random = np.random.default_rng(5)
    people = events // EVENTS_A_PERSON
    weight = 1 / np.arange(1, TOKENS + 1)
    person = random.integers(0, people, events)
    at = random.integers(0, DAYS * DAY, events)
    token = random.choice(TOKENS, events, p=weight / weight.sum()) + 1
    takers = np.repeat(np.arange(0, people, 3), 4)
    since = np.repeat(random.integers(0, (DAYS - 4) * DAY, len(takers) // 4), 4)
    person = np.concatenate([person, takers])
    at = np.concatenate([at, since + np.tile(np.arange(4) * DAY, len(takers) // 4)])
    token = np.concatenate([token, np.tile([20, 21, 22, 23], len(takers) // 4)]).astype(np.int32)
    order = np.lexsort((at, person))
    rows = person[order], at[order], np.arange(len(order))
    return Walks(*rows, token[order], np.zeros(len(order), np.bool_))


def levels(walks: Walks, least: int, longest: int, within: int) -> Iterator[dict[Path, int]]:
    """The frequent paths of each length."""
    level: list[Path] = [(token,) for token in range(1, TOKENS + 1)]
    for _ in range(longest):
        tree = tree_of(level)
        people = counted(walks, tree, within)[tree.ends]
        found = {path: int(many) for path, many in zip(level, people, strict=True) if many >= least}
        yield found
        level = candidates(found)


def mined(events: int, longest: int, share: float, days: int) -> dict[str, Any]:
    """Frequent paths; ``days`` = 0: however long they take."""
    walks = log(events)
    levels_of(walks)  # compiled and in the cache, as in a shop that runs
    begun = process_time()
    least = int(share * events / EVENTS_A_PERSON)
    told = list(levels(walks, least, longest, days * DAY or 1 << 62))
    seconds = process_time() - begun
    people = sum(many for one in told for many in one.values())
    return {"rows": len(walks.person), "patterns": sum(map(len, told)), "people": people, "ms": 1e3 * seconds}


def levels_of(walks: Walks) -> None:
    """One short walk."""
    some = Walks(*(column[:100] for column in vars(walks).values()))
    list(levels(some, 1, 2, DAY))
