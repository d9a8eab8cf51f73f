"""Formulas of tags: each makes a value from partials, as SQL for the engine and as a message for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from qianmian.core.messages import Message
from qianmian.profile.tags.cuts import QUINTILES
from qianmian.profile.tags.partial import Partial


class Formula(Protocol):
    """How a value is made."""

    @property
    def sql(self) -> str:
        """SQL over the partials' names, ``$today`` and the cuts of `qianmian.profile.tags.cuts`."""

    @property
    def said(self) -> Message:
        """The same in words."""


@dataclass(frozen=True)
class Kept:
    """A partial as it is kept."""

    partial: Partial

    @property
    def sql(self) -> str:
        """The column."""
        return self.partial.name

    @property
    def said(self) -> Message:
        """What is folded of which rows."""
        return self.partial.said


@dataclass(frozen=True)
class Money(Kept):
    """Money that is kept in 1/10,000 of the currency."""

    @property
    def sql(self) -> str:
        """In the currency."""
        return f"{self.partial.name} / 10000"


@dataclass(frozen=True)
class WholeMoney(Kept):
    """Money in whole units of the currency, by which people are cut."""

    @property
    def sql(self) -> str:
        """Without the fraction."""
        return f"{self.partial.name} // 10000"


@dataclass(frozen=True)
class OnDate:
    """The local date of an instant."""

    partial: Partial

    @property
    def sql(self) -> str:
        """The column with the date."""
        return f"{self.partial.name.removesuffix('_at')}_on"

    @property
    def said(self) -> Message:
        """Of which instant."""
        return Message("tag_on_date", what=self.partial.said)


@dataclass(frozen=True)
class DaysSince:
    """Local dates between an instant and the build's."""

    partial: Partial

    @property
    def sql(self) -> str:
        """A number of days."""
        return f"date_diff('day', {OnDate(self.partial).sql}, getvariable('today')::DATE)"

    @property
    def said(self) -> Message:
        """Since what."""
        return Message("tag_days_since", what=self.partial.said)


@dataclass(frozen=True)
class Each:
    """Money for each of something that was counted; nothing where nothing was."""

    money: Partial
    counted: Partial

    @property
    def sql(self) -> str:
        """A quotient."""
        return f"CASE WHEN {self.counted.name} > 0 THEN {Money(self.money).sql} / {self.counted.name} END"

    @property
    def said(self) -> Message:
        """What is divided by what."""
        return Message("tag_each", money=self.money.said, counted=self.counted.said)


@dataclass(frozen=True)
class Test:
    """A value beside a number: ``>=``, ``=``, ``<`` or ``>``."""

    __test__ = False  # not a pytest class

    of: Formula
    sign: str
    number: int

    @property
    def sql(self) -> str:
        """A comparison."""
        return f"{self.of.sql} {self.sign} {self.number}"

    @property
    def said(self) -> Message:
        """The comparison in words."""
        return Message(_SIGNS[self.sign], what=self.of.said, number=self.number)


_SIGNS = {">=": "test_at_least", "=": "test_equal", "<": "test_below", ">": "test_above"}


@dataclass(frozen=True)
class FirstMatch:
    """The first value all of whose tests hold.

    Attributes:
        cases: values with their tests, in the order in which they are tried.
        otherwise: the value where none holds.
    """

    cases: tuple[tuple[str, tuple[Test, ...]], ...]
    otherwise: str

    @property
    def sql(self) -> str:
        """A CASE."""
        whens = "\n    ".join(
            f"WHEN {' AND '.join(test.sql for test in tests)} THEN '{value}'" for value, tests in self.cases
        )
        return f"CASE\n    {whens}\n    ELSE '{self.otherwise}' END"

    @property
    def said(self) -> Message:
        """Every case in its order."""
        cases = [
            Message("tag_case", value=VALUES[value], tests=[test.said for test in tests]) for value, tests in self.cases
        ]
        return Message("tag_first_match", cases=cases, otherwise=VALUES[self.otherwise])


@dataclass(frozen=True)
class Quintile:
    """A score from 1 to 5: a fifth of the buyers; equal values get equal scores.

    Attributes:
        letter: names the cuts, see `qianmian.profile.tags.cuts`.
        of: what the buyers are ordered by.
        buyers: how often they bought; nobody else has a score.
        falling: less is better.
    """

    letter: str
    of: Formula
    buyers: Partial
    falling: bool = False

    @property
    def sql(self) -> str:
        """One more than the cuts below the value."""
        value = f"{'-' if self.falling else ''}{self.of.sql}"
        below = " + ".join(
            f"coalesce((getvariable('{self.letter}_cuts')[{cut}] < {value})::INTEGER, 0)" for cut in range(1, QUINTILES)
        )
        return f"CASE WHEN {self.buyers.name} > 0 THEN 1 + {below} END"

    @property
    def said(self) -> Message:
        """By what, and which end is good."""
        name = "tag_quintile_falling" if self.falling else "tag_quintile"
        return Message(name, what=self.of.said, parts=QUINTILES)


