"""What the doors tell of records that share no identifier: how they are compared, and who is proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.versions import VersionTold
from qianmian.app.matching import Matched, Matchings, MatchPlan, last_run
from qianmian.app.workspace import Workspace
from qianmian.core.people import id_text
from qianmian.unify.contracts import Proposal
from qianmian.unify.identity.match.matching import built_in_text


class MatchWeightTold(Contract):
    """Pairs of records of about the same weight."""

    weight: int = Field(description="log-odds to base 2, rounded down")
    pairs: int = Field(description="how many pairs of records")


class MatchCountsTold(Contract):
    """What a run came to, in numbers."""

    weights: list[MatchWeightTold] = Field(description="pairs that were compared, by weight, the lightest first")
    threshold: float = Field(description="the weight from which two people are proposed")
    total: int = Field(description="how many proposals there are")
    added: int = Field(description="of them, those that wait in the review queue and did not wait before")
    two_accounts: int = Field(description="not proposed, since both have an account")
    refused: int = Field(description="not proposed, since somebody said that they are two")
    answers: int = Field(description="answers that the comparison learned from")


class MatchRunTold(MatchCountsTold):
    """The last run that came to its end."""

    job: int = Field(description="its number among the jobs")
    ended_at: datetime = Field(description="when it ended, UTC")
    version: int = Field(description="of the declaration by which it compared")
    records: int = Field(description="identifiers with details that were compared")
    people: int = Field(description="whom they belong to")


class MatchingTold(Contract):
    """How records without a shared identifier are compared."""

    own: VersionTold | None = Field(description="what holds; empty = nothing is compared")
    built_in: str = Field(description="the declaration that comes with the product, as YAML: a start for one's own")
    earlier: list[VersionTold] = Field(description="the other versions, newest first")
    last: MatchRunTold | None = Field(description="the last run; empty = there was none")

    @classmethod
    def of(cls, workspace: Workspace) -> MatchingTold:
        """What holds now."""
        told = [VersionTold.model_validate(one) for one in Matchings(workspace.catalogue, workspace.clock).all()]
        own, ran = told[0] if told and told[0].text else None, last_run(workspace)
        return cls(
            own=own,
            built_in=built_in_text(),
            earlier=told[1:] if own else told,
            last=MatchRunTold.model_validate({**ran, **ran["result"]}) if ran else None,
        )


class MatchBlockTold(Contract):
    """What one list of fields brings."""

    fields: list[str] = Field(description="on all of which two records agree")
    pairs: int = Field(description="pairs of records of different people; lists that overlap count a pair each")


class MatchPlanTold(Contract):
    """What would be compared, and who is left out."""

    purpose: str = Field(description="what details of people are opened for")
    compare: list[str] = Field(description="fields that are compared")
    records: int = Field(description="identifiers with details")
    people: int = Field(description="whom they belong to")
    without_consent: int = Field(description="people who did not agree to the purpose, and are left out")
    without_person: int = Field(description="identifiers that no build has made a person of yet, and that are left out")
    without_fields: int = Field(description="identifiers of which nothing is known that is compared")
    blocks: list[MatchBlockTold] = Field(description="which records are compared at all")

    @classmethod
    def planned(cls, plan: MatchPlan) -> MatchPlanTold:
        """In numbers; no value of anybody."""
        return cls(**_planned(plan))


class MatchReasonTold(Contract):
    """What one field says."""

    field: str = Field(description="which")
    level: str = Field(description="exact, similar, different or missing; of accounts: both")
    weight: float = Field(description="log-odds to base 2; below 0 it speaks against it")


class ProposalTold(Contract):
    """Two identifiers that may be one person's."""

    node_a: str = Field(description="id of one")
    node_b: str = Field(description="id of the other")
    probability: float = Field(description="that they are one person's")
    weight: float = Field(description="the same as log-odds to base 2")
    reasons: list[MatchReasonTold] = Field(description="field by field, what weighs most first")
    producer: str = Field(description="who proposes it")

    @classmethod
    def of(cls, one: Proposal) -> ProposalTold:
        """With ids as they are shown."""
        reasons = [MatchReasonTold(**reason._asdict()) for reason in one.reasons]
        return cls(
            node_a=id_text(one.node_a),
            node_b=id_text(one.node_b),
            probability=one.probability,
            weight=one.weight,
            reasons=reasons,
            producer=one.producer,
        )


class MatchBandTold(Contract):
    """Proposals of about the same probability."""

    probability_from: float = Field(description="lower end; the upper end is that of the band before")
    proposals: int = Field(description="how many")


class MatchedTold(MatchPlanTold, MatchCountsTold):
    """What was compared, and who is proposed; nobody was merged."""

    bands: list[MatchBandTold] = Field(description="proposals by probability, the highest first")
    proposals: list[ProposalTold] = Field(description="the likeliest, at most as many as were asked for")

    @classmethod
    def of(cls, found: Matched, most: int) -> MatchedTold:
        """The likeliest proposals beside all the numbers."""
        proposed = found.proposed
        return cls(
            **(found.counts | _planned(found)),
            bands=[MatchBandTold(probability_from=low, proposals=count) for low, count in proposed.bands],
            proposals=[ProposalTold.of(one) for one in proposed.proposals[:most]],
        )


def _planned(plan: MatchPlan) -> dict[str, Any]:
    gathered = plan.gathered
    return {
        "purpose": plan.matching.purpose,
        "compare": list(plan.matching.compare),
        "records": gathered.records.num_rows,
        "people": gathered.people,
        "without_consent": gathered.without_consent,
        "without_person": gathered.without_person,
        "without_fields": gathered.without_fields,
        "blocks": [MatchBlockTold(fields=list(one.fields), pairs=one.pairs) for one in plan.blocks],
    }
