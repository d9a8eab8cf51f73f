"""Values that cross the border of unification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Reason(NamedTuple):
    """What two identifiers, or their people, were compared by.

    Attributes:
        field: what was compared, such as ``phone`` or ``name``.
        level: how far both agree, in a word of the producer's, such as ``exact`` or ``limit``.
        weight: what that says for one person, log-odds to base 2; below 0 it speaks against it.
    """

    field: str
    level: str
    weight: float


@dataclass(frozen=True)
class Proposal:
    """Two identifiers that may be one person's; somebody has to look.

    Attributes:
        node_a: node_id.
        node_b: node_id; the order of both plays no part.
        weight: the sum of what speaks for it, log-odds to base 2.
        probability: that they are one person's, 0 to 1.
        reasons: what was compared.
        producer: who proposes it, name and version, such as ``rules/1``.
    """

    node_a: int
    node_b: int
    weight: float
    probability: float
    reasons: tuple[Reason, ...]
    producer: str
