"""How a tag lay over all people at each build, and whether it drifted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.tags.bins import DATES, is_sized, quantiles
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.drift import Comparison, Drift, Look, compared, worst

#: Quantiles that are told of sizes, and of how many people at least: the ends of few are somebody's value.
SHARES, LEAST_PEOPLE = (0.05, 0.25, 0.5, 0.75, 0.95), 20
_ALL = "SELECT * FROM tag_builds WHERE ($tag = '' OR tag = $tag) ORDER BY tag, built_at"


@dataclass(frozen=True)
class TagHistory:
    """A tag over the builds.

    Attributes:
        tag: the definition.
        looks: what it looked like, oldest first.
        comparisons: the last build beside earlier ones.
        drift: the worst of them; None = there is no build to compare with.
        computed: from which build.
    """

    tag: Tag
    looks: list[Look]
    comparisons: list[Comparison]
    drift: Drift | None
    computed: Computed


def tag_history(shop: Shop, name: str, *, purpose: str) -> TagHistory:
    """How a tag lay over all people at each build that is kept.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose, "tag_builds") as (found, computed):
        tag = found.tag(name)
        looks = looks_of(found.connection, name).get(name, [])
    comparisons = compared_looks(tag, looks)
    return TagHistory(tag, looks, comparisons, worst(comparisons), computed)


def compared_looks(tag: Tag, looks: Sequence[Look]) -> list[Comparison]:
    """The last look at a tag beside earlier ones."""
    return compared(looks, is_sized=is_sized(tag), is_dated=tag.type in DATES)


def looks_of(connection: Connection, tag: str = "") -> dict[str, list[Look]]:
    """What tags looked like, oldest first, by name; of one tag if it is given.

    Args:
        connection: has a view of ``tag_builds``.
        tag: its name.
    """
    rows = fetch(connection, _ALL, {"tag": tag}).to_pylist()
    looks = [Look(**{**row, "bins": json.loads(row["bins"])}) for row in rows]
    return {name: list(some) for name, some in groupby(looks, key=attrgetter("tag"))}


def told_quantiles(tag: Tag, bins: Mapping[str, int]) -> list[float]:
    """The quantiles of a tag whose classes are sizes, at `SHARES`; none of words or of too few people."""
    if not is_sized(tag) or sum(bins.values()) < LEAST_PEOPLE:
        return []
    return [round(value, 4) for value in quantiles(bins, SHARES)]


def told_words(tag: Tag, looks: Sequence[Look]) -> list[dict[str, Any]]:
    """Of a tag whose classes are words: how many people had each at each build; none of sizes."""
    if is_sized(tag):
        return []
    names = {name: None for look in reversed(looks) for name in look.bins}
    return [{"value": name, "people": [look.bins.get(name, 0) for look in looks]} for name in names]
