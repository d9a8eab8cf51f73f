"""Decisions about who is who that people took by hand: a log that grows, and what of it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from qianmian.app.identity_tables import IDENTITY_DECISION_NODES, IDENTITY_DECISIONS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text
from qianmian.unify.identity.by_hand import Decisions, End, Merge, Split
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING

LONGEST_REASON = 500


class DecisionKind(StrEnum):
    """What was decided."""

    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


@dataclass(frozen=True)
class Wish:
    """What somebody is about to decide.

    Attributes:
        kind: what.
        one: of a merge, one identifier; of a split, the one that stays.
        others: the other one; of a split, those that go.
        accounts_too: whether a merge also joins two people who have accounts.
        cut_at: from when on what goes is somebody else's; None = for all time that it was the person's.
        undoes: of an undo, the number of the decision.
    """

    kind: DecisionKind
    one: tuple[End, ...] = ()
    others: tuple[End, ...] = ()
    accounts_too: bool = False
    cut_at: datetime | None = None
    undoes: int | None = None

    @property
    def nodes(self) -> tuple[int, ...]:
        """Everything that it names, ascending."""
        return tuple(sorted({end.node for end in (*self.one, *self.others)}))


@dataclass(frozen=True)
class Decision:
    """What somebody decided.

    Attributes:
        decision: its number; grows by one.
        wish: what was decided; without whom it names, as far as they were erased since.
        reason: why, personal data masked.
        decided_by: account; empty = the command line or the workspace's own token.
        decided_at: when; it holds from the next build on.
        undone_by: number of the decision that undid it; None = it stands.
    """

    decision: int
    wish: Wish
    reason: str
    decided_by: str
    decided_at: datetime
    undone_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether publish hears it: it was not undone, and whom it names was not erased."""
        wish = self.wish
        return wish.kind is not DecisionKind.UNDO and self.undone_by is None and bool(wish.one and wish.others)


class IdentityDecisions:
    """The log, kept in the catalogue; nothing in it is changed or deleted but what names the erased."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The log in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._log, self._nodes = (declared(table) for table in (IDENTITY_DECISIONS, IDENTITY_DECISION_NODES))

    def all(self) -> list[Decision]:
        """Every decision, newest first."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._log).order_by(self._log.c.decision.desc())).mappings().all()
            ends = connection.execute(sa.select(self._nodes).order_by(self._nodes.c.node_id)).mappings().all()
        sides: defaultdict[tuple[int, str], list[End]] = defaultdict(list)
        for end in ends:
            at = FROM_THE_BEGINNING if end["at"] is None else end["at"]
            sides[end["decision"], end["side"]].append(End(end["node_id"], at))
        undone = {row["undoes"]: row["decision"] for row in rows if row["undoes"] is not None}
        return [_decision(row, sides, undone.get(row["decision"])) for row in rows]

    def get(self, number: int) -> Decision:
        """One decision.

        Raises:
            UnknownNameError: there is none of that number.
        """
        for one in self.all():
            if one.decision == number:
                return one
        raise UnknownNameError("no_decision", decision=number)

    def add(self, wish: Wish, reason: str, *, by: str = "") -> Decision:
        """Decide; it holds from the next build on.

        Raises:
            InputError: no reason was given, or what is to be undone was undone before.
            UnknownNameError: what is to be undone was never decided.
        """
        told = mask_text(reason.strip())
        if not told or len(told) > LONGEST_REASON:
            raise InputError("decision_reason", most=LONGEST_REASON)
        if wish.undoes is not None:
            self.undoable(wish.undoes)
        with self._catalogue.begin() as connection:
            number = (connection.execute(sa.select(sa.func.max(self._log.c.decision))).scalar() or 0) + 1
            made = Decision(number, wish, told, by, self._clock.now())
            connection.execute(sa.insert(self._log).values(**_stored(made)))
            ends = [_stored_end(number, side, end) for side in ("one", "others") for end in getattr(wish, side)]
            if ends:
                connection.execute(sa.insert(self._nodes), ends)
        return made

    def undoable(self, number: int) -> Decision:
        """A decision that can be undone.

        Raises:
            InputError: it is an undo itself, or was undone before.
            UnknownNameError: there is none of that number.
        """
        found = self.get(number)
        if found.wish.kind is DecisionKind.UNDO or found.undone_by is not None:
            raise InputError("decision_undone", decision=number)
        return found

    def standing(self) -> Decisions:
        """What publish has to hear."""
        return standing(self.all())


def heard(decisions: Iterable[Decision], newest: int) -> list[Decision]:
    """Decisions as a build heard them that heard none after one."""
    return [
        replace(one, undone_by=None) if (one.undone_by or 0) > newest else one
        for one in decisions
        if one.decision <= newest
    ]


def nodes_since(decisions: Sequence[Decision], number: int) -> tuple[int, ...]:
    """The nodes about which something was decided after a decision, ascending."""
    every = {one.decision: one for one in decisions}
    new = [one for one in decisions if one.decision > number]
    undone = [every[one.wish.undoes] for one in new if one.wish.undoes is not None]
    return tuple(sorted({node for one in (*new, *undone) for node in one.wish.nodes}))


def standing(decisions: Iterable[Decision]) -> Decisions:
    """What publish hears of some decisions."""
    told = sorted((one for one in decisions if one.stands), key=lambda one: one.decision)
    return Decisions(
        tuple(merge_of(one) for one in told if one.wish.kind is DecisionKind.MERGE),
        tuple(split_of(one) for one in told if one.wish.kind is DecisionKind.SPLIT),
    )


def merge_of(decision: Decision) -> Merge:
    """A merge as publish hears it."""
    wish = decision.wish
    return Merge(decision.decision, wish.one[0], wish.others[0], wish.accounts_too)


def split_of(decision: Decision) -> Split:
    """A split as publish hears it."""
    wish = decision.wish
    cut_at = None if wish.cut_at is None else microseconds(wish.cut_at)
    return Split(decision.decision, wish.one[0], wish.others, cut_at)


def _decision(row: Any, sides: dict[tuple[int, str], list[End]], undone_by: int | None) -> Decision:
    number = row["decision"]
    one, others = (tuple(sides.get((number, side), ())) for side in ("one", "others"))
    cut_at = None if row["cut_at"] is None else instant_of(row["cut_at"])
    wish = Wish(DecisionKind(row["kind"]), one, others, row["accounts_too"], cut_at, row["undoes"])
    return Decision(number, wish, row["reason"], row["decided_by"], instant_of(row["decided_at"]), undone_by)


def _stored(one: Decision) -> dict[str, Any]:
    wish = one.wish
    return {
        "decision": one.decision,
        "kind": wish.kind.value,
        "accounts_too": wish.accounts_too,
        "cut_at": None if wish.cut_at is None else microseconds(wish.cut_at),
        "undoes": wish.undoes,
        "reason": one.reason,
        "decided_by": one.decided_by,
        "decided_at": microseconds(one.decided_at),
    }


def _stored_end(number: int, side: str, end: End) -> dict[str, Any]:
    at = None if end.at == FROM_THE_BEGINNING else end.at
    return {"decision": number, "side": side, "node_id": end.node, "at": at}
