"""What the doors tell of audiences."""

from __future__ import annotations

from pydantic import Field

from qianmian.app.answers import People
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold


class AudienceTold(Contract):
    """How many people meet a condition."""

    condition: str = Field(description="canonical text of the condition")
    size: int = Field(description="people who meet it")
    of_people: int = Field(description="people with a profile")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, people: People) -> AudienceTold:
        """The size, without naming anybody."""
        told = ComputedTold.of(people.computed)
        return cls(condition=people.condition, size=people.size(), of_people=people.of_people, computed=told)


class MembersTold(AudienceTold):
    """Who meets a condition."""

    members: list[str] = Field(description="ids of people, ascending, up to the limit")

    @classmethod
    def of(cls, people: People) -> MembersTold:
        """Size and members."""
        return cls(**AudienceTold.of(people).model_dump(), members=people.members())
