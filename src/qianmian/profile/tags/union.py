"""The union of what all tags need: each condition once, as one bit; each partial once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Condition, Partial

#: Conditions of one mask: bits of a number, the sign bit stays free.
BITS = 63


@dataclass(frozen=True)
class Union:
    """Needs of a set of tags, each once, in order of first use.

    Attributes:
        conditions: of each, its index divided by `BITS` is its mask, and the rest its bit.
        partials: what is folded.
    """

    conditions: tuple[Condition, ...]
    partials: tuple[Partial, ...]

    def place(self, condition: Condition) -> tuple[int, int]:
        """The mask and the bit of a condition."""
        return divmod(self._index[condition], BITS)

    @cached_property
    def _index(self) -> dict[Condition, int]:
        return {condition: index for index, condition in enumerate(self.conditions)}

    @property
    def masks(self) -> int:
        """How many masks a row has; one even if nothing is asked of it."""
        return max(1, -(-len(self.conditions) // BITS))

    @property
    def windows(self) -> tuple[int, ...]:
        """The windows that are used, ascending, in days."""
        return tuple(sorted({c.window_days for c in self.conditions if c.window_days is not None}))

    @property
    def columns(self) -> list[str]:
        """Names of the columns that hold them: rows of each condition, then each partial."""
        rows = [f"{condition.name}_rows" for condition in self.conditions]
        return [*rows, *(name for partial in self.partials for name in partial.columns)]


def union(tags: Iterable[Tag]) -> Union:
    """Collect what the tags need.

    Raises:
        ValueError: two conditions share a name but differ.
    """
    partials = dict.fromkeys(partial for tag in tags for partial in tag.needs)
    conditions = dict.fromkeys(partial.condition for partial in partials)
    names = [condition.name for condition in conditions]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"conditions must have different names; got {', '.join(sorted(twice))} twice.")
    return Union(tuple(conditions), tuple(partials))
