"""What the doors tell of decisions about who is who, and of what one would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.identity_rules import AffectedTold, ChangedPersonTold
from qianmian.app.identity_decisions import Decision, DecisionKind, IdentityDecisions
from qianmian.app.identity_preview import Preview
from qianmian.app.plan import published_decisions
from qianmian.app.workspace import Workspace
from qianmian.core.people import Identifier, id_text
from qianmian.privacy.masking import mask_value
from qianmian.unify.identity.by_hand import End


class EndTold(Contract):
    """An identifier that a decision names."""

    id: str = Field(description="its pseudonym")
    namespace: str = Field(description="kind of identifier; empty = it was erased")
    value: str = Field(description="masked; empty = it was erased")

    @classmethod
    def of(cls, end: End, known: Mapping[int, Identifier]) -> EndTold:
        """The identifier, masked."""
        found = known.get(end.node)
        named = (found.namespace, mask_value(found.value)) if found else ("", "")
        return cls(id=id_text(end.node), namespace=named[0], value=named[1])


class DecisionTold(Contract):
    """What somebody decided about who is who."""

    decision: int = Field(description="its number; grows by one")
    kind: DecisionKind = Field(description="what was decided")
    one: list[EndTold] = Field(description="of a merge, one identifier; of a split, the one that stays")
    others: list[EndTold] = Field(description="the other one; of a split, those that go")
    accounts_too: bool = Field(description="whether a merge also joins two people who have accounts")
    cut_at: datetime | None = Field(description="from when on what goes is somebody else's; empty = all along")
    undoes: int | None = Field(description="of an undo, the number of the decision")
    undone_by: int | None = Field(description="number of the decision that undid it; empty = it was not undone")
    reason: str = Field(description="why, typed-in personal data masked")
    decided_by: str = Field(description="account; empty = the command line or the workspace's token")
    decided_at: datetime = Field(description="when, UTC")
    stands: bool = Field(description="whether builds hear it: it was not undone, nor whom it names erased")
    is_published: bool = Field(description="whether the last build was made by it; else the next one will be")


def decisions_told(workspace: Workspace, decisions: Iterable[Decision]) -> list[DecisionTold]:
    """Decisions with the identifiers that they name, masked."""
    some, published = list(decisions), published_decisions(workspace)
    known = workspace.vault.reveal(sorted({node for one in some for node in one.wish.nodes}))
    return [_told(one, known, published) for one in some]


def every_decision_told(workspace: Workspace) -> list[DecisionTold]:
    """The whole log, newest first."""
    return decisions_told(workspace, IdentityDecisions(workspace.catalogue, workspace.clock).all())


def _told(one: Decision, known: Mapping[int, Identifier], published: int) -> DecisionTold:
    wish = one.wish
    return DecisionTold(
        decision=one.decision,
        kind=wish.kind,
        one=[EndTold.of(end, known) for end in wish.one],
        others=[EndTold.of(end, known) for end in wish.others],
        accounts_too=wish.accounts_too,
        cut_at=wish.cut_at,
        undoes=wish.undoes,
        undone_by=one.undone_by,
        reason=one.reason,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        stands=one.stands,
        is_published=one.decision <= published,
    )


class DecisionPreviewTold(Contract):
    """What a decision would change with the next build, on what the last one read."""

    people_before: int = Field(description="people whom it concerns, as they are")
    people_after: int = Field(description="as they would be")
    events: int = Field(description="events that would be somebody else's")
    orders: int = Field(description="orders that would be")
    net: Decimal = Field(description="their amount, less refunds")
    people: list[ChangedPersonTold] = Field(description="who would change, the largest first")
    audiences: list[AffectedTold] = Field(description="saved audiences with members who would change")

    @classmethod
    def of(cls, found: Preview) -> DecisionPreviewTold:
        """The preview, its ids as text."""
        people = [ChangedPersonTold.of(one) for one in found.people]
        audiences = [AffectedTold.model_validate(one) for one in found.audiences]
        return cls(**{**vars(found), "people": people, "audiences": audiences})
