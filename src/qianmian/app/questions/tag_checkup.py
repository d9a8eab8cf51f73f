"""The check-up of tags: nine marks each, by what builds measured and by what is declared; nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudiences
from qianmian.app.declared_tags import DeclaredTags, changes
from qianmian.app.questions.definitions import State, states, tags_in
from qianmian.app.questions.tag_history import compared_looks, looks_of
from qianmian.app.shop import Shop
from qianmian.core.errors import UnknownNameError
from qianmian.core.messages import Message
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.profile.tags.bins import is_sized
from qianmian.profile.tags.declaration.forbidden import CATEGORIES, forbidden
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.drift import Drift, Look, worst
from qianmian.profile.tags.formulas import Stated

#: Borders between good, to be looked at, and bad.
COVERED, DAYS_OLD, AGREED = (0.1, 0.01), (2, 7), (0.9, 0.7)
#: A value that so many share tells nobody apart; of fewer people, distribution and agreement are not told.
ONE_VALUE, LEAST_PEOPLE = 0.98, 20
#: What one tag may take: bytes of each person, seconds of its SELECT.
BYTES, SECONDS = (64, 256), (10, 45)
_AGREED = """
SELECT trait, count(*) AS people, sum(supporting) / sum(speaking) AS agreed FROM traits
WHERE speaking > 1 GROUP BY trait
"""


class Verdict(StrEnum):
    """What a mark says."""

    GOOD = "good"
    UNKNOWN = "unknown"  # cannot be told
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True)
class Mark:
    """One of the nine.

    Attributes:
        name: coverage, freshness, stability, distribution, accuracy, usage, cost, meaning or lawfulness.
        verdict: what it says.
        value: what was found.
        advice: what to do; None if nothing.
    """

    name: str
    verdict: Verdict
    value: Message
    advice: Message | None = None


@dataclass(frozen=True)
class TagCheckup:
    """A tag with its marks, in their order."""

    tag: Tag
    marks: tuple[Mark, ...]

    def count(self, verdict: Verdict) -> int:
        """How many marks say so."""
        return sum(mark.verdict is verdict for mark in self.marks)

    @property
    def worst(self) -> Verdict:
        """The worst of its marks."""
        return max((mark.verdict for mark in self.marks), key=list(Verdict).index)


@dataclass(frozen=True)
class _Found:
    """What the marks of a tag are made of."""

    tag: Tag
    state: State
    looks: list[Look]
    now: datetime
    agreed: tuple[int, float] | None
    audiences: int
    used_by: int
    owner: str | None

    @property
    def look(self) -> Look | None:
        return self.looks[-1] if self.looks and self.state is not State.WAITING else None


def checkups(shop: Shop, *, purpose: str) -> tuple[list[TagCheckup], Computed]:
    """All tags with their marks, the worst first, then those with most to look at.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    known = states(shop, purpose=purpose)
    with shop.asking(purpose, "tag_builds") as (found, computed):
        looks = looks_of(found.connection)
        agreed = found.once("agreed traits", lambda: _agreed(found))
    kept = DeclaredTags(shop.workspace.catalogue, shop.workspace.clock)
    versions = kept.all()
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).all()
    audiences = Counter(name for one in saved for name in tags_in(one.condition))
    users = Counter(name for tag, _ in known for name in tag.uses)
    told = []
    for tag, state in known:
        said = changes(versions, tag.name) if tag.is_own else []
        trait = tag.formula.trait if isinstance(tag.formula, Stated) else ""
        owner = said[0].applied_by if said else None
        now = shop.workspace.clock.now()
        facts = _Found(tag, state, looks.get(tag.name, []), now, agreed.get(trait), audiences[tag.name],
                       users[tag.name], owner)  # fmt: skip
        told.append(TagCheckup(tag, tuple(mark(facts) for mark in _MARKS)))
    order = sorted(told, key=lambda one: (-one.count(Verdict.BAD), -one.count(Verdict.LOOK), one.tag.name))
    return order, computed


def checkup(shop: Shop, name: str, *, purpose: str) -> tuple[TagCheckup, Computed]:
    """The marks of one tag.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag.
        NotBuiltError: nothing was built yet.
    """
    told, computed = checkups(shop, purpose=purpose)
    for one in told:
        if one.tag.name == name:
            return one, computed
    raise UnknownNameError("no_tag", tag=name)


def _agreed(found: Reading) -> Mapping[str, tuple[int, float]]:
    rows: Iterable[dict[str, object]] = fetch(found.connection, _AGREED).to_pylist()
    return {str(row["trait"]): (int(str(row["people"])), float(str(row["agreed"]))) for row in rows}


def _coverage(found: _Found) -> Mark:
    look = found.look
    if look is None or not look.people:
        return Mark("coverage", Verdict.UNKNOWN, Message("mark_not_built"), Message("advice_build"))
    good, bad = COVERED
    verdict = _below(look.coverage, good, bad)
    value = Message("mark_coverage", share=_percent(look.coverage), covered=look.covered, people=look.people)
    return Mark("coverage", verdict, value, Message("advice_coverage") if verdict is not Verdict.GOOD else None)


