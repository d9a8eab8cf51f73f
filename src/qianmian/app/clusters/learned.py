"""What is learned of the people of a build: groups by a sample of them, rules, and how everybody falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.tables import Type
from qianmian.learning.clusters import FEWEST, Groups, Rows, grouped, sorted_rows, telling
from qianmian.learning.rules import Branch, grown, told
from qianmian.profile.tags.declare import Tag
from qianmian.segment.clusters.measures import everybody, measures, some_people


@dataclass(frozen=True)
class Model:
    """What was learned of a sample, and how everybody falls.

    Attributes:
        tags: the measures.
        left_out: names of those that tell nobody apart.
        sample: the rows it was made of, sorted.
        groups: what was found.
        tree: the rules.
        can_miss: of each measure, whether anybody is without it.
        counts: people by the group whose centre is nearest, and by the group that the rules say.
        build: number of the build.
    """

    tags: list[Tag]
    left_out: list[str]
    sample: Rows
    groups: Groups
    tree: Branch
    can_miss: list[bool]
    counts: NDArray[np.int64]
    build: int


def learned(shop: Shop, names: Sequence[str], numbers: tuple[int, int], purpose: str) -> Model:
    """Find groups among some people, and tell everybody's.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag, or nothing was built yet.
        InputError: a tag has no numbers, nothing tells people apart, or no groups are found.
    """
    with shop.asking(purpose) as (found, computed):
        asked = measures(found, names)
        sample = some_people(found, asked)
        tells = telling(sample)
        tags = [tag for tag, is_one in zip(asked, tells, strict=True) if is_one]
        if len(tags) < 2:
            raise InputError("cluster_nothing_told")
        sample = sorted_rows(sample[:, tells])
        groups = grouped(sample, *numbers)
        if groups is None:
            raise InputError("cluster_no_groups", fewest=FEWEST, people=len(sample))
        tree = grown(sample, groups.labels(sample), [tag.type is Type.INTEGER for tag in tags])
        counts = np.zeros((len(groups.centres),) * 2, np.int64)
        can_miss = np.zeros(len(tags), np.bool_)
        for rows in everybody(found, tags):
            np.add.at(counts, (groups.labels(rows), told(tree, rows)), 1)
            can_miss |= np.isnan(rows).any(axis=0)
    left_out = [tag.name for tag in asked if tag not in tags]
    return Model(tags, left_out, sample, groups, tree, can_miss.tolist(), counts, computed.build)
