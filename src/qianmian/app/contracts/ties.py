"""What the doors tell of ties between people, and of the kinds that a shop declares."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.plan import published_kinds
from qianmian.app.tie_kinds import KeptTieKinds
from qianmian.app.workspace import Workspace
from qianmian.unify.ties.kinds import TieKinds, built_in_text


class TieOfKindTold(Contract):
    """A tie, seen from the person."""

    kind: str = Field(description="follow, like, comment, share, invite, group_buy, chat, gift or household")
    direction: str = Field(description="out = the person acted, in = the other did, both = both alike")
    count: int = Field(description="events; of a circle, how many circles")
    first_at: datetime = Field(description="when the first happened, UTC")
    last_at: datetime = Field(description="when the last happened, UTC")


class TiedNameTold(Contract):
    """One name of the other, masked."""

    namespace: str = Field(description="kind of identifier, such as phone")
    value: str = Field(description="the value, masked")


class TiedPersonTold(Contract):
    """Somebody to whom a person is tied."""

    person: str = Field(description="id of the other")
    identifiers: list[TiedNameTold] = Field(description="masked names under which the other did something")
    strength: float = Field(description="how close they are, from 0 to 1, as of the build")
    kinds: list[TieOfKindTold] = Field(description="the ties, the strongest first")


class KindCountTold(Contract):
    """How many people a person is tied to by a kind."""

    kind: str = Field(description="kind of tie")
    people: int = Field(description="how many")


class PersonTiesTold(Contract):
    """A page of a person's ties, the strongest first."""

    person: str = Field(description="id of the person")
    total: int = Field(description="people on all pages")
    by_kind: list[KindCountTold] = Field(description="people by kind, whatever kind was asked for")
    ties: list[TiedPersonTold] = Field(description="those of this page")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class TieEventTold(Contract):
    """An event that speaks for a tie."""

    source: str = Field(description="data source")
    event_id: str = Field(description="the source's id of the event")
    name: str = Field(description="name in the tracking plan")
    occurred_at: datetime = Field(description="when it happened, UTC")


class EvidencedTieTold(TieOfKindTold):
    """A tie with the events that speak for it."""

    first: TieEventTold | None = Field(description="the first; empty = it was taken back since the build")
    last: TieEventTold | None = Field(description="the last; empty = it was taken back since the build")


class TieEvidenceTold(Contract):
    """What speaks for the ties between two people."""

    person: str = Field(description="id of the person")
    other: str = Field(description="id of the other")
    strength: float = Field(description="how close they are, from 0 to 1, as of the build")
    kinds: list[EvidencedTieTold] = Field(description="the ties, the strongest first")
    computed: ComputedTold = Field(description="from which build")


class TieKindsTold(Contract):
    """The kinds of tie of a shop."""

    own: VersionTold | None = Field(description="the shop's own; empty = those of the product hold")
    built_in: str = Field(description="those that come with the product, as YAML")
    earlier: list[VersionTold] = Field(description="the versions before, newest first")
    is_published: bool = Field(description="whether the last build was made by them; else the next one will be")

    @classmethod
    def of(cls, workspace: Workspace) -> TieKindsTold:
        """What holds now."""
        kept = KeptTieKinds(workspace.catalogue, workspace.clock)
        told = [VersionTold.model_validate(one) for one in kept.all()]
        return cls(
            own=told[0] if told else None,
            built_in=built_in_text(),
            earlier=told[1:],
            is_published=published_kinds(workspace) == kept.kinds(),
        )


def kinds_difference(given: TieKinds, holding: TieKinds) -> DifferenceTold:
    """In which kinds others differ from those that hold."""
    differ = [one.name for one, other in zip(given.kinds, holding.kinds, strict=True) if one != other]
    return DifferenceTold(digest=given.digest, differences=differ)


class StrongPairTold(Contract):
    """Two people who are close."""

    person: str = Field(description="id of one")
    other: str = Field(description="id of the other")
    strength: float = Field(description="how close they are by ties of all kinds, from 0 to 1, as of the build")


class KindSummaryTold(Contract):
    """What the last build found of a kind of tie."""

    kind: str = Field(description="kind of tie")
    pairs: int = Field(description="pairs of people whom it ties")
    people: int = Field(description="how many people these are")
    events: int = Field(description="events behind it; of a circle, how many circles")
    median_strength: float | None = Field(description="of these pairs, by ties of all kinds; empty = there are none")
    last_at: datetime | None = Field(description="when the last event happened, UTC; empty = there is none")
    strongest: list[StrongPairTold] = Field(description="the closest of these pairs, at most 3")


class TieSummaryTold(Contract):
    """What the last build found of all ties."""

    people: int = Field(description="people with any tie")
    kinds: list[KindSummaryTold] = Field(description="those that the build looked for")
    computed: ComputedTold = Field(description="from which build")
