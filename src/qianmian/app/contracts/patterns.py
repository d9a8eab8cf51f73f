"""What the doors tell of patterns of behaviour: the library, what mining found, and how far people came."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.patterns.patterns import PatternLibrary, PatternShown
from qianmian.app.patterns.runs import PatternRun
from qianmian.learning.interval import wilson

Origin = Literal["built_in", "kept", "mined"]


class PatternStepTold(Contract):
    """One step of a pattern."""

    event: str = Field(description="name of the event")
    category: str = Field(description="category of the product; empty = any")


class PatternEffectTold(Contract):
    """What came after a pattern, and after its beginning with something else instead of the last step."""

    people: int = Field(description="who took it and whose time after it is over")
    people_with: int = Field(description="those of them with the outcome")
    share: float | None = Field(description="confidence: share of those in these; empty = nobody")
    share_low: float = Field(description="lower end of its 95 % interval (Wilson)")
    share_high: float = Field(description="upper end")
    others: int = Field(description="who took all steps but the last, and went on with something else")
    others_with: int = Field(description="those of them with the outcome")
    others_share: float | None = Field(description="share of those in these; empty = nobody")
    lift: float | None = Field(description="how many times as often the outcome comes; empty = too few people")
    low: float | None = Field(description="lower end of its 95 % interval")
    high: float | None = Field(description="upper end")
    q: float | None = Field(description="share of false findings among all that are at least as sure")

    @classmethod
    def of(cls, given: object) -> PatternEffectTold:
        """The same with its shares."""
        told = dict(vars(given))
        low, high = wilson(told["people_with"], told["people"])
        shares = {
            "share": told["people_with"] / told["people"] if told["people"] else None,
            "others_share": told["others_with"] / told["others"] if told["others"] else None,
        }
        return cls.model_validate({**told, **shares, "share_low": low, "share_high": high})


class PatternTold(Contract):
    """A way of behaving."""

    pattern: str = Field(description="name of a ready one, k3 of a kept one, m3 of one of the last run")
    origin: Origin = Field(description="whether it comes with the product, was kept under a name, or was mined")
    zh: str = Field(description="what it is called in Chinese; empty = by its steps")
    en: str = Field(description="what it is called in English; empty = by its steps")
    use_zh: str = Field(description="what one does with these people, in Chinese; may be empty")
    use_en: str = Field(description="what one does with these people, in English; may be empty")
    condition: str = Field(description="canonical text of whom it holds")
    steps: list[PatternStepTold] = Field(description="what is done, in order")
    missing: list[PatternStepTold] = Field(description="what must not have followed")
    people: int | None = Field(description="who meets it, a mined one's as of its run; empty = the shop cannot tell")
    effect: PatternEffectTold | None = Field(description="what came after, by the last run; empty = not compared")

    @classmethod
    def of(cls, given: object) -> PatternTold:
        """The same, ready to be told."""
        effect = getattr(given, "effect", None)
        return cls.model_validate({**vars(given), "effect": effect and PatternEffectTold.of(effect)})


class MiningTold(Contract):
    """What was asked of history."""

    outcome: str = Field(description="event that a pattern may lead to")
    days: int = Field(description="local dates that were looked at, up to the build's")
    within_days: int = Field(description="days from the first step of a pattern to its last, at most")
    after_days: int = Field(description="in how many days after the last step the outcome counts")
    least_share: float = Field(description="share of all people who must have taken a pattern")
    longest: int = Field(description="steps of a pattern, at most")
    by_category: bool = Field(description="whether steps tell the category of the product")
    leave_out: list[str] = Field(description="events that are no steps")


class PatternRunTold(Contract):
    """One time that history was mined."""

    run: int = Field(description="number of the run")
    build: int = Field(description="number of the build whose history was mined")
    created_by: str = Field(description="account that ran it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it ended, UTC")
    asked: MiningTold = Field(description="what was asked")
    of_people: int = Field(description="people who did anything in the time that was looked at")
    least_people: int = Field(description="how many must have taken a pattern")
    frequent: int = Field(description="patterns of two or more steps that so many took")
    tested: int = Field(description="those of them that were compared, by which false findings are reckoned")
    told: int = Field(description="those of them that stand out")
    stopped: Literal["", "candidates", "seconds"] = Field(description="which limit cut it short; empty = none")
    levels: int = Field(description="patterns of so many steps are all counted")

    @classmethod
    def of(cls, run: PatternRun) -> PatternRunTold:
        """The same, without the patterns."""
        return cls.model_validate({**vars(run.found), **vars(run), "told": len(run.found.patterns)})


class PatternLibraryTold(Contract):
    """All patterns."""

    of_people: int = Field(description="people with a profile")
    patterns: list[PatternTold] = Field(description="the kept ones, those of the last run, the ready ones")
    run: PatternRunTold | None = Field(description="the last run; empty = nothing was mined yet")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, given: PatternLibrary) -> PatternLibraryTold:
        """The same, ready to be told."""
        patterns = [PatternTold.of(one) for one in given.patterns]
        run = PatternRunTold.of(given.run) if given.run else None
        return cls.model_validate({**vars(given), "patterns": patterns, "run": run})


class PatternReachedTold(Contract):
    """How far people came."""

    step: PatternStepTold = Field(description="what they did last")
    people: int = Field(description="who came so far")
    condition: str = Field(description="condition that lists them")


class PatternShownTold(Contract):
    """One pattern with how far people came."""

    pattern: PatternTold = Field(description="what it is")
    of_people: int = Field(description="people with a profile")
    reached: list[PatternReachedTold] = Field(description="step by step; empty = it has no sequence")
    run: PatternRunTold | None = Field(description="the last run; empty = nothing was mined yet")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, given: PatternShown) -> PatternShownTold:
        """The same, ready to be told."""
        run = PatternRunTold.of(given.run) if given.run else None
        return cls.model_validate({**vars(given), "pattern": PatternTold.of(given.pattern), "run": run})


class KeptPatternTold(Contract):
    """A pattern under a name."""

    pattern: int = Field(description="its number; it is called k and the number")
    name: str = Field(description="what its owner calls it, typed-in personal data masked")
    condition: str = Field(description="canonical text of whom it holds")
    is_mined: bool = Field(description="whether it was found by mining")
    created_by: str = Field(description="account that kept it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it was kept, UTC")


class TaggedPatternTold(Contract):
    """A tag that was declared for a pattern."""

    tag: str = Field(description="its name")
    pattern: str = Field(description="of which pattern")
    select: str = Field(description="the SELECT that tells it, from the next build on")
