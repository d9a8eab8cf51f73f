"""What the doors tell of the review queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.identity_decisions import EndTold
from qianmian.app.identity_proposals import whose_newest
from qianmian.app.identity_review import Review, ReviewState
from qianmian.app.shop import Shop
from qianmian.core.people import Identifier, id_text
from qianmian.unify.identity.by_hand import End


class SideTold(EndTold):
    """One identifier of a pair, and whose it is."""

    person: str | None = Field(description="id of its person; empty = nobody's any more")
    has_profile: bool = Field(description="whether the person has one: whether anything was ever done as that person")


class ReasonTold(Contract):
    """What was compared."""

    field: str = Field(description="what: seen_together, phone, name, …")
    level: str = Field(description="how far both agree, in a word of the producer's")
    weight: float = Field(description="what that says for one person, log-odds to base 2; below 0 speaks against it")


class ReviewTold(Contract):
    """A pair that may be one person's."""

    number: int = Field(description="its own; grows by one")
    a: SideTold = Field(description="one identifier")
    b: SideTold = Field(description="the other")
    weight: float = Field(description="what speaks for it in all, log-odds to base 2")
    probability: float = Field(description="that both are one person's, 0 to 1")
    reasons: list[ReasonTold] = Field(description="what was compared")
    producer: str = Field(description="who proposed it, name and version")
    proposed_at: datetime = Field(description="when, UTC; the last time that its evidence changed")
    state: ReviewState = Field(description="how far it is")
    decided_by: str = Field(description="account that decided; empty = the command line or the workspace's token")
    decided_at: datetime | None = Field(description="when it was decided, or expired, UTC")
    decision: int | None = Field(description="number of the decision by hand that it led to")


def reviews_told(shop: Shop, reviews: Sequence[Review], *, purpose: str) -> list[ReviewTold]:
    """Pairs with whose they are, masked."""
    nodes = sorted({node for one in reviews for node in (one.proposal.node_a, one.proposal.node_b)})
    known, whose = shop.workspace.vault.reveal(nodes), whose_newest(shop, nodes, purpose=purpose)
    return [_told(one, known, whose) for one in reviews]


def _told(one: Review, known: Mapping[int, Identifier], whose: Mapping[int, tuple[int, bool]]) -> ReviewTold:
    def side(node: int) -> SideTold:
        person, has_profile = whose.get(node, (None, False))
        name = None if person is None else id_text(person)
        return SideTold(**vars(EndTold.of(End(node, 0), known)), person=name, has_profile=has_profile)

    pair = one.proposal
    return ReviewTold(
        number=one.number,
        a=side(pair.node_a),
        b=side(pair.node_b),
        weight=pair.weight,
        probability=pair.probability,
        reasons=[ReasonTold(**reason._asdict()) for reason in pair.reasons],
        producer=pair.producer,
        proposed_at=one.proposed_at,
        state=one.state,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        decision=one.decision,
    )


class ReviewQueueTold(Contract):
    """Pairs that are in one state."""

    total: int = Field(description="pairs in this state")
    pairs: list[ReviewTold] = Field(description="those with most that speaks for them, first")


class PairsFoundTold(Contract):
    """What was put into the queue."""

    added: int = Field(description="pairs that wait now and did not before")
    open: int = Field(description="pairs that wait")
