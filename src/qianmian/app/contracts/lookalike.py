"""What the doors tell of people like the ones of an audience."""

from __future__ import annotations

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold


class RecallTold(Contract):
    """At one size: how many unseen seeds stand so high among the others."""

    share: float = Field(description="of the others, those most like the seeds")
    recall: float = Field(description="share of the seeds kept aside that are as much alike")
    lift: float = Field(description="that over the share: how often more than by chance")


class LookalikeTold(Contract):
    """People like the seeds, none of whom is one."""

    seeds_condition: str = Field(description="canonical text of what the seeds meet")
    seeds: int = Field(description="how many they are")
    of_people: int = Field(description="people with a profile")
    measures: list[str] = Field(description="names of the tags by which people are compared")
    left_out: list[str] = Field(
        description="tags that look at what the seeds' condition looks at, or tell nobody apart"
    )
    found: list[RecallTold] = Field(description="how many unseen seeds the model finds, at several sizes")
    condition: str = Field(description="condition that lists the people found; save it to keep them")
    people: int = Field(description="how many they are")
    share: float = Field(description="their share in everybody who is no seed")
    recall: float = Field(description="share of the unseen seeds that meet the rules of that condition")
    lift: float = Field(description="that over the share of unseen others who meet them")
    computed: ComputedTold = Field(description="from which build")
