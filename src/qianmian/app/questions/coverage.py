"""How many people each tag has a value for."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.profile.summary import has_value


@dataclass(frozen=True)
class TagCoverage:
    """People for whom a tag has a value.

    Attributes:
        name: name of the tag.
        covered: how many.
        condition: text of the condition that lists them.
    """

    name: str
    covered: int
    condition: str


@dataclass(frozen=True)
class Coverage:
    """The coverage of all tags, in the order of their definitions.

    Attributes:
        people: people with a profile.
        tags: the tags.
        computed: from which build.
    """

    people: int
    tags: list[TagCoverage]
    computed: Computed


def coverage(shop: Shop, *, purpose: str) -> Coverage:
    """Count the people of every tag in one pass.

    Raises:
        PurposeError: the purpose is not registered.
    """
    with shop.asking(purpose) as (found, computed):
        tags = found.tags
        counted = ", ".join(["count(*)", *(f"count({tag.name})" for tag in tags)])
        query = f"SELECT {counted} FROM profiles"
        people, *covered = found.once("coverage", lambda: found.connection.execute(query).fetchall()[0])
    told = [TagCoverage(tag.name, number, has_value(tag)) for tag, number in zip(tags, covered, strict=True)]
    return Coverage(people, told, computed)
