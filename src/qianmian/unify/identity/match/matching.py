"""How a shop's records are compared, as values."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from importlib.resources import files
from math import log2

Rule = tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """What a declaration says.

    Attributes:
        purpose: what details are opened for.
        compare: fields.
        block: records are compared that agree on every field of one of these.
        certain: what nobody but one person agrees on; each a list of fields.
        propose_from: probability from which two people are proposed.
        accounts_too: whether people who both have an account may be.
    """

    purpose: str
    compare: tuple[str, ...]
    block: tuple[Rule, ...]
    certain: tuple[Rule, ...]
    propose_from: float
    accounts_too: bool

    @property
    def propose_from_weight(self) -> float:
        """The same as log-odds to base 2; a probability of 1 is never told.

        >>> Matching("match", (), (), (), 0.5, False).propose_from_weight
        0.0
        """
        return log2(self.propose_from / (1 - self.propose_from))

    @property
    def digest(self) -> str:
        """16 hex digits over what it says, however it was written."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def built_in_text() -> str:
    """A declaration to start from; it holds nowhere until it is applied."""
    return files("qianmian.unify.identity.match").joinpath("matching.yaml").read_text("utf-8")