@dataclass(frozen=True)
class AgainstMeans:
    """The eight segments: recency, number of orders and money beside the buyers' means.

    Each measure is compared in whole numbers: a sum over a count is never divided.
    """

    last: Partial
    orders: Partial
    money: Partial

    @property
    def sql(self) -> str:
        """A code such as ``important_value``; nothing for who never bought."""
        recent = f"{DaysSince(self.last).sql} * getvariable('buyers') <= getvariable('recency')"
        frequent = f"{self.orders.name} * getvariable('buyers') >= getvariable('orders')"
        spending = f"{self.money.name} * getvariable('buyers') >= getvariable('money')"
        return f"""CASE WHEN {self.orders.name} > 0 THEN
    CASE WHEN {spending} THEN 'important' ELSE 'general' END ||
    CASE WHEN {recent} AND {frequent} THEN '_value' WHEN {recent} THEN '_develop'
         WHEN {frequent} THEN '_keep' ELSE '_retain' END END"""

    @property
    def said(self) -> Message:
        """Each comparison, and what it decides."""
        return Message(
            "tag_against_means",
            money=self.money.said,
            recency=DaysSince(self.last).said,
            orders=self.orders.said,
        )


@dataclass(frozen=True)
class Written:
    """A formula that was made of an author's words; see `qianmian.profile.tags.declaration`.

    Attributes:
        sql: over the names of partials and of the tags that it uses; no text of its author stands in it.
        said: the same in words.
    """

    sql: str
    said: Message


@dataclass(frozen=True)
class Ranked:
    """The part of the people in which somebody stands, from 1; equal values share one, the last is the best.

    Attributes:
        name: of the tag, which names its cuts.
        of: name of the tag by whose value people are ranked.
        parts: how many, about equally large.
        measure: SQL of the whole number that they are ranked by; nothing = not ranked.
        falling: less is better.
    """

    name: str
    of: str
    parts: int
    measure: str
    falling: bool = False

    @property
    def sql(self) -> str:
        """One more than the cuts below the value."""
        below = f"len(list_filter(getvariable('cuts_{self.name}'), lambda cut: cut < {self.measure}))"
        return f"CASE WHEN {self.measure} IS NOT NULL THEN 1 + {below} END"

    @property
    def said(self) -> Message:
        """By what, and which end is good."""
        name = "tag_ranked_falling" if self.falling else "tag_ranked"
        return Message(name, of=self.of, parts=self.parts)


@dataclass(frozen=True)
class Stated:
    """What sources state of a person, as the facts resolve it.

    Attributes:
        name: of the tag, which names its column.
        trait: by the fact rules.
    """

    name: str
    trait: str

    @property
    def sql(self) -> str:
        """The column; a word that is no number of the tag's type is nothing."""
        return f"stated_{self.name}"

    @property
    def said(self) -> Message:
        """Which trait."""
        return Message("tag_stated", trait=self.trait)


@dataclass(frozen=True)
class Queried:
    """What a SELECT of its author answered at the last build.

    Attributes:
        name: of the tag, which names its column.
        select: over ``profiles`` and ``history``; it runs in the sandbox and nowhere else.
        reads_history: whether it names ``history``.
    """

    name: str
    select: str
    reads_history: bool

    @property
    def sql(self) -> str:
        """The column of its answers."""
        return f"queried_{self.name}"

    @property
    def said(self) -> Message:
        """The SELECT."""
        return Message("tag_queried", select=self.select)


#: Titles of the values that formulas and declared tags name.
VALUES = {
    "important_value": Message("value_important_value"),
    "important_develop": Message("value_important_develop"),
    "important_keep": Message("value_important_keep"),
    "important_retain": Message("value_important_retain"),
    "general_value": Message("value_general_value"),
    "general_develop": Message("value_general_develop"),
    "general_keep": Message("value_general_keep"),
    "general_retain": Message("value_general_retain"),
    "loyal": Message("value_loyal"),
    "new": Message("value_new"),
    "active": Message("value_active"),
    "at_risk": Message("value_at_risk"),
    "lost": Message("value_lost"),
    "potential": Message("value_potential"),
    "fragmented": Message("value_fragmented"),
    "focused": Message("value_focused"),
    "steady": Message("value_steady"),
    "night": Message("value_night"),
    "morning": Message("value_morning"),
    "afternoon": Message("value_afternoon"),
    "evening": Message("value_evening"),
    "high": Message("value_high"),
    "middle": Message("value_middle"),
    "low": Message("value_low"),
    "silent": Message("value_silent"),
    "long_overdue": Message("value_long_overdue"),
    "overdue": Message("value_overdue"),
    "due": Message("value_due"),
    "not_due": Message("value_not_due"),
    "bought_once": Message("value_bought_once"),
    "yes": Message("said_yes"),
    "no": Message("said_no"),
    "top": Message("value_top"),
    "none": Message("none"),
    "strong": Message("value_strong"),
    "medium": Message("value_medium"),
    "modest": Message("value_modest"),
    "loyal_to_one": Message("value_loyal_to_one"),
    "few_brands": Message("value_few_brands"),
    "many_brands": Message("value_many_brands"),
    "explorer": Message("value_explorer"),
    "open": Message("value_open"),
    "settled": Message("value_settled"),
    "deep": Message("value_deep"),
    "shallow": Message("value_shallow"),
    "watching": Message("value_watching"),
    "heavy": Message("value_heavy"),
    "some": Message("value_some"),
    "advocacy": Message("value_advocacy"),
    "purchase": Message("value_purchase"),
    "decision": Message("value_decision"),
    "comparison": Message("value_comparison"),
    "need": Message("value_need"),
    "away": Message("value_away"),
}
