"""The library of patterns: ready, kept and mined ones, each a condition with its people and with what came after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.jobs import Watcher
from qianmian.app.patterns.kept import KeptPattern, KeptPatterns
from qianmian.app.patterns.mine import Words, mined
from qianmian.app.patterns.runs import LONGEST, SHORTEST, MinedPattern, Mining, PatternEffect, PatternRun, pattern_runs
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import ConditionError, InputError, UnknownNameError
from qianmian.core.language import Language
from qianmian.profile.reading import Reading
from qianmian.query.parse import parse
from qianmian.query.window import MAX_WINDOW_DAYS
from qianmian.segment.audiences import audience, everybody
from qianmian.segment.patterns.library import ReadyPattern, ready_patterns
from qianmian.segment.patterns.select import select_of
from qianmian.segment.patterns.steps import Step, beginnings, missing_of, sequence_of, steps_of

BUILT_IN, KEPT, MINED = "built_in", "kept", "mined"
_BOUNDS = {
    "days": (1, MAX_WINDOW_DAYS),
    "within_days": (1, 366),
    "after_days": (1, 366),
    "longest": (SHORTEST, LONGEST),
}


@dataclass(frozen=True)
class Pattern:
    """A way of behaving.

    Attributes:
        pattern: what it is called by: the name of a ready one, ``k3`` of a kept one, ``m3`` of the last run's.
        origin: `BUILT_IN`, `KEPT` or `MINED`.
        zh: what it is called in Chinese; empty = by its steps.
        en: what it is called in English.
        use_zh: what one does with these people, in Chinese; may be empty.
        use_en: the same in English.
        condition: canonical text of whom it holds.
        steps: what is done, in order.
        missing: what must not have followed.
        people: who meets the condition; None = the shop cannot tell. Of a mined one: when it was mined.
        effect: what came after, by the last run; None = it was not compared.
    """

    pattern: str
    origin: str
    zh: str
    en: str
    use_zh: str
    use_en: str
    condition: str
    steps: list[Step]
    missing: list[Step]
    people: int | None
    effect: PatternEffect | None


@dataclass(frozen=True)
class PatternLibrary:
    """All patterns.

    Attributes:
        of_people: people with a profile.
        patterns: the kept ones, the mined ones, the ready ones.
        run: the last run; None = nothing was mined yet.
        computed: from which build.
    """

    of_people: int
    patterns: list[Pattern]
    run: PatternRun | None
    computed: Computed


@dataclass(frozen=True)
class PatternStep:
    """How far people came.

    Attributes:
        step: what they did last.
        people: who came so far.
        condition: condition that lists them.
    """

    step: Step
    people: int
    condition: str


@dataclass(frozen=True)
class PatternShown:
    """One pattern with how far people came.

    Attributes:
        pattern: what it is, its people counted now.
        of_people: people with a profile.
        reached: step by step; empty = it has no sequence.
        run: the last run; None = nothing was mined yet.
        computed: from which build.
    """

    pattern: Pattern
    of_people: int
    reached: list[PatternStep]
    run: PatternRun | None
    computed: Computed


def mine(
    shop: Shop, asked: Mining, *, by: str = "", purpose: str = ANALYSE, watch: Watcher | None = None
) -> PatternRun:
    """Mine the history of the last build for what people do before something comes, and keep what was found.

    Args:
        shop: the shop.
        asked: what is asked.
        by: account that asked for it.
        purpose: what the answer is used for.
        watch: told how far it is.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such event, or nothing was built yet.
        InputError: a number is out of its range.
        LeaseHeldError: something else writes.
    """
    with shop.asking(purpose) as (found, computed):
        _check(asked, found)
        meaning = found.dimensions
        words = Words(meaning.event_codes, meaning.by_name["category"].words, found.today)
        ready = [one for one in _conditions(shop) if _can_be_told(found, one)]
    runs = pattern_runs(shop.workspace.catalogue, shop.workspace.clock)
    with shop.job("pattern", "mining of patterns", watch) as job:
        told = mined(shop, job, asked, words, ready)
        run = runs.add(told, computed.build, by=by)
        job.result |= {"run": run.run, "frequent": told.frequent, "patterns": len(told.patterns)}
    return run


def _check(asked: Mining, found: Reading) -> None:
    for event in (asked.outcome, *asked.leave_out):
        if event not in found.vocabulary.events:
            raise UnknownNameError("pattern_event", event=event)
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(asked, name) <= most:
            raise InputError("pattern_bounds", name=name, least=least, most=most)
    if not 0 < asked.least_share <= 1:
        raise InputError("pattern_bounds", name="least_share", least=0, most=1)


def _conditions(shop: Shop) -> list[str]:
    """Conditions of the ready and the kept patterns that have a sequence."""
    kept = KeptPatterns(shop.workspace.catalogue, shop.workspace.clock).all()
    some = [*(one.condition for one in ready_patterns()), *(one.condition for one in kept)]
    told = dict.fromkeys(str(parse(one)) for one in some)
    return [one for one in told if sequence_of(parse(one))]


def _can_be_told(found: Reading, condition: str) -> bool:
    try:
        audience(found, condition, purpose="", check=lambda _: None)
    except ConditionError:
        return False
    return True


def last_run(shop: Shop, *, purpose: str = ANALYSE) -> PatternRun | None:
    """What the last run found; None = nothing was mined yet.

    Raises:
        PurposeError: the purpose is not registered.
    """
    shop.workspace.purposes.check(purpose)
    return pattern_runs(shop.workspace.catalogue, shop.workspace.clock).last()


def library(shop: Shop, *, purpose: str = ANALYSE) -> PatternLibrary:
    """All patterns: the kept ones, those of the last run, the ready ones.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    run = last_run(shop, purpose=purpose)
    kept = KeptPatterns(shop.workspace.catalogue, shop.workspace.clock).all()
    with shop.asking(purpose) as (found, computed):
        size = _counting(shop, found, purpose)
        patterns = [_of_kept(one, run, size) for one in kept]
        patterns += [_of_mined(one) for one in run.found.patterns] if run else []
        patterns += [_of_ready(one, run, size) for one in ready_patterns()]
        return PatternLibrary(everybody(found), patterns, run, computed)


