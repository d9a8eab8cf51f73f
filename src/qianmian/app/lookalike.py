"""Look-alike: people like those of an audience by what they do, told as a condition, kept as a fixed audience."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudience
from qianmian.app.freeze import save_fixed
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError
from qianmian.core.tables import Type
from qianmian.learning.clusters import telling
from qianmian.learning.lookalike import Found, Likeness, likeness
from qianmian.learning.rules import standing_out, told
from qianmian.profile.journey.definition import journey_rules
from qianmian.profile.reading import Reading
from qianmian.profile.tags.declare import Tag
from qianmian.query.parse import parse
from qianmian.query.parts import expanded, leaves_of
from qianmian.query.tree import And, Atom, Did, Journey, Not, Sequence, Tree
from qianmian.segment.audiences import audience, everybody
from qianmian.segment.clusters.conditions import conditions
from qianmian.segment.clusters.measures import MEASURES, measures, some_people

#: Of fewer seeds nothing can be learned that can be judged.
FEWEST_SEEDS = 50


@dataclass(frozen=True)
class Lookalike:
    """People like the seeds.

    Attributes:
        seeds_condition: canonical text of what the seeds meet.
        seeds: how many they are.
        of_people: people with a profile.
        measures: names of the tags by which they are compared.
        left_out: names of tags that say what the seeds' condition says, or tell nobody apart.
        found: how many seeds that the model did not see are found at several sizes.
        condition: text of the condition of the people found, none of whom is a seed.
        people: how many they are.
        share: their share in everybody who is no seed.
        recall: share of the unseen seeds that meet the rules.
        lift: that over the rules' share in people who were not seen either.
        computed: from which build.
    """

    seeds_condition: str
    seeds: int
    of_people: int
    measures: list[str]
    left_out: list[str]
    found: list[Found]
    condition: str
    people: int
    share: float
    recall: float
    lift: float
    computed: Computed


def lookalike(shop: Shop, condition: str, size: int, *, purpose: str = ANALYSE) -> Lookalike:
    """Find about so many people who are most like those who meet a condition.

    Args:
        shop: the shop.
        condition: what the seeds meet.
        size: how many people are wanted.
        purpose: what the answer is used for.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
        InputError: there are too few seeds or others, or nothing tells them apart.
    """
    with shop.asking(purpose) as (found, computed):
        who = audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check)
        seeds, of_people = who.show(found, "seeds"), everybody(found)
        if min(seeds, of_people - seeds) < FEWEST_SEEDS:
            raise InputError("lookalike_few", fewest=FEWEST_SEEDS, seeds=seeds, others=of_people - seeds)
        tags = _measures(found, expanded(who.tree))
        given, others = (some_people(found, tags, f"{how} JOIN seeds USING (person_id)") for how in ("SEMI", "ANTI"))
        tells = telling(np.concatenate([given, others]))
        tags = [tag for tag, is_one in zip(tags, tells, strict=True) if is_one]
        if not tags:
            raise InputError("lookalike_nothing_told")
        learned = likeness(given[:, tells], others[:, tells])
        wanted = round(size / (of_people - seeds) * len(others))
        rule, recall, share = _rule(tags, learned, wanted)
    whole = str(And((rule, Not(parse(who.condition)))))
    people = shop.audience(whole, purpose=purpose, limit=0).size()
    used = [tag.name for tag in tags]
    return Lookalike(
        seeds_condition=who.condition,
        seeds=seeds,
        of_people=of_people,
        measures=used,
        left_out=[name for name in MEASURES if name not in used],
        found=list(learned.found),
        condition=whole,
        people=people,
        share=round(people / (of_people - seeds), 4),
        recall=round(recall, 4),
        lift=round(recall / share, 2) if share else 0.0,
        computed=computed,
    )


def save_lookalike(shop: Shop, name: str, found: Lookalike, *, by: str = "", purpose: str = ANALYSE) -> SavedAudience:
    """Keep the people found as a fixed audience: those of the last build, whatever they do.

    Raises:
        InputError: see `qianmian.app.audiences.SavedAudiences.add`.
        LeaseHeldError: something else writes.
    """
    return save_fixed(shop, name, found.condition, by=by, purpose=purpose)


def _rule(tags: list[Tag], learned: Likeness, wanted: int) -> tuple[Tree, float, float]:
    """The rules of those most alike, with their share in the unseen seeds and in the unseen others."""
    whole = [tag.type is Type.INTEGER for tag in tags]
    tree = standing_out(learned.others, learned.scores, wanted, whole)
    everyone = np.concatenate([learned.others, learned.held])
    rule = conditions(tree, tags, np.isnan(everyone).any(axis=0).tolist()).get(1)
    if rule is None:
        raise InputError("lookalike_nothing_told")
    return rule, float(told(tree, learned.held).mean()), float(told(tree, learned.judged).mean())


def _measures(found: Reading, seeds: Tree) -> list[Tag]:
    """The measures that do not say what the seeds' condition says: by name, or by the events that it looks at."""
    named = {leaf.name for leaf in leaves_of(seeds) if isinstance(leaf, Atom)}
    events = set(_events(found, seeds))
    return [
        tag for tag in measures(found, MEASURES) if tag.name not in named and not events & set(_events_of(found, tag))
    ]


def _events(found: Reading, seeds: Tree) -> Iterator[str]:
    for leaf in leaves_of(seeds):
        if isinstance(leaf, Atom):
            yield from _events_of(found, found.tag(leaf.name))
        elif isinstance(leaf, Did | Sequence):
            yield from (step.event for step in (leaf.steps if isinstance(leaf, Sequence) else (leaf,)))
        elif isinstance(leaf, Journey):
            yield from (event for stage in leaf.stages for event in journey_rules().events_of(stage))


def _events_of(found: Reading, tag: Tag) -> Iterator[str]:
    """The events that a tag looks at, itself or by the tags that it uses."""
    for partial in tag.needs:
        yield from partial.condition.events
    for name in tag.uses:
        yield from _events_of(found, found.tag(name))
