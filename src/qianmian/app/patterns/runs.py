"""Runs of mining, kept in the catalogue: what was asked, the steps that were found, counts of people; nobody's data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa

from qianmian.app.patterns.tables import PATTERN_RUNS
from qianmian.app.runs import Run, Runs
from qianmian.core.clock import Clock
from qianmian.core.errors import UnknownNameError
from qianmian.core.events import ORDER_COMPLETED
from qianmian.segment.patterns.steps import Step

#: Steps of a pattern, at least and at most.
SHORTEST, LONGEST = 2, 5


@dataclass(frozen=True)
class Mining:
    """What is asked of history.

    Attributes:
        outcome: event that a pattern may lead to.
        days: local dates that end with the build's, which are looked at.
        within_days: from the first step of a pattern to its last, at most.
        after_days: in how many days after the last step the outcome counts.
        least_share: share of all people who must have taken a pattern.
        longest: steps of a pattern, at most.
        by_category: whether steps tell the category of the product.
        leave_out: events that are no steps.
    """

    outcome: str = ORDER_COMPLETED
    days: int = 90
    within_days: int = 7
    after_days: int = 7
    least_share: float = 0.02
    longest: int = 4
    by_category: bool = False
    leave_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PatternEffect:
    """What came after a pattern, and after its beginning with something else instead of the last step.

    Attributes:
        people: who took it and whose time after it is over.
        people_with: those of them with the outcome.
        others: who took all steps but the last, never the whole, and went on with something else; whose time is over.
        others_with: those of them with the outcome.
        lift: how many times as often the outcome comes, among people who do about as much; None = too few people.
        low: lower end of its 95 % interval.
        high: upper end.
        q: share of false findings among all that are at least as sure.
    """

    people: int
    people_with: int
    others: int
    others_with: int
    lift: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None


@dataclass(frozen=True)
class MinedPattern:
    """Steps that people take one after another, and what came after.

    Attributes:
        number: its place in the run, from 1.
        steps: what is done, in order.
        condition: canonical text of whom it holds.
        people: who took it.
        beginnings: how many people took each beginning, from the first step alone to the whole.
        effect: what came after.
    """

    number: int
    steps: list[Step]
    condition: str
    people: int
    beginnings: list[int]
    effect: PatternEffect


@dataclass(frozen=True)
class Mined:
    """What a run found.

    Attributes:
        asked: what was asked.
        of_people: people who did anything in the time that was looked at.
        least_people: how many must have taken a pattern.
        frequent: patterns of two or more steps that so many took.
        tested: those of them that were compared.
        stopped: ``candidates`` or ``seconds`` where a limit cut it short; what was found up to then is right.
        levels: of how many steps patterns were looked for to the end.
        patterns: what stands out, the surest first.
        ready: condition of another pattern → what came after it.
    """

    asked: Mining
    of_people: int
    least_people: int
    frequent: int
    tested: int
    stopped: str
    levels: int
    patterns: list[MinedPattern]
    ready: dict[str, PatternEffect]

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mined:
        """What was kept."""
        told = json.loads(text)
        patterns = [_pattern(one) for one in told["patterns"]]
        ready = {condition: PatternEffect(**one) for condition, one in told["ready"].items()}
        return cls(**{**told, "asked": Mining(**told["asked"]), "patterns": patterns, "ready": ready})

    def pattern(self, number: int) -> MinedPattern:
        """The pattern of a number.

        Raises:
            UnknownNameError: there is none of that number.
        """
        for one in self.patterns:
            if one.number == number:
                return one
        raise UnknownNameError("no_mined_pattern", pattern=number)


PatternRun: TypeAlias = Run[Mined]


def pattern_runs(catalogue: sa.Engine, clock: Clock) -> Runs[Mined]:
    """The times that history was mined."""
    return Runs((catalogue, clock), PATTERN_RUNS, "patterns", Mined.from_json)


def _pattern(told: dict[str, Any]) -> MinedPattern:
    steps = [Step(**one) for one in told["steps"]]
    return MinedPattern(**{**told, "steps": steps, "effect": PatternEffect(**told["effect"])})