def show(shop: Shop, pattern: str, *, purpose: str = ANALYSE) -> PatternShown:
    """One pattern, and how many people came to each of its steps.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such pattern, or nothing was built yet.
    """
    run = last_run(shop, purpose=purpose)
    with shop.asking(purpose) as (found, computed):
        size = _counting(shop, found, purpose)
        one = _pattern(shop, pattern, run, size)
        steps = [] if one.people is None else beginnings(parse(one.condition))
        reached = [PatternStep(step, size(str(at)) or 0, str(at)) for step, at in zip(one.steps, steps, strict=False)]
        return PatternShown(one, everybody(found), reached, run, computed)


def keep(shop: Shop, pattern: str, name: str, *, by: str = "", purpose: str = ANALYSE) -> KeptPattern:
    """Keep a mined pattern, or any condition, under a name.

    Args:
        shop: the shop.
        pattern: a pattern, or the text of a condition.
        name: one line; no other kept pattern has it.
        by: account that keeps it.
        purpose: what it is used for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such pattern, or nothing was built yet.
        ConditionError: the condition does not parse, or names something unknown.
        InputError: the name is taken or odd.
    """
    is_mined = pattern[:1] == "m" and pattern[1:].isdigit()
    is_condition = "(" in pattern
    run = last_run(shop, purpose=purpose)
    condition = pattern if is_condition else _pattern(shop, pattern, run, lambda _: None).condition
    asked = shop.audience(condition, purpose=purpose, limit=0)
    return KeptPatterns(shop.workspace.catalogue, shop.workspace.clock).add(
        name, asked.condition, is_mined=is_mined, by=by
    )


