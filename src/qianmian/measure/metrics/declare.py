"""What a metric is: measures, which are counted in one scan, and a formula of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from qianmian.core.language import Language

#: Days of a window that has no beginning: longer than any shop stands.
EVER = 36_600


class Take(StrEnum):
    """What is taken of the rows of a measure."""

    ROWS = "rows"
    PEOPLE = "people"
    PERSON_DAYS = "person_days"  # people of each date, added up
    SUM = "sum"


class Unit(StrEnum):
    """What a metric's number counts."""

    MONEY = "money"
    PEOPLE = "people"
    SHARE = "share"
    COUNT = "count"
    DAYS = "days"


class Better(StrEnum):
    """In which direction a metric is good news."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


class Grain(StrEnum):
    """How long a period is; weeks are ISO's, from Monday on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"


@dataclass(frozen=True)
class Worded:
    """A text in both languages."""

    zh: str
    en: str

    def told(self, language: Language) -> str:
        """The text in a language."""
        return self.zh if language is Language.ZH else self.en


@dataclass(frozen=True)
class Where:
    """A filter on the rows of a source.

    Attributes:
        column: of the source.
        operator: ``in``, ``>=`` or ``<=``.
        values: names of events, or numbers; one, but for ``in``.
    """

    column: str
    operator: str
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class Measure:
    """Something that is counted or summed.

    Attributes:
        name: unique in the dictionary.
        title: in both languages.
        source: whose rows are counted; see `qianmian.measure.metrics.sources`.
        take: what is taken of them.
        on: column of the date to whose period a row belongs.
        column: what is summed.
        where: filters; all must hold.
        at_least: people count who have so many rows in the period.
        window_days: people count who have a row in so many dates that end with the period's last; 0 = in the period.
        after_days: rows count only once so many days after `on` are over, so that everybody had the same time.
        opens: text of the condition that lists the people, with ``{first}`` and ``{last}``; empty = from `where`.
        opens_today: the same, but true only of a period that ends with the build's date.
    """

    name: str
    title: Worded
    source: str
    take: Take
    on: str
    column: str = ""
    where: tuple[Where, ...] = ()
    at_least: int = 1
    window_days: int = 0
    after_days: int = 0
    opens: str = ""
    opens_today: str = ""


@dataclass(frozen=True)
class Joined:
    """Two formulas, one ``over``, ``minus`` or ``plus`` the other; nothing over zero has no value."""

    sign: str
    left: Formula
    right: Formula


Formula: TypeAlias = Measure | Joined
SIGNS = {"over": "÷", "minus": "−", "plus": "+"}


@dataclass(frozen=True)
class Metric:
    """One definition of one number.

    Attributes:
        name: the same at every door.
        family: what it is about; see `FAMILIES`.
        title, meaning, trap: in both languages; the trap is what is easily read wrongly, or empty.
        formula: how it is told from measures.
        unit: what it counts.
        better: in which direction it is good news.
        events: what must be collected beside what its measures need.
        opens, opens_today: as of a `Measure`, for a formula that counts people.
        owner: who answers for it.
        version: counts up when the formula changes.
    """

    name: str
    family: str
    title: Worded
    meaning: Worded
    trap: Worded
    formula: Formula
    unit: Unit
    better: Better
    events: tuple[str, ...] = ()
    opens: str = ""
    opens_today: str = ""
    owner: str = "Qianmian"
    version: int = 1

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it is told from, each once."""
        return tuple(dict.fromkeys(measures_of(self.formula)))


FAMILIES = ("sales", "customers", "refunds", "visits", "funnel", "retention", "social", "marketing")


def measures_of(formula: Formula) -> Iterator[Measure]:
    """All measures of a formula, from left to right."""
    if isinstance(formula, Joined):
        yield from measures_of(formula.left)
        yield from measures_of(formula.right)
    else:
        yield formula


def in_words(formula: Formula, language: Language) -> str:
    """A formula as people read it: ``Money paid ÷ orders``."""
    if isinstance(formula, Measure):
        return formula.title.told(language)
    sides = (in_words(side, language) for side in (formula.left, formula.right))
    nested = (isinstance(side, Joined) for side in (formula.left, formula.right))
    left, right = (f"({text})" if inner else text for text, inner in zip(sides, nested, strict=True))
    return f"{left} {SIGNS[formula.sign]} {right}"
