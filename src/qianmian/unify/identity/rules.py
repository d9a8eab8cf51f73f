"""The rules by which traces become people: limits, values that name nobody, shared devices, evidence that ages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from fnmatch import translate
from importlib.resources import files
from typing import Any

from qianmian.core.people import NAMESPACES

DAY = 24 * 3600 * 1_000_000


@dataclass(frozen=True)
class Limit:
    """How many identifiers of a namespace a person may have.

    Attributes:
        namespace: kind of identifier.
        most: how many.
        within_days: of those first seen within so many days; 0 = ever.
    """

    namespace: str
    most: int
    within_days: int = 0


@dataclass(frozen=True)
class Blocked:
    """Values that name nobody.

    Attributes:
        namespace: kind of identifier; empty = any.
        words: values, as they are or in small letters.
        patterns: the same, ``*`` stands for any text; capitals make no difference.
        nodes: pseudonyms.
    """

    namespace: str = ""
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    nodes: tuple[int, ...] = ()

    def expression(self) -> str:
        """The patterns as a regular expression over a value in small letters."""
        return "|".join(translate(one) for one in self.patterns)


@dataclass(frozen=True)
class Shared:
    """When an identifier joins nobody who is merely seen with it.

    Attributes:
        most: so many different identifiers of one of the namespaces may be seen with it …
        within_days: … within so many days; one more makes it shared.
        by: the namespaces; only one stronger than the identifier's own counts.
    """

    most: int
    within_days: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """All rules of a shop.

    Attributes:
        limits: at most one a namespace.
        blocked: values that name nobody, beside those that are never taken in.
        shared: None = nothing is ever shared.
        holds_days: for how many days evidence holds, by namespace.
    """

    limits: tuple[Limit, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    shared: Shared | None = None
    holds_days: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> str:
        """As a parameter of a task."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Rules:
        """The inverse of `to_json`."""
        told = json.loads(text)
        shared = told["shared"]
        return Rules(
            tuple(Limit(**one) for one in told["limits"]),
            tuple(Blocked(**{name: _tuple(value) for name, value in one.items()}) for one in told["blocked"]),
            Shared(**{name: _tuple(value) for name, value in shared.items()}) if shared else None,
            tuple((namespace, days) for namespace, days in told["holds_days"]),
        )

    @property
    def digest(self) -> str:
        """16 hex digits over what they say, however it was written."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @property
    def limits_by_rank(self) -> list[tuple[int, int, int]]:
        """Limits as (rank of the namespace, how many, span in microseconds; 0 = ever), the strongest rank first."""
        return sorted((NAMESPACES.index(one.namespace), one.most, one.within_days * DAY) for one in self.limits)


#: People are the components of all evidence, as sign-ins and sign-outs cut it.
NO_RULES = Rules()


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def built_in_text() -> str:
    """The rules that hold where a shop has none, as they are written: a start for one's own."""
    return files("qianmian.unify.identity").joinpath("rules.yaml").read_text("utf-8")
