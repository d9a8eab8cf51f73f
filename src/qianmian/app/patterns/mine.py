"""Mining: the tasks over buckets, level by level, and what of all that is frequent stands out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from qianmian.app.engine import opened_engine
from qianmian.app.jobs import Job
from qianmian.app.patterns.runs import SHORTEST, Mined, MinedPattern, Mining, PatternEffect
from qianmian.app.plan import LEADER, parts_for
from qianmian.app.shop import Shop
from qianmian.engines.base import Context, Engine, Json, Output, Reading, Task, split
from qianmian.lake.snapshot import Snapshot
from qianmian.learning.lift import Lift, adjusted, lift, strength
from qianmian.learning.sequences import Path, candidates, closed, contains
from qianmian.segment.patterns.mining import compare_paths, count_paths, count_steps
from qianmian.segment.patterns.steps import Step, condition_of

DAY_MICROSECONDS = 86_400_000_000
#: Limits of a run. Reaching the second or the last is told; of the others what most people did goes first.
MOST_TOKENS, MOST_CANDIDATES, MOST_TESTED, MOST_TOLD, MOST_SECONDS = 400, 60_000, 5_000, 100, 600.0
#: Fewer people are nobody's pattern.
FEWEST_PEOPLE = 20
#: Of what is told, so much may be false.
FALSE_SHARE = 0.05
_EPOCH = date(1970, 1, 1)

People = dict[Path, int]


@dataclass(frozen=True)
class Words:
    """What codes of history mean.

    Attributes:
        events: code of each event.
        categories: word of each category's code.
        today: the local date of the build.
    """

    events: Mapping[str, int]
    categories: Sequence[str | None]
    today: date


@dataclass
class Miner:
    """Mines the history of one build."""

    job: Job
    engine: Engine
    snapshot: Snapshot
    asked: Mining
    words: Words
    params: dict[str, Json]
    parts: int
    begun: float = field(default_factory=monotonic)
    stopped: str = ""

    def mine(self, ready: Sequence[str]) -> Mined:
        """Find what is frequent, compare what came after, and keep what stands out."""
        steps, of_people = self._steps()
        least = max(FEWEST_PEOPLE, math.ceil(self.asked.least_share * of_people))
        tokens = self._tokens(steps, least)
        self.params["tokens"] = tokens
        frequent, levels = self._frequent({(token,): steps[one] for token, one in enumerate(tokens, 1)}, least)
        tested = self._tested(frequent, tokens)
        sums, others = self._compared(tested, ready)
        effects = _effects(sums)
        found = _standing(dict(zip(tested, effects, strict=True)))[:MOST_TOLD]
        return Mined(
            asked=self.asked,
            of_people=of_people,
            least_people=least,
            frequent=sum(len(path) >= SHORTEST for path in frequent),
            tested=len(tested),
            stopped=self.stopped,
            levels=levels,
            patterns=[self._told(number, path, frequent, effect) for number, (path, effect) in enumerate(found, 1)],
            ready=dict(zip(ready, _effects(others), strict=True)),
        )

    def _steps(self) -> tuple[dict[tuple[int, int], int], int]:
        """People by event and category; an event most of whose rows have a category is told by categories."""
        people: dict[tuple[int, int], int] = {}
        rows: dict[tuple[int, int], int] = {}
        outputs = self._run(count_steps, 0)
        for output in outputs:
            for event, category, many, of in output.summary["steps"]:
                people[event, category] = people.get((event, category), 0) + many
                rows[event, category] = rows.get((event, category), 0) + of
        told: dict[int, int] = {}
        for (event, category), many in rows.items():
            told[event] = told.get(event, 0) + (many if category else 0)
        split_up = {event for event, many in told.items() if 2 * many >= rows[event, 0]}
        left_out = {self.words.events.get(name) for name in self.asked.leave_out}
        kept = {
            one: many for one, many in people.items() if (one[1] > 0) == (one[0] in split_up) and one[0] not in left_out
        }
        return kept, sum(output.summary["people"] for output in outputs)

    def _tokens(self, steps: Mapping[tuple[int, int], int], least: int) -> list[tuple[int, int]]:
        many = sorted((one for one, people in steps.items() if people >= least), key=lambda one: (-steps[one], one))
        return sorted(many[:MOST_TOKENS])

    def _frequent(self, first: People, least: int) -> tuple[People, int]:
        """Everything that enough people did, and up to how many steps that is known to be all."""
        level, found = first, dict(first)
        for length in range(SHORTEST, self.asked.longest + 1):
            asked = candidates(level)
            if len(asked) > MOST_CANDIDATES:
                self.stopped = "candidates"
            elif monotonic() - self.begun > MOST_SECONDS:
                self.stopped = "seconds"
            if self.stopped:
                return found, length - 1
            level = self._counted(asked, length, least) if asked else {}
            found |= level
        return found, self.asked.longest

    def _counted(self, asked: Sequence[Path], length: int, least: int) -> People:
        outputs = self._run(count_paths, length - 1, paths=asked)
        people = _added([output.summary for output in outputs])
        return {path: int(many) for path, many in zip(asked, people, strict=True) if many >= least}

    def _tested(self, frequent: People, tokens: Sequence[tuple[int, int]]) -> list[Path]:
        """Closed patterns that do not end with the outcome itself, those of most people if they are too many."""
        outcome = self.words.events.get(self.asked.outcome)
        some = [path for path in closed(frequent) if len(path) >= SHORTEST and tokens[path[-1] - 1][0] != outcome]
        return sorted(some, key=lambda path: (-frequent[path], path))[:MOST_TESTED]

    def _compared(self, tested: Sequence[Path], ready: Sequence[str]) -> tuple[list[Json], list[Json]]:
        """The sums of what came after each pattern, and after each ready condition."""
        outputs = self._run(compare_paths, self.asked.longest, paths=tested, ready=list(ready))
        paths, others = (_added([output.summary[name] for output in outputs]) for name in ("paths", "ready"))
        return list(paths), list(others)

    def _run(self, function: Callable[[Context], Output], at: int, **params: Json) -> list[Output]:
        """Run a task over all buckets, telling how far it is."""
        total = (self.asked.longest + 1) * self.parts
        outputs: list[Output] = []
        task = Task(function, {**self.params, **params})
        for output in self.engine.run(task, Reading(self.snapshot), split(self.parts)):
            outputs.append(output)
            self.job.rows_read += output.rows_read
            self.job.cpu_seconds += output.cpu_seconds
            self.job.at("mine", at * self.parts + len(outputs), total)
        return outputs

    def _told(self, number: int, path: Path, frequent: People, effect: PatternEffect) -> MinedPattern:
        names = {code: name for name, code in self.words.events.items()}
        tokens = (self.params["tokens"][token - 1] for token in path)
        steps = [Step(names[event], self.words.categories[category] or "") for event, category in tokens]
        condition = condition_of(steps, within_days=self.asked.within_days, days=self.asked.days)
        beginnings = [frequent[path[:length]] for length in range(1, len(path) + 1)]
        return MinedPattern(number, steps, str(condition), frequent[path], beginnings, effect)


def mined(shop: Shop, job: Job, asked: Mining, words: Words, ready: Sequence[str], *, parts: int = 0) -> Mined:
    """Mine the history of the last build, within a job that holds the lease.

    Args:
        shop: the shop.
        job: told how far it is.
        asked: what is asked.
        words: what codes of history mean.
        ready: conditions with a sequence, which are compared in the same way.
        parts: ranges of person_id, a power of two; 0 = as many as fit into memory.
    """
    workspace = shop.workspace
    snapshot = workspace.lake.snapshot(instant=shop.computed.instant)
    notes = workspace.lake.notes(snapshot, LEADER)
    today = (words.today - _EPOCH).days
    params: dict[str, Json] = {
        "window": [today - asked.days + 1, today],
        "by_category": asked.by_category,
        "longest": asked.within_days * DAY_MICROSECONDS,
        "after": asked.after_days * DAY_MICROSECONDS,
        "outcome": words.events.get(asked.outcome, -1),
        "totals": notes["totals"],
        "kinds": notes["tie_kinds"],
    }
    exchange = workspace.scratch / f"patterns-{job.number}"
    try:
        with opened_engine(workspace, job, exchange) as engine:
            parts = parts or parts_for(int(notes["events"]), workspace.settings)
            return Miner(job, engine, snapshot, asked, words, params, parts).mine(ready)
    finally:
        workspace.lake.storage.drop(exchange)


def _added(parts: Sequence[Json]) -> NDArray[np.int64]:
    """The sums of all buckets."""
    added: NDArray[np.int64] = np.array(parts, np.int64).sum(axis=0)
    return added


def _effects(sums: Sequence[NDArray[np.int64]]) -> list[PatternEffect]:
    """What the sums say, each with the share of false findings that goes with it."""
    lifts = [lift(one) for one in sums]
    chances = iter(adjusted([one.p for one in lifts if one]))
    told = []
    for one, found in zip(sums, lifts, strict=True):
        effect = PatternEffect(*(int(many) for many in one.sum(axis=0)))
        if found:
            q = next(chances)
            effect = replace(effect, lift=found.value, low=found.low, high=found.high, q=q)
        told.append(effect)
    return told


def _standing(effects: Mapping[Path, PatternEffect]) -> list[tuple[Path, PatternEffect]]:
    """What stands out, the surest first; a longer pattern only if it says more than each part of it that does."""
    sure = {path: one for path, one in effects.items() if one.q is not None and one.q <= FALSE_SHARE and _strength(one)}
    by_length = sorted(sure, key=lambda path: (len(path), path))
    kept: list[Path] = []
    for path in by_length:
        parts = [part for part in kept if len(part) < len(path) and contains(path, part)]
        if all(_strength(sure[path]) > _strength(sure[part]) for part in parts if _is_like(sure[part], sure[path])):
            kept.append(path)
    kept.sort(key=lambda path: (-_strength(sure[path]), path))
    return [(path, sure[path]) for path in kept]


def _strength(effect: PatternEffect) -> float:
    if effect.lift is None or effect.low is None or effect.high is None:
        return 0.0
    return strength(Lift(effect.lift, effect.low, effect.high, 0.0))


def _is_like(one: PatternEffect, other: PatternEffect) -> bool:
    """Whether both say the same way."""
    return ((one.lift or 1) > 1) == ((other.lift or 1) > 1)
