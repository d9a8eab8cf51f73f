"""A condition as JSON, for who builds it from parts: the same tree that its text says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.query.tree import MAX_HOPS, MAX_STEPS, Operator
from qianmian.query.window import MAX_WINDOW_DAYS

Name: TypeAlias = Annotated[
    str, Field(pattern=r"^[^\W\d]\w*$", max_length=200, description="of a tag, or of a field of an event")
]
Times: TypeAlias = Annotated[int, Field(ge=0, le=999_999_999, description="with how many it is compared")]
Comparison: TypeAlias = Annotated[Operator, Field(description="how it is compared")]

Stage: TypeAlias = Literal["awakened", "comparing", "deciding", "bought", "engaging", "loyal"]


class TextTold(Contract):
    """A text; also a date or an instant."""

    type: Literal["text"] = Field(description="which part this is")
    text: str = Field(max_length=20_000, description="without quotes")


class NumberTold(Contract):
    """A number, exact."""

    type: Literal["number"] = Field(description="which part this is")
    number: str = Field(pattern=r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$", description="its digits")


class FlagTold(Contract):
    """True or false."""

    type: Literal["flag"] = Field(description="which part this is")
    flag: bool = Field(description="the value")


ValueTold: TypeAlias = Annotated[TextTold | NumberTold | FlagTold, Field(discriminator="type")]


class CompareTold(Contract):
    """A tag, or a field of an event, beside a value."""

    type: Literal["compare"] = Field(description="which part this is")
    name: Name
    operator: Comparison
    value: ValueTold = Field(description="with what")


class InTold(Contract):
    """One of several values."""

    type: Literal["in"] = Field(description="which part this is")
    name: Name
    values: list[ValueTold] = Field(min_length=1, description="of which one is met")


class BetweenTold(Contract):
    """A range; both ends belong."""

    type: Literal["between"] = Field(description="which part this is")
    name: Name
    low: ValueTold = Field(description="the lower end")
    high: ValueTold = Field(description="the upper end")


class NullTold(Contract):
    """Nothing is known."""

    type: Literal["null"] = Field(description="which part this is")
    name: Name


class ContainsTold(Contract):
    """A text that stands somewhere in the value."""

    type: Literal["contains"] = Field(description="which part this is")
    name: Name
    text: str = Field(max_length=20_000, description="letter for letter")


AtomTold: TypeAlias = Annotated[
    CompareTold | InTold | BetweenTold | NullTold | ContainsTold, Field(discriminator="type")
]


class WindowTold(Contract):
    """The dates that count: the last so many, or from one to another; all where nothing is said."""

    last_days: int | None = Field(default=None, ge=1, description="so many dates, today the last")
    from_on: date | None = Field(default=None, description="the first date")
    to_on: date | None = Field(default=None, description="the last date")


class StepTold(Contract):
    """An event, and what holds of it."""

    event: str = Field(max_length=20_000, description="its name")
    filters: list[AtomTold] = Field(default=[], description="what holds on one row of it")


class DidTold(StepTold):
    """How often somebody did something."""

    type: Literal["did"] = Field(description="which part this is")
    window: WindowTold = Field(default=WindowTold(), description="the dates that count")
    operator: Comparison = Operator.AT_LEAST
    times: Times = 1


class SequenceTold(Contract):
    """One thing after another."""

    type: Literal["sequence"] = Field(description="which part this is")
    steps: list[StepTold] = Field(min_length=2, max_length=MAX_STEPS, description="in their order")
    within: str | None = Field(
        default=None, pattern=r"^[0-9]{1,6}[wdhm]$", description="from the first event to the last, such as 7d"
    )
    window: WindowTold = Field(default=WindowTold(), description="the dates that count")


class TiedTold(Contract):
    """Which ties count."""

    kinds: list[str] = Field(default=[], description="empty = any")
    direction: Literal["out", "in"] | None = Field(default=None, description="empty = either")
    strength: NumberTold | None = Field(default=None, description="at least, from 0 to 1")


class FriendsTold(Contract):
    """How many people tied to somebody meet a condition."""

    type: Literal["friends"] = Field(description="which part this is")
    term: ConditionTold = Field(description="what they meet")
    tied: TiedTold = Field(default=TiedTold(), description="which ties count")
    operator: Comparison = Operator.AT_LEAST
    people: Times = 1


class WithinTold(Contract):
    """Few ties lead to somebody who meets a condition."""

    type: Literal["within"] = Field(description="which part this is")
    term: ConditionTold = Field(description="what they meet")
    hops: int = Field(ge=1, le=MAX_HOPS, description="ties on the way, at most")
    tied: TiedTold = Field(default=TiedTold(), description="which ties count")


class MemberTold(Contract):
    """Who is in a saved audience, or entered or left it with one build."""

    type: Literal["audience"] = Field(description="which part this is")
    audience: int = Field(ge=1, lt=1_000_000_000, description="number of the audience")
    moved: Literal["entered_in", "left_in"] | None = Field(default=None, description="empty = whoever is in it")
    build: int | None = Field(default=None, ge=1, lt=1_000_000_000, description="number of the build that found it")
    cause: Literal["definition", "merge", "behaviour", "late", "window"] | None = Field(
        default=None, description="why; empty = whatever it was"
    )


class JourneyTold(Contract):
    """Somebody stands at some stage of the purchase journey with a category."""

    type: Literal["journey"] = Field(description="which part this is")
    category: str = Field(max_length=20_000, description="of goods")
    stages: list[Stage] = Field(min_length=1, description="one of which holds now")
    days: int | None = Field(default=None, ge=1, le=MAX_WINDOW_DAYS, description="it began in so many; empty = ever")


class GroupTold(Contract):
    """All of several conditions, or one of them."""

    type: Literal["and", "or"] = Field(description="which part this is")
    terms: list[ConditionTold] = Field(min_length=1, description="of one alone, the group says nothing")


class NotTold(Contract):
    """The opposite."""

    type: Literal["not"] = Field(description="which part this is")
    term: ConditionTold = Field(description="what does not hold")


ConditionTold: TypeAlias = Annotated[
    CompareTold | InTold | BetweenTold | NullTold | ContainsTold
    | DidTold | SequenceTold | FriendsTold | WithinTold | MemberTold | JourneyTold | GroupTold | NotTold,
    Field(discriminator="type"),
]  # fmt: skip
for _model in (FriendsTold, WithinTold, GroupTold, NotTold):
    _model.model_rebuild()
