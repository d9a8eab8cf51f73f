"""How many people meet each clause of a condition by itself: which one narrows it, and which does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.language import Language
from qianmian.query.parse import parse
from qianmian.segment.audiences import audience, everybody
from qianmian.segment.sentence import sentence


@dataclass(frozen=True)
class Clause:
    """A term of the outermost *and* or *or* of a condition.

    Attributes:
        condition: its canonical text.
        sentence: the same in words.
        people: who meet it, whatever the other clauses say.
    """

    condition: str
    sentence: str
    people: int


@dataclass(frozen=True)
class Clauses:
    """A condition clause by clause.

    Attributes:
        condition: its canonical text.
        clauses: in the order in which they stand; one if there is neither *and* nor *or*.
        of_people: people with a profile.
        computed: from which build.
    """

    condition: str
    clauses: list[Clause]
    of_people: int
    computed: Computed


def clauses(shop: Shop, condition: str, language: Language, *, purpose: str) -> Clauses:
    """Count each clause of a condition by itself.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
    """
    with shop.asking(purpose) as (found, computed):
        asked = audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check)
        counted, people = asked.size_of_each(found), everybody(found)
    tags = shop.tags()
    told = [Clause(text, sentence(parse(text), tags, language), size) for text, size in counted]
    return Clauses(asked.condition, told, people, computed)
