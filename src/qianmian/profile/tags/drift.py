"""Drift of a tag: whether its values lie in other classes now than at a build some days before.

The population stability index Σ (p − q) · ln(p / q) over the classes of both builds, half a person added to each; sizes
are cut into ten classes of about as many people of the earlier build. Its customary borders are 0.1 and 0.25 (Siddiqi,
Credit Risk Scorecards, 2006). By chance alone it is distributed like χ² · (1/n + 1/m) with one degree fewer than there
are classes (Yurdakul 2018); below the 99.9 % quantile of that, and of few people, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import log, sqrt

from qianmian.profile.tags.bins import class_of, value_of

#: What a build is compared with: the one nearest to so many days before, if it is not further off than half of that.
DAYS = (1, 7, 30)
#: From which stability index, and from which change of the covered share, a tag moved, and drifted.
PSI_BORDERS, COVERAGE_BORDERS = (0.1, 0.25), (0.05, 0.2)
#: Of fewer people, at either build, nothing is said.
LEAST_PEOPLE = 100
_PARTS = 10
#: 99.9 % quantile of the normal distribution, for the approximation of Wilson and Hilferty.
_QUANTILE = 3.0902


class Drift(StrEnum):
    """How far a tag is from what it was."""

    STEADY = "steady"
    FEW = "few"  # too few people to say
    MOVED = "moved"
    DRIFTED = "drifted"


@dataclass(frozen=True)
class Look:
    """What a tag looked like at a build; see the table ``tag_builds``."""

    tag: str
    built_at: datetime
    built_on: date
    build: int
    definition: str
    people: int
    covered: int
    changed_people: int | None
    classes: int
    others: int
    bins: Mapping[str, int]
    stored_bytes: int
    query_seconds: float | None

    @property
    def coverage(self) -> float:
        """The share of people for whom the tag has a value."""
        return self.covered / self.people if self.people else 0.0


@dataclass(frozen=True)
class Comparison:
    """A build beside an earlier one.

    Attributes:
        days: what was looked for.
        built_at: the earlier build's now.
        psi: the stability index of the values; None = too few people.
        noise: what it stays below in 999 of 1,000 cases if nothing changed.
        coverage_change: the covered share now, less that of then.
        drift: what follows.
    """

    days: int
    built_at: datetime
    psi: float | None
    noise: float | None
    coverage_change: float
    drift: Drift


def compared(looks: Sequence[Look], *, is_sized: bool, is_dated: bool = False) -> list[Comparison]:
    """The last of some builds beside those about `DAYS` before that told the tag by the same definition.

    Args:
        looks: at a tag, oldest first.
        is_sized: whether its classes are sizes, not words.
        is_dated: whether they are ages of dates. These lie as before if the ages do, as those of last orders, or if the
            dates do, as those of first orders.
    """
    if not looks:
        return []
    now, found = looks[-1], []
    earlier = [look for look in looks[:-1] if look.definition == now.definition]
    for days in DAYS:
        wanted = now.built_at - timedelta(days=days)
        near = min(earlier, key=lambda look: abs(look.built_at - wanted), default=None)
        if near and abs(near.built_at - wanted) <= timedelta(days=days / 2):
            found.append(_beside(now, near, days, is_sized=is_sized, is_dated=is_dated))
    return found


def worst(comparisons: Iterable[Comparison]) -> Drift | None:
    """What is worst of some comparisons; None of none."""
    order = list(Drift)
    return max((one.drift for one in comparisons), key=order.index, default=None)


def _beside(now: Look, before: Look, days: int, *, is_sized: bool, is_dated: bool) -> Comparison:
    moved = now.coverage - before.coverage
    if min(now.people, before.people) < LEAST_PEOPLE:
        return Comparison(days, before.built_at, None, None, moved, Drift.FEW)
    index = noise = None
    if min(now.covered, before.covered) >= LEAST_PEOPLE:
        counts = _classes(now, before, is_sized=is_sized)
        if is_dated:
            counts = min(counts, _classes(now, _aged(before, now), is_sized=True), key=psi)
        index, noise = psi(counts), psi_noise(len(counts), now.covered, before.covered)
    states = [_state(abs(moved), COVERAGE_BORDERS)]
    if index is not None and noise is not None:
        states.append(_state(index, PSI_BORDERS) if index > noise else Drift.STEADY)
    return Comparison(days, before.built_at, index, noise, moved, max(states, key=list(Drift).index))


def _state(value: float, borders: tuple[float, float]) -> Drift:
    moved, drifted = borders
    return Drift.DRIFTED if value >= drifted else Drift.MOVED if value >= moved else Drift.STEADY


def _classes(now: Look, before: Look, *, is_sized: bool) -> list[tuple[int, int]]:
    """People of each class, now and before."""
    names = {*now.bins, *before.bins}
    ordered = sorted(names, key=value_of) if is_sized else sorted(names)
    both = [(now.bins.get(name, 0), before.bins.get(name, 0)) for name in ordered]
    if is_sized:
        return _in_parts(both, before.covered)
    others = (now.others, before.others)
    return [*both, others] if any(others) else both


def _aged(before: Look, now: Look) -> Look:
    """The same with the ages that its dates have now."""
    passed, bins = (now.built_on - before.built_on).days, dict[str, int]()
    for name, people in before.bins.items():
        aged = class_of(value_of(name) + passed)
        bins[aged] = bins.get(aged, 0) + people
    return replace(before, bins=bins)


def _in_parts(both: Sequence[tuple[int, int]], every: int) -> list[tuple[int, int]]:
    """Neighbouring classes together, so that each has about a tenth of the people of before."""
    parts: list[tuple[int, int]] = []
    here = then = below = 0
    for now, before in both:
        here, then, below = here + now, then + before, below + before
        if below * _PARTS >= every * (len(parts) + 1) and then:
            parts.append((here, then))
            here = then = 0
    if here and parts:  # beyond what anybody had before
        parts[-1] = (parts[-1][0] + here, parts[-1][1] + then)
    return parts


def psi(counts: Sequence[tuple[int, int]]) -> float:
    """The population stability index of people by class, now and before.

    >>> round(psi([(50, 25), (50, 75)]), 4)
    0.2687
    """
    now = sum(here for here, _ in counts) + len(counts) / 2
    before = sum(then for _, then in counts) + len(counts) / 2
    shares = [((here + 0.5) / now, (then + 0.5) / before) for here, then in counts]
    return sum((p - q) * log(p / q) for p, q in shares)


def psi_noise(classes: int, now: int, before: int) -> float:
    """What the index of unchanged values stays below in 999 of 1,000 cases."""
    degrees = classes - 1
    if not degrees:
        return 0.0
    part: float = 2 / (9 * degrees)
    root: float = 1 - part + _QUANTILE * sqrt(part)
    return (1 / now + 1 / before) * degrees * root * root * root
