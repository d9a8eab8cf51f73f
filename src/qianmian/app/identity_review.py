"""The review queue: pairs that may be one person's, until somebody says that they are or are not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from qianmian.app.identity_decisions import Decision, DecisionKind, IdentityDecisions, Wish
from qianmian.app.identity_tables import IDENTITY_PROPOSALS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.unify.contracts import Proposal, Reason

#: Pairs that wait at most; more than anybody looks at make the queue no better.
MOST_OPEN = 10_000
_AT_ONCE = 400


class ReviewState(StrEnum):
    """How far a pair is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Review:
    """A pair in the queue.

    Attributes:
        number: its own; grows by one.
        proposal: what was proposed.
        proposed_at: when, the last time that its evidence changed.
        state: how far it is.
        decided_by: account that accepted or refused it; empty = the command line or the workspace's own token.
        decided_at: when; also when it expired.
        decision: number of the decision by hand that it led to.
    """

    number: int
    proposal: Proposal
    proposed_at: datetime
    state: ReviewState
    decided_by: str
    decided_at: datetime | None
    decision: int | None


class IdentityReview:
    """The queue, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The queue in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._decisions = IdentityDecisions(catalogue, clock)
        self._queue = declared(IDENTITY_PROPOSALS)

    def propose(self, pairs: Iterable[Proposal]) -> int:
        """Put pairs into the queue; repeating it is harmless.

        A pair that waits is brought up to date. One that was decided stays so unless its producer sees other fields or
        other agreement now.

        Returns:
            How many wait that did not wait before.
        """
        told = {(*_pair(one), one.producer): one for one in pairs}
        known = {(row["node_a"], row["node_b"], row["producer"]): row for row in self._rows()}
        room = MOST_OPEN - sum(row["state"] == ReviewState.OPEN for row in known.values())
        numbers = iter(range(max((row["proposal"] for row in known.values()), default=0) + 1, 1 << 62))
        added = 0
        with self._catalogue.begin() as connection:
            for key, one in sorted(told.items(), key=lambda item: -item[1].weight):
                row = known.get(key)
                if row is None and added < room:
                    connection.execute(sa.insert(self._queue).values(proposal=next(numbers), **self._stored(one)))
                elif row is not None and _is_news(row, one):
                    mine = self._queue.c.proposal == row["proposal"]
                    connection.execute(sa.update(self._queue).where(mine).values(**self._stored(one)))
                else:
                    continue
                added += row is None or row["state"] != ReviewState.OPEN
        return added

    def pairs(self, state: ReviewState | None = ReviewState.OPEN) -> list[Review]:
        """Pairs in a state, or all, the likeliest first."""
        return [_review(row) for row in self._rows() if state is None or row["state"] == state]

    def answers(self, state: ReviewState) -> list[tuple[int, int]]:
        """The nodes of pairs that were accepted, or refused."""
        return [(one.proposal.node_a, one.proposal.node_b) for one in self.pairs(state)]

    def get(self, number: int) -> Review:
        """One pair.

        Raises:
            UnknownNameError: there is none of that number.
        """
        for row in self._rows():
            if row["proposal"] == number:
                return _review(row)
        raise UnknownNameError("no_proposal", proposal=number)

    def accept(self, number: int, merge: Wish, reason: str, *, by: str = "") -> Decision:
        """Both are one person's: a merge by hand, from the next build on.

        Args:
            number: of the pair.
            merge: the wish, see `qianmian.app.identity_proposals.accepted`.
            reason: why.
            by: account.

        Raises:
            InputError: it does not wait any more, or no reason was given.
        """
        self._refuse_decided(number)
        for one in self._decisions.all():  # it may have been refused before
            if one.stands and one.wish.kind is DecisionKind.SPLIT and one.wish.nodes == merge.nodes:
                self._decisions.add(Wish(DecisionKind.UNDO, undoes=one.decision), reason, by=by)
        return self._decide(number, ReviewState.ACCEPTED, merge, reason, by)

    def refuse(self, number: int, split: Wish, reason: str, *, by: str = "") -> Decision:
        """They are not one person's: they are held apart by hand, and are not proposed again on the same evidence.

        Args:
            number: of the pair.
            split: the wish, see `qianmian.app.identity_proposals.refused_wish`.
            reason: why.
            by: account.

        Raises:
            InputError: it does not wait any more, or no reason was given.
        """
        self._refuse_decided(number)
        return self._decide(number, ReviewState.REFUSED, split, reason, by)

    def expire(self, numbers: Sequence[int]) -> None:
        """Some pairs need nobody's eyes any more: they are one person, or one of both is nobody's."""
        values = {"state": ReviewState.EXPIRED.value, "decided_at": microseconds(self._clock.now())}
        with self._catalogue.begin() as connection:
            for start in range(0, len(numbers), _AT_ONCE):
                some = self._queue.c.proposal.in_(numbers[start : start + _AT_ONCE])
                connection.execute(sa.update(self._queue).where(some).values(**values))

    def _refuse_decided(self, number: int) -> None:
        if self.get(number).state is not ReviewState.OPEN:
            raise InputError("proposal_decided", proposal=number)

    def _decide(self, number: int, state: ReviewState, wish: Wish, reason: str, by: str) -> Decision:
        made = self._decisions.add(wish, reason, by=by)
        values = {"state": state.value, "decided_by": by, "decided_at": microseconds(made.decided_at)}
        with self._catalogue.begin() as connection:
            mine = self._queue.c.proposal == number
            connection.execute(sa.update(self._queue).where(mine).values(decision=made.decision, **values))
        return made

    def _rows(self) -> list[dict[str, Any]]:
        query = sa.select(self._queue).order_by(self._queue.c.weight.desc(), self._queue.c.proposal)
        with self._catalogue.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _stored(self, one: Proposal) -> dict[str, Any]:
        node_a, node_b = _pair(one)
        return {
            "node_a": node_a,
            "node_b": node_b,
            "producer": one.producer,
            "weight": one.weight,
            "probability": one.probability,
            "reasons": json.dumps([tuple(reason) for reason in one.reasons], ensure_ascii=False),
            "digest": _digest(one),
            "proposed_at": microseconds(self._clock.now()),
            "state": ReviewState.OPEN.value,
            "decided_by": "",
            "decided_at": None,
            "decision": None,
        }


def _pair(one: Proposal) -> tuple[int, int]:
    return min(one.node_a, one.node_b), max(one.node_a, one.node_b)


def _digest(one: Proposal) -> str:
    """16 hex digits over what was compared and how far it agreed; a model that weighs it anew sees nothing new."""
    seen = sorted((reason.field, reason.level) for reason in one.reasons)
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def _is_news(row: dict[str, Any], one: Proposal) -> bool:
    is_same = row["digest"] == _digest(one)
    if row["state"] == ReviewState.OPEN:
        return not is_same or row["weight"] != one.weight
    return not is_same


def _review(row: dict[str, Any]) -> Review:
    reasons = tuple(Reason(*reason) for reason in json.loads(row["reasons"]))
    pair = Proposal(row["node_a"], row["node_b"], row["weight"], row["probability"], reasons, row["producer"])
    decided_at = None if row["decided_at"] is None else instant_of(row["decided_at"])
    told = (ReviewState(row["state"]), row["decided_by"], decided_at, row["decision"])
    return Review(row["proposal"], pair, instant_of(row["proposed_at"]), *told)
