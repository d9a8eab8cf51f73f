"""A condition as JSON, for who builds it from parts: the same tree that its text says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.query.tree import MAX_HOPS, MAX_STEPS, Operator

Name: TypeAlias = Annotated[str, Field(pattern=r"^[^\W\d]\w*$", max_length=200)]
Times: TypeAlias = Annotated[int, Field(ge=0, le=999_999_999)]


class TextTold(Contract):
    """A text; also a date or an instant."""

    type: Literal["text"]
    text: str = Field(max_length=20_000, description="without quotes")


class NumberTold(Contract):
    """A number, exact."""

    type: Literal["number"]
    number: str = Field(pattern=r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$", description="its digits")


class FlagTold(Contract):
    """True or false."""

    type: Literal["flag"]
    flag: bool


ValueTold: TypeAlias = Annotated[TextTold | NumberTold | FlagTold, Field(discriminator="type")]


class CompareTold(Contract):
    """A tag, or a field of an event, beside a value."""

    type: Literal["compare"]
    name: Name
    operator: Operator
    value: ValueTold


class InTold(Contract):
    """One of several values."""

    type: Literal["in"]
    name: Name
    values: list[ValueTold] = Field(min_length=1)


class BetweenTold(Contract):
    """A range; both ends belong."""

    type: Literal["between"]
    name: Name
    low: ValueTold
    high: ValueTold


class NullTold(Contract):
    """Nothing is known."""

    type: Literal["null"]
    name: Name


class ContainsTold(Contract):
    """A text that stands somewhere in the value."""

    type: Literal["contains"]
    name: Name
    text: str = Field(max_length=20_000)


AtomTold: TypeAlias = Annotated[
    CompareTold | InTold | BetweenTold | NullTold | ContainsTold, Field(discriminator="type")
]


class WindowTold(Contract):
    """The dates that count: the last so many, or from one to another; all where nothing is said."""

    last_days: int | None = Field(default=None, ge=1)
    from_on: date | None = None
    to_on: date | None = None


class StepTold(Contract):
    """An event, and what holds of it."""

    event: str = Field(max_length=20_000, description="its name")
    filters: list[AtomTold] = Field(default=[], description="what holds on one row of it")


class DidTold(StepTold):
    """How often somebody did something."""

    type: Literal["did"]
    window: WindowTold = WindowTold()
    operator: Operator = Operator.AT_LEAST
    times: Times = 1


class SequenceTold(Contract):
    """One thing after another."""

    type: Literal["sequence"]
    steps: list[StepTold] = Field(min_length=2, max_length=MAX_STEPS)
    within: str | None = Field(
        default=None, pattern=r"^[0-9]{1,6}[wdhm]$", description="from the first event to the last, such as 7d"
    )
    window: WindowTold = WindowTold()


class TiedTold(Contract):
    """Which ties count."""

    kinds: list[str] = Field(default=[], description="empty = any")
    direction: Literal["out", "in"] | None = Field(default=None, description="empty = either")
    strength: NumberTold | None = Field(default=None, description="at least, from 0 to 1")


class FriendsTold(Contract):
    """How many people tied to somebody meet a condition."""

    type: Literal["friends"]
    term: ConditionTold
    tied: TiedTold = TiedTold()
    operator: Operator = Operator.AT_LEAST
    people: Times = 1


class WithinTold(Contract):
    """Few ties lead to somebody who meets a condition."""

    type: Literal["within"]
    term: ConditionTold
    hops: int = Field(ge=1, le=MAX_HOPS)
    tied: TiedTold = TiedTold()


class GroupTold(Contract):
    """All of several conditions, or one of them."""

    type: Literal["and", "or"]
    terms: list[ConditionTold] = Field(min_length=1, description="of one alone, the group says nothing")


class NotTold(Contract):
    """The opposite."""

    type: Literal["not"]
    term: ConditionTold


ConditionTold: TypeAlias = Annotated[
    CompareTold | InTold | BetweenTold | NullTold | ContainsTold
    | DidTold | SequenceTold | FriendsTold | WithinTold | GroupTold | NotTold,
    Field(discriminator="type"),
]  # fmt: skip
for _model in (FriendsTold, WithinTold, GroupTold, NotTold):
    _model.model_rebuild()
