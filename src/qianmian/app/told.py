"""Which tags a build can tell, and what the build before told of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from qianmian.app.plan import LEADER, Build
from qianmian.app.workspace import Workspace
from qianmian.engines.base import Json
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.built_in import built_in_tags, read_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import Queried, Ranked, Stated
from qianmian.profile.tags.union import union
from qianmian.unify.facts.rules import FactRules


def told_tags(published: Declaration, declared: Declaration, kept: frozenset[str], totals: Totals) -> tuple[Tag, ...]:
    """The tags that can be told from what a build left: built-in ones, then the shop's own.

    A tag that was declared since, by the shop or by a later version of the product, is told at once if the build kept
    all that it needs; else it, and what uses it, waits for the next build, and until then is told as the build knew it.

    Args:
        published: the shop's own tags that the build knew.
        declared: those that hold now.
        kept: columns of partials that the build kept.
        totals: of the build.
    """
    before = {tag.name: tag for tag in published.tags}
    told: dict[str, Tag] = {}
    for tag in (*built_in_tags(), *declared.tags):
        for one in (tag, before.get(tag.name)):
            if one and _is_kept(one, before, kept, totals) and all(name in told for name in one.uses):
                told[one.name] = one
                break
    return tuple(told.values())


def _is_kept(tag: Tag, before: Mapping[str, Tag], kept: frozenset[str], totals: Totals) -> bool:
    """Whether a build left all that a tag is told from."""
    is_as_built = tag == before.get(tag.name) or not tag.is_own
    if isinstance(tag.formula, Ranked):
        return is_as_built and tag.name in totals.ranked
    if isinstance(tag.formula, Queried):
        return is_as_built
    return kept.issuperset(union([tag]).columns)


def without_sensitive(tags: tuple[Tag, ...], facts: FactRules) -> tuple[Tag, ...]:
    """Tags but those of a sensitive trait, whose values are in no list, and those that use one."""
    sensitive = {trait.name for trait in facts.traits if trait.sensitive}
    told: dict[str, Tag] = {}
    for tag in tags:
        is_one = isinstance(tag.formula, Stated) and tag.formula.trait in sensitive
        if not is_one and all(name in told for name in tag.uses):
            told[tag.name] = tag
    return tuple(told.values())


@dataclass(frozen=True)
class Before:
    """What the build before one left of its tags.

    Attributes:
        totals: by which it told them; None = there was no build before.
        told: the tags that it told.
        is_same_instant: whether it was as of this instant or a later one, so that this build takes its place.
        is_other_month: whether it was of another month.
    """

    totals: Totals | None
    told: tuple[Tag, ...]
    is_same_instant: bool
    is_other_month: bool

    def to_params(self, tags: Iterable[Tag]) -> dict[str, Json]:
        """As a parameter of a task: names of those tags that it told by the same definition."""
        same = [tag.name for tag in tags if tag in self.told]
        totals = self.totals.to_json() if self.totals else ""
        return {"totals": totals, "told": same, "is_same_instant": self.is_same_instant}


def before_build(workspace: Workspace, build: Build) -> Before:
    """What the build before a planned one told; its tables are those of the plan's snapshot."""
    notes = workspace.lake.notes(build.snapshot, LEADER)
    if "build" not in notes:
        return Before(None, (), is_same_instant=False, is_other_month=False)
    totals, instant = Totals.from_json(notes["totals"]), datetime.fromisoformat(notes["instant"])
    published = read_tags(notes["tags"], "tags") if "tags" in notes else Declaration()
    kept = frozenset(json.loads(notes["kept"]) if "kept" in notes else union(BASIC).columns)
    told = told_tags(published, build.tags, kept, totals)
    other_month = (totals.today.year, totals.today.month) != (build.today.year, build.today.month)
    return Before(totals, told, instant >= build.snapshot.instant, other_month)


def withheld_tags(declared: Declaration, facts: FactRules) -> list[str]:
    """Names of the tags that no condition may name."""
    tags = (*built_in_tags(), *declared.tags)
    return sorted({tag.name for tag in tags} - {tag.name for tag in without_sensitive(tags, facts)})
