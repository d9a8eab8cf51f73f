"""Paths are counted as somebody would who tries every choice of events, and nothing stands out of chance alone."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import numpy as np

from qianmian.learning.lift import adjusted, lift
from qianmian.learning.sequences import ACTIVITY, Walks, candidates, closed, compared, counted, tree_of

LONGEST, AFTER = 40, 30


def random_walks(seed: int, people: int, events: int, tokens: int, *, end: int = 200) -> Walks:
    """People who do everything by chance, some more than others; an event in four has two tokens, two may meet."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        for key in range(int(random.integers(1, events * (1 + person % 3)))):
            at, outcome = int(random.integers(0, end)), bool(random.random() < 0.15)
            one = [
                0 if outcome else int(token) for token in random.integers(0, tokens + 1, 1 + (random.random() < 0.25))
            ]
            rows += [(person, at, 1000 * person + key, token, outcome) for token in one]
    person, at, key, token, outcome = map(np.array, zip(*sorted(rows), strict=True))
    return Walks(person, at, key, token.astype(np.int32), outcome)


def lives(walks: Walks) -> list[list[tuple[int, int, set[int], bool]]]:
    """Of each person the events: when, key, tokens, whether it is the outcome."""
    told: dict[int, dict[tuple[int, int], tuple[set[int], bool]]] = {}
    rows = zip(walks.person, walks.at, walks.key, walks.token, walks.is_outcome, strict=True)
    for person, at, key, token, outcome in rows:
        tokens, was = told.setdefault(int(person), {}).setdefault((int(at), int(key)), (set(), False))
        tokens.add(int(token))
        told[int(person)][int(at), int(key)] = tokens, was or bool(outcome)
    return [[(at, key, *one) for (at, key), one in sorted(events.items())] for events in told.values()]


def first_time(life: list[tuple[int, int, set[int], bool]], path: tuple[int, ...]) -> int | None:
    """When a path was whole for the first time: every choice of events is tried."""
    ends = [
        chosen[-1][0]
        for chosen in combinations(life, len(path))
        if all(token in one[2] for token, one in zip(path, chosen, strict=True))
        and chosen[-1][0] - chosen[0][0] <= LONGEST
    ]
    return min(ends, default=None)


def goes_on(life: list[tuple[int, int, set[int], bool]], since: int | None) -> int | None:
    """When somebody did something else than the outcome next."""
    return min(
        (one[0] for one in life if since is not None and 0 < one[0] - since <= LONGEST and not one[3]), default=None
    )


def test_paths_are_counted_like_every_choice_of_events() -> None:
    walks = random_walks(1, people=40, events=8, tokens=3)
    paths = [path for length in (1, 2, 3) for path in product((1, 2, 3), repeat=length)]
    people = counted(walks, tree := tree_of(paths), LONGEST)[tree.ends]
    told = lives(walks)
    wanted = [sum(first_time(life, path) is not None for life in told) for path in paths]
    assert people.tolist() == wanted
    assert min(wanted[:3]) > 0
    assert len(set(wanted)) > 5


def test_what_came_after_is_told_like_by_hand() -> None:
    walks, end = random_walks(2, people=60, events=7, tokens=3), 190
    paths = [(1,), (1, 2), (2, 1), (1, 2, 3), (3, 3)]
    tree = tree_of(paths)
    sums = compared(walks, tree, LONGEST, AFTER, end)[tree.ends]
    wanted = np.zeros_like(sums)
    for life in lives(walks):
        stratum = np.searchsorted(ACTIVITY, sum(not one[3] for one in life), side="right")
        for place, path in enumerate(paths):
            whole, otherwise = first_time(life, path), min((one[0] for one in life if not one[3]), default=None)
            if len(path) > 1:
                otherwise = goes_on(life, first_time(life, path[:-1]))
            since, side = (whole, 0) if whole is not None else (otherwise, 2)
            if since is not None and since + AFTER <= end:
                wanted[place, stratum, side] += 1
                wanted[place, stratum, side + 1] += any(one[3] and since < one[0] <= since + AFTER for one in life)
    assert sums.tolist() == wanted.tolist()
    assert (sums.sum(axis=(0, 1)) > 0).all()


