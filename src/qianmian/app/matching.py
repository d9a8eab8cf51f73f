"""Matching in a shop: the declaration that holds, whose details may be opened, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from qianmian.app.identity_review import IdentityReview, ReviewState
from qianmian.app.identity_tables import MATCHINGS
from qianmian.app.jobs import Job, Watcher
from qianmian.app.match_records import Gathered, gather
from qianmian.app.shop import Shop
from qianmian.app.versions import Version, Versions
from qianmian.app.workspace import Workspace
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError
from qianmian.core.messages import Message
from qianmian.lake.connection import memory_connection
from qianmian.unify.identity.match.declaration import read_matching
from qianmian.unify.identity.match.matching import Matching
from qianmian.unify.identity.match.proposals import Proposed, propose
from qianmian.unify.identity.match.records import Blocked, blocks, show_records

Pair = tuple[int, int]

#: Imported when somebody matches: it brings Splink.
_MODEL = "qianmian.unify.identity.match.model"


class Matchings(Versions):
    """Declarations of matching, kept in the catalogue; where there is none, nothing is matched."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The declarations in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, MATCHINGS)

    def matching(self) -> Matching:
        """What holds.

        Raises:
            InputError: nothing does.
        """
        current = self.current()
        if not current:
            raise InputError("matching_off")
        return read_matching(current.text, Message("matching"))

    def apply(self, text: str, name: str | Message, *, by: str = "") -> Version:
        """Let a declaration hold.

        Raises:
            RulesError: it is none.
        """
        return self._add(text, read_matching(text, name).digest, by)

    def switch_off(self, *, by: str = "") -> Version:
        """Match nothing from now on."""
        return self._add("", "", by)


@dataclass(frozen=True)
class MatchPlan:
    """What would be compared.

    Attributes:
        matching: the declaration that holds.
        gathered: whose records, and who is left out.
        blocks: what each list of `block` brings.
    """

    matching: Matching
    gathered: Gathered
    blocks: tuple[Blocked, ...]


@dataclass(frozen=True)
class Matched(MatchPlan):
    """What was compared and what came of it.

    Attributes:
        version: of the declaration.
        weights: weight, rounded down → pairs of records, also those below what is proposed.
        proposed: proposals, and who was not proposed.
        added: pairs that wait in the review queue now and did not wait before.
        answers: pairs of one person's records that the model learned from.
    """

    version: int
    weights: Mapping[int, int]
    proposed: Proposed
    added: int
    answers: int

    @property
    def counts(self) -> dict[str, Any]:
        """What the job notes: numbers only, so that a run can be looked at later without anybody's details."""
        return {
            "version": self.version,
            "records": self.gathered.records.num_rows,
            "people": self.gathered.people,
            "weights": [{"weight": weight, "pairs": pairs} for weight, pairs in sorted(self.weights.items())],
            "threshold": self.matching.propose_from_weight,
            "total": len(self.proposed.proposals),
            "added": self.added,
            "two_accounts": self.proposed.two_accounts,
            "refused": self.proposed.refused,
            "answers": self.answers,
        }


def plan(shop: Shop) -> MatchPlan:
    """Count what would be compared, and who is left out; nobody is compared.

    Raises:
        InputError: no declaration holds, or a list of `block` names too little.
        PurposeError: its purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    workspace = shop.workspace
    matching = Matchings(workspace.catalogue, workspace.clock).matching()
    gathered = gather(shop, matching)
    with memory_connection(workspace.settings.threads, workspace.settings.memory_mib) as connection:
        show_records(connection, gathered.records)
        return MatchPlan(matching, gathered, blocks(connection, matching))


def run(
    shop: Shop,
    *,
    same: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
    watch: Watcher | None = None,
) -> Matched:
    """Compare records and put people who may be one into the review queue; nobody is merged.

    What was accepted and refused there teaches the model, and what was refused is not proposed again.

    Args:
        shop: the shop.
        same: further pairs of nodes that somebody said are one person's.
        apart: further pairs of nodes that somebody said are two people's.
        watch: told how far it is.

    Raises:
        InputError: no declaration holds, or a list of `block` names too little.
        PurposeError: its purpose is not registered.
        NotBuiltError: nothing was built yet.
        JobError: it was cancelled, or records could not be compared.
    """
    workspace = shop.workspace
    matching = Matchings(workspace.catalogue, workspace.clock).matching()  # what cannot begin is no job
    workspace.purposes.check(matching.purpose)
    with shop.job("match", "matching", watch) as job:
        review = IdentityReview(workspace.catalogue, workspace.clock)
        same, apart = [*same, *review.answers(ReviewState.ACCEPTED)], [*apart, *review.answers(ReviewState.REFUSED)]
        found = _run(shop, job, review, same, apart)
        job.result |= found.counts
    return found


def last_run(workspace: Workspace) -> Mapping[str, Any] | None:
    """The job of the last run that came to its end; None = there was none, or only by a version that noted less."""
    ran = workspace.jobs.last("match")
    return ran if ran and "weights" in ran["result"] else None


def _run(shop: Shop, job: Job, review: IdentityReview, same: list[Pair], apart: list[Pair]) -> Matched:
    workspace = shop.workspace
    kept = Matchings(workspace.catalogue, workspace.clock)
    matching, version = kept.matching(), kept.all()[0].version
    job.at("gather", 0, 3)
    gathered = gather(shop, matching)
    job.rows_read += gathered.records.num_rows
    with memory_connection(workspace.settings.threads, workspace.settings.memory_mib) as connection:
        show_records(connection, gathered.records)
        counted = blocks(connection, matching)
        job.at("compare", 1, 3)
        compared = import_module(_MODEL).compare(connection, matching, same)
    job.at("propose", 2, 3)
    proposed = propose(compared.pairs, matching, gathered.accounts, gathered.people_of(apart))
    added = review.propose(proposed.proposals)
    return Matched(matching, gathered, counted, version, compared.weights, proposed, added, compared.labels)
