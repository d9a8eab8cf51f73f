"""What the doors tell of consent that events state."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.questions.consent import StatedPurpose
from qianmian.collect.consent import MEANINGS


class ConsentStateTold(Contract):
    """What a person agreed to when they last said, as of the last build."""

    purposes: list[str] = Field(description="agreed to; empty = to nothing, or nothing was ever stated")
    stated_at: datetime | None = Field(description="when that was; empty = never")
    source: str = Field(description="data source of the event that says so; empty = never")
    event_id: str = Field(description="its id")
    event: str = Field(description="its name")
    computed: ComputedTold = Field(description="the last build")


class StatedPurposeTold(Contract):
    """Events of a source that agree to a purpose."""

    purpose: str = Field(description="its name; none = they agree to nothing")
    events: int = Field(description="how many events of the lake")
    known: bool = Field(
        validation_alias="is_known", description="whether a category means it; else it is a category of its own name"
    )


class SourceConsentTold(Contract):
    """Which category of consent means which purpose in the events of a source, and what they stated."""

    own: dict[str, str] = Field(description="category → purpose, as declared for this source")
    usual: dict[str, str] = Field(description="category → purpose, where the source declares nothing else")
    stated: list[StatedPurposeTold] = Field(description="what events of the lake agree to, the commonest first")

    @classmethod
    def of(cls, own: dict[str, str], stated: list[StatedPurpose]) -> SourceConsentTold:
        """The meanings beside the counts."""
        usual = {category: purpose for purpose, categories in MEANINGS.items() for category in categories}
        return cls(own=own, usual=usual, stated=[StatedPurposeTold.model_validate(one) for one in stated])