def test_sums_of_parts_are_the_sums_of_all() -> None:
    walks = random_walks(3, people=50, events=8, tokens=4)
    tree = tree_of(candidates(candidates([(token,) for token in range(1, 5)])))
    whole = compared(walks, tree, LONGEST, AFTER, 200)
    parts = []
    for low, high in ((0, 7), (7, 8), (8, 50)):
        held = (walks.person >= low) & (walks.person < high)
        parts.append(compared(Walks(*(column[held] for column in vars(walks).values())), tree, LONGEST, AFTER, 200))
    assert (sum(parts) == whole).all()
    assert whole.any()


def test_nobody_walks_nowhere() -> None:
    nobody = Walks(*(np.zeros(0, kind) for kind in (np.int64, np.int64, np.int64, np.int32, np.bool_)))
    assert counted(nobody, tree_of([(1, 2)]), LONGEST).tolist() == [0, 0, 0]
    assert compared(nobody, tree_of([]), LONGEST, AFTER, 9).sum() == 0


def test_all_that_is_frequent_is_found_level_by_level() -> None:
    walks, least = random_walks(4, people=60, events=14, tokens=4), 8
    found: dict[tuple[int, ...], int] = {}
    level = [(token,) for token in range(1, 5)]
    for _ in range(4):
        tree = tree_of(level)
        people = dict(zip(level, counted(walks, tree, LONGEST)[tree.ends].tolist(), strict=True))
        found |= {path: many for path, many in people.items() if many >= least}
        level = candidates([path for path, many in people.items() if many >= least])
    every = [path for length in (1, 2, 3, 4) for path in product(range(1, 5), repeat=length)]
    every = [path for path in every if all(one != other for one, other in pairwise(path))]
    tree = tree_of(every)
    people = dict(zip(every, counted(walks, tree, LONGEST)[tree.ends].tolist(), strict=True))
    assert found == {path: many for path, many in people.items() if many >= least}
    assert max(map(len, found)) >= 3


def test_only_closed_patterns_are_left() -> None:
    people = {(1,): 9, (2,): 9, (1, 2): 9, (1, 3): 5, (1, 2, 3): 5, (3, 2): 5, (3,): 7}
    kept = [path for path in people if not any(_adds_nothing(path, other, people) for other in people)]
    assert sorted(closed(people)) == sorted(kept) == [(1, 2), (1, 2, 3), (3,), (3, 2)]


def _adds_nothing(path: tuple[int, ...], other: tuple[int, ...], people: dict[tuple[int, ...], int]) -> bool:
    is_part = any(path == part for part in combinations(other, len(path)))
    return path != other and is_part and people[path] == people[other]


def test_of_chance_alone_one_in_twenty_seems_sure_and_nothing_stands() -> None:
    tree = tree_of(candidates(candidates([(token,) for token in range(1, 7)])))
    seemed = []
    for seed in range(20, 26):
        walks = random_walks(seed, people=1_000, events=16, tokens=6, end=2_000)
        sums = compared(walks, tree, 500, 300, 2_000)[tree.ends]
        chances = [found.p for one in sums if (found := lift(one))]
        assert len(chances) > 100
        assert min(adjusted(chances)) > 0.05
        seemed.append(np.mean(np.array(chances) < 0.05))
    assert 0.02 < np.mean(seemed) < 0.1


def test_people_who_do_more_are_no_pattern() -> None:
    """Without classes of activity whoever does more of everything would seem to be led to the outcome."""
    random = np.random.default_rng(9)
    rows = []
    for person in range(2_000):
        for key in range(6 * (1 + 4 * (person % 2))):
            outcome = bool(random.random() < 0.2)
            rows.append(
                (
                    person,
                    int(random.integers(0, 2_000)),
                    100 * person + key,
                    0 if outcome else int(random.integers(1, 7)),
                    outcome,
                )
            )
    person, at, key, token, outcome = map(np.array, zip(*sorted(rows), strict=True))
    walks = Walks(person, at, key, token.astype(np.int32), outcome)
    tree = tree_of(candidates([(token,) for token in range(1, 7)]))
    sums = compared(walks, tree, 500, 300, 2_000)[tree.ends]
    mixed = [found.p for one in sums if (found := lift(one.sum(axis=0, keepdims=True)))]
    apart = [found.p for one in sums if (found := lift(one))]
    assert max(adjusted(mixed)) < 0.05
    assert min(adjusted(apart)) > 0.05
