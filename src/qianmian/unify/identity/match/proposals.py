"""From scored pairs of records to proposals of two people each, and what became of the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from qianmian.unify.contracts import Proposal, Reason
from qianmian.unify.identity.match.matching import Matching

#: Name and version of who proposes; grows when the same records would get other weights.
PRODUCER = "splink/1"
#: Lower ends of the bands in which proposals are counted.
BANDS = (0.99, 0.95, 0.9, 0.8, 0.5, 0.0)
_MOST_WEIGHT = 100.0


@dataclass(frozen=True)
class Proposed:
    """What pairs of records came to.

    Attributes:
        proposals: one for each two people, by their most alike records, the likeliest first.
        two_accounts: two people who both have an account, and were therefore not proposed.
        refused: two people whom somebody has already said to be two.
    """

    proposals: tuple[Proposal, ...]
    two_accounts: int
    refused: int

    @property
    def bands(self) -> list[tuple[float, int]]:
        """Lower end of a band of probabilities → how many proposals are in it, the highest first."""
        counts = dict.fromkeys(BANDS, 0)
        for one in self.proposals:
            counts[next(low for low in BANDS if one.probability >= low)] += 1
        return list(counts.items())


def propose(
    pairs: pa.Table, matching: Matching, accounts: Collection[int], refused: Collection[frozenset[int]]
) -> Proposed:
    """One proposal for each two people.

    Args:
        pairs: as `model.compare` tells them, the heaviest first.
        matching: the declaration.
        accounts: people who have an account.
        refused: two people each, whom somebody said to be two.
    """
    seen: set[frozenset[int]] = set()
    found: list[Proposal] = []
    apart = two = 0
    for row in pairs.to_pylist():
        people = frozenset((row["person_a"], row["person_b"]))
        if people in seen:
            continue
        seen.add(people)
        both = all(person in accounts for person in people)
        if people in refused:
            apart += 1
        elif both and not matching.accounts_too:
            two += 1
        else:
            found.append(_proposal(row, matching.compare, both=both))
    return Proposed(tuple(found), two, apart)


def _proposal(row: Mapping[str, Any], compare: Sequence[str], *, both: bool) -> Proposal:
    reasons = [Reason(name, row[f"level_{name}"], _finite(row[f"weight_{name}"])) for name in compare]
    said = [Reason("accounts", "both", 0.0)] if both else []
    return Proposal(
        node_a=row["node_a"],
        node_b=row["node_b"],
        weight=_finite(row["weight"]),
        probability=row["probability"],
        reasons=(*said, *sorted(reasons, key=lambda reason: -abs(reason.weight))),
        producer=PRODUCER,
    )


def _finite(weight: float) -> float:
    """A level that one person's records never show weighs infinitely; told, it is only very much."""
    return max(-_MOST_WEIGHT, min(_MOST_WEIGHT, weight))
