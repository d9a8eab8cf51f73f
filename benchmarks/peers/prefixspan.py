"""PrefixSpan as its paper has it (Pei et al. 2001), in plain Python, with positions instead of copies."""

from __future__ import annotations

from collections import defaultdict
from time import process_time
from typing import Any

import numpy as np

from benchmarks.ours.patterns import EVENTS_A_PERSON, log

Places = list[tuple[int, int]]


def mined(events: int, longest: int, share: float) -> dict[str, Any]:
    """Frequent sequences of tokens of which none follows itself."""
    walks = log(events)
    begins = np.flatnonzero(np.diff(walks.person, prepend=-1))
    lives = [one.tolist() for one in np.split(walks.token, begins[1:])]
    least, found = int(share * events / EVENTS_A_PERSON), {}
    begun = process_time()

    def grow(path: tuple[int, ...], places: Places) -> None:
        next_places: dict[int, Places] = defaultdict(list)
        for life, since in places:
            seen = set()
            steps = lives[life]
            for place in range(since, len(steps)):
                token = steps[place]
                if token not in seen:
                    seen.add(token)
                    next_places[token].append((life, place + 1))
        for token, some in next_places.items():
            if len(some) >= least and path[-1:] != (token,):
                found[*path, token] = len(some)
                if len(path) + 1 < longest:
                    grow((*path, token), some)

    grow((), [(life, 0) for life in range(len(lives))])
    ms = 1e3 * (process_time() - begun)
    return {"rows": len(walks.person), "patterns": len(found), "people": sum(found.values()), "ms": ms}
