"""Which audiences a build counts, and how far each was counted before."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from qianmian.profile.journey.definition import journey_rules
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.values import with_used
from qianmian.query.fields import SavedCondition
from qianmian.query.parts import expanded, leaves_of, terms_of
from qianmian.query.tree import Between, Compare, Contains, Friends, In, IsNull, Journey, Tree, Within


class AudienceKind(StrEnum):
    """Whose people a saved audience holds."""

    DYNAMIC = "dynamic"  # whoever meets its condition at each build
    FIXED = "fixed"  # whoever met it when it was frozen


@dataclass(frozen=True)
class Standing:
    """A saved audience, as a build knows it.

    Attributes:
        audience: its number.
        condition: canonical text of what its people meet.
        kind: see `AudienceKind`.
        is_deleted: it is not counted, and no condition may name it.
    """

    audience: int
    condition: str
    kind: AudienceKind = AudienceKind.DYNAMIC
    is_deleted: bool = False


@dataclass(frozen=True)
class Counted:
    """How far an audience was counted.

    Attributes:
        condition: canonical text that was counted last, or could not be.
        made_of: fingerprint of what the condition meant at its last good count; empty = it never had one.
        batch: highest batch of that count's build.
        instant: its "now", ISO 8601.
        version: its identity version.
        build: its number; 0 = none.
        people: who are in it.
        of_people: who had a profile then.
        failed: why later builds could not count it, as a stored message; empty = they could.
    """

    condition: str = ""
    made_of: str = ""
    batch: int = -1
    instant: str = ""
    version: int = 0
    build: int = 0
    people: int = 0
    of_people: int = 0
    failed: str = ""


def to_json(counted: Mapping[int, Counted]) -> str:
    """What is known of each audience, as a text that a build notes."""
    return json.dumps({str(number): asdict(one) for number, one in sorted(counted.items())}, ensure_ascii=False)


def from_json(text: str) -> dict[int, Counted]:
    """The inverse of `to_json`."""
    return {int(number): Counted(**one) for number, one in json.loads(text or "{}").items()}


def made_of(tree: Tree, tags: Sequence[Tag], meaning: str, ties: str) -> str:
    """A fingerprint of what a condition means: its text, the definitions of all tags behind it, and how rows are read.

    Args:
        tree: the condition.
        tags: that are known.
        meaning: how words, money and days are read, as a text.
        ties: which kinds of tie there are, as a text; asked only of a condition about others.
    """
    tree = expanded(tree)
    named = set(_names(tree))
    used = with_used([tag for tag in tags if tag.name in named], tags)
    said = [(tag.name, tag.type, tag.needs, tag.formula, tag.confidence, tag.values) for tag in used]
    journeys = (journey_rules().digest,) if _asks_journeys(tree) else ()
    how = (str(tree), said, meaning, ties if _is_social(tree) else "", *journeys)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(how)))


def _asks_journeys(tree: Tree) -> bool:
    """Whether a condition asks where somebody stands with a category, also of others."""
    return isinstance(tree, Journey) or any(map(_asks_journeys, terms_of(tree)))


def _is_social(tree: Tree) -> bool:
    return any(isinstance(leaf, Friends | Within) for leaf in leaves_of(tree))


def _names(tree: Tree) -> Iterator[str]:
    """The tags that a condition names, also inside what it asks of others."""
    for leaf in leaves_of(tree):
        match leaf:
            case Compare() | In() | Between() | IsNull() | Contains():
                yield leaf.name
            case Friends(term) | Within(term):
                yield from _names(term)
            case _:
                pass


def standing_to_json(standing: Iterable[Standing]) -> list[list[object]]:
    """The audiences as parameters of a task."""
    return [[one.audience, one.condition, one.kind.value, one.is_deleted] for one in standing]


def standing_of(told: Sequence[Sequence[Any]]) -> list[Standing]:
    """The inverse of `standing_to_json`."""
    return [Standing(int(n), condition, AudienceKind(kind), bool(gone)) for n, condition, kind, gone in told]


def condition_of(one: Standing) -> SavedCondition:
    """What a condition that names an audience needs to know of it."""
    return SavedCondition(one.condition, one.kind is AudienceKind.FIXED, one.is_deleted)