def _freshness(found: _Found) -> Mark:
    if found.state is State.FAILED:
        return Mark("freshness", Verdict.BAD, Message("mark_failed"), Message("advice_failed"))
    if found.look is None:
        return Mark("freshness", Verdict.LOOK, Message("mark_not_built"), Message("advice_build"))
    if found.state is State.OUTDATED:
        return Mark("freshness", Verdict.LOOK, Message("mark_outdated"), Message("advice_build"))
    days = (found.now - found.look.built_at).total_seconds() / 86_400
    verdict = _above(days, *DAYS_OLD)
    advice = Message("advice_build") if verdict is not Verdict.GOOD else None
    return Mark("freshness", verdict, Message("mark_days_old", days=max(0, int(days))), advice)


def _stability(found: _Found) -> Mark:
    told = compared_looks(found.tag, found.looks) if found.look else []
    drift = worst(told)
    if drift is None:
        return Mark("stability", Verdict.UNKNOWN, Message("mark_nothing_to_compare"))
    if drift is Drift.FEW:
        return Mark("stability", Verdict.UNKNOWN, Message("mark_few_people"))
    one = next(one for one in told if one.drift is drift)
    index = "–" if one.psi is None else f"{one.psi:.3f}"
    value = Message("mark_drift", psi=index, days=one.days, coverage=f"{one.coverage_change * 100:+.1f}")
    verdict = {Drift.MOVED: Verdict.LOOK, Drift.DRIFTED: Verdict.BAD}.get(drift, Verdict.GOOD)
    return Mark("stability", verdict, value, Message("advice_drift") if verdict is not Verdict.GOOD else None)


def _distribution(found: _Found) -> Mark:
    look = found.look
    if look is None or look.covered < LEAST_PEOPLE:
        return Mark("distribution", Verdict.UNKNOWN, Message("mark_few_people"))
    if look.classes == look.covered and not is_sized(found.tag):
        return Mark("distribution", Verdict.BAD, Message("mark_all_distinct"), Message("advice_all_distinct"))
    top = max(look.bins.values(), default=0) / look.covered
    value = Message("mark_top_value", share=_percent(top), classes=look.classes)
    if top > ONE_VALUE:
        return Mark("distribution", Verdict.LOOK, value, Message("advice_one_value"))
    return Mark("distribution", Verdict.GOOD, value)


def _accuracy(found: _Found) -> Mark:
    if found.agreed is None or found.agreed[0] < LEAST_PEOPLE:
        return Mark("accuracy", Verdict.UNKNOWN, Message("mark_no_second_source"))
    people, agreed = found.agreed
    verdict = _below(agreed, *AGREED)
    value = Message("mark_agreed", share=_percent(agreed), people=people)
    return Mark("accuracy", verdict, value, Message("advice_agreed") if verdict is not Verdict.GOOD else None)


def _usage(found: _Found) -> Mark:
    value = Message("mark_usage", audiences=found.audiences, tags=found.used_by)
    if found.audiences + found.used_by or not found.tag.is_own:
        return Mark("usage", Verdict.GOOD, value)
    return Mark("usage", Verdict.LOOK, value, Message("advice_unused"))


def _cost(found: _Found) -> Mark:
    look = found.look
    if look is None or not look.people:
        return Mark("cost", Verdict.UNKNOWN, Message("mark_not_built"))
    each = look.stored_bytes / look.people
    verdicts = [_above(each, *BYTES)]
    value = Message("mark_cost", bytes=f"{each:.1f}")
    if look.query_seconds is not None:
        verdicts.append(_above(look.query_seconds, *SECONDS))
        value = Message("mark_query_cost", bytes=f"{each:.1f}", seconds=f"{look.query_seconds:.1f}")
    verdict = max(verdicts, key=list(Verdict).index)
    return Mark("cost", verdict, value, Message("advice_cost") if verdict is not Verdict.GOOD else None)


def _meaning(found: _Found) -> Mark:
    tag = found.tag
    if not tag.is_own:
        return Mark("meaning", Verdict.GOOD, Message("mark_built_in"))
    both, noted, owned = tag.zh != tag.en, bool(tag.note), bool(found.owner)
    missing = [
        Message(name)
        for name, there in (("missing_title", both), ("missing_note", noted), ("missing_owner", owned))
        if not there
    ]
    if not missing:
        return Mark("meaning", Verdict.GOOD, Message("mark_described", owner=found.owner or ""))
    verdict = Verdict.BAD if len(missing) == len(_NEEDED) else Verdict.LOOK
    return Mark("meaning", verdict, Message("mark_missing", what=missing), Message("advice_meaning"))


_NEEDED = ("title", "note", "owner")


def _lawfulness(found: _Found) -> Mark:
    if named := forbidden(found.tag):
        word, category = named
        value = Message("mark_forbidden", word=word, category=CATEGORIES[category])
        return Mark("lawfulness", Verdict.BAD, value, Message("advice_forbidden"))
    return Mark("lawfulness", Verdict.GOOD, Message("mark_lawful"))


#: The nine, in the order in which they are told.
_MARKS = (_coverage, _freshness, _stability, _distribution, _accuracy, _usage, _cost, _meaning, _lawfulness)


def _below(value: float, good: float, bad: float) -> Verdict:
    return Verdict.BAD if value < bad else Verdict.LOOK if value < good else Verdict.GOOD


def _above(value: float, good: float, bad: float) -> Verdict:
    return Verdict.BAD if value > bad else Verdict.LOOK if value > good else Verdict.GOOD


def _percent(share: float) -> str:
    return f"{share:.1%}"