def forget(shop: Shop, pattern: str) -> KeptPattern:
    """Take a kept pattern out of the library.

    Raises:
        UnknownNameError: there is none of that number.
    """
    if pattern[:1] != "k" or not pattern[1:].isdigit():
        raise UnknownNameError("no_pattern", pattern=pattern)
    return KeptPatterns(shop.workspace.catalogue, shop.workspace.clock).delete(int(pattern[1:]))


@dataclass(frozen=True)
class TaggedPattern:
    """A tag that was declared for a pattern.

    Attributes:
        tag: its name.
        pattern: of which pattern.
        select: the SELECT that tells it, from the next build on.
    """

    tag: str
    pattern: str
    select: str


def tag(shop: Shop, pattern: str, name: str = "", *, by: str = "", purpose: str = ANALYSE) -> TaggedPattern:
    """Declare a tag that says of everybody whether they meet a pattern; the next build tells it.

    Args:
        shop: the shop.
        pattern: which.
        name: of the tag; empty = made of the pattern's.
        by: account that declares it.
        purpose: what it is used for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such pattern.
        InputError: the condition asks for more than deeds and sequences, or a tag has the name.
        RulesError: the name is none.
    """
    one = _pattern(shop, pattern, last_run(shop, purpose=purpose), lambda _: None)
    name = name or (f"pattern_{one.pattern}" if one.origin == BUILT_IN else f"pattern_{_digest(one.condition)}")
    if name in {known.name for known in shop.tags()}:
        raise InputError("pattern_tag_exists", tag=name)
    select = select_of(parse(one.condition))
    steps = " → ".join(map(str, one.steps))
    entry = {
        "title": {"zh": one.zh or steps, "en": one.en or steps},
        "kind": "sql",
        "type": "text",
        "note": one.condition,
        "select": select,
    }
    DeclaredTags(shop.workspace.catalogue, shop.workspace.clock).put(name, entry, by=by)
    return TaggedPattern(name, one.pattern, select)


Size = Callable[[str], int | None]


def _counting(shop: Shop, found: Reading, purpose: str) -> Size:
    """Counts people by a condition; None = the shop cannot tell."""

    def size(condition: str) -> int | None:
        try:
            return audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check).size(found)
        except ConditionError:
            return None

    return size


def _pattern(shop: Shop, pattern: str, run: PatternRun | None, size: Size) -> Pattern:
    for one in ready_patterns():
        if one.name == pattern:
            return _of_ready(one, run, size)
    if pattern[1:].isdigit() and len(pattern) < 12:
        number = int(pattern[1:])
        if pattern[0] == "k":
            return _of_kept(KeptPatterns(shop.workspace.catalogue, shop.workspace.clock).get(number), run, size)
        if pattern[0] == "m" and run:
            return _of_mined(run.found.pattern(number))
    raise UnknownNameError("no_pattern", pattern=pattern)


def _of_ready(one: ReadyPattern, run: PatternRun | None, size: Size) -> Pattern:
    zh, en = (one.titles[language] for language in (Language.ZH, Language.EN))
    use_zh, use_en = (one.uses[language] for language in (Language.ZH, Language.EN))
    return _made(one.name, BUILT_IN, (zh, en, use_zh, use_en), one.condition, run, size)


def _of_kept(one: KeptPattern, run: PatternRun | None, size: Size) -> Pattern:
    return _made(f"k{one.pattern}", KEPT, (one.name, one.name, "", ""), one.condition, run, size)


def _made(
    pattern: str, origin: str, said: tuple[str, str, str, str], condition: str, run: PatternRun | None, size: Size
) -> Pattern:
    tree = parse(condition)
    effect = run.found.ready.get(str(tree)) if run else None
    return Pattern(pattern, origin, *said, str(tree), steps_of(tree), missing_of(tree), size(str(tree)), effect)


def _of_mined(one: MinedPattern) -> Pattern:
    return Pattern(f"m{one.number}", MINED, "", "", "", "", one.condition, one.steps, [], one.people, one.effect)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
