"""Steps of a pattern, and the condition that lists who took them; and back again: the steps that a condition names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qianmian.query import tree as trees
from qianmian.query.tree import And, Compare, Did, Not, Operator, Or, Tree
from qianmian.query.window import Last

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Step:
    """One step of a pattern.

    Attributes:
        event: name of the event.
        category: of the product, where patterns tell products apart; empty = any.
    """

    event: str
    category: str = ""

    def __str__(self) -> str:
        return f"{self.event}({self.category})" if self.category else self.event


def condition_of(steps: Sequence[Step], *, within_days: int, days: int) -> Tree:
    """Whoever took the steps one after another.

    Args:
        steps: one or more; a single one is only done.
        within_days: from the first to the last, at most.
        days: local dates that end with the build's, on which all of them happened.

    >>> str(condition_of([Step("Post Viewed"), Step("Product Added", "美妆")], within_days=7, days=90))
    "sequence(did('Post Viewed'), did('Product Added', category = '美妆'), within='7d', last='90d')"
    """
    told = tuple(Did(one.event, _filters(one)) for one in steps)
    if len(told) == 1:
        return replace(told[0], window=Last(days))
    return trees.Sequence(told, within_days * DAY_SECONDS, Last(days))


def _filters(step: Step) -> tuple[Compare, ...]:
    return (Compare("category", Operator.EQUAL, step.category),) if step.category else ()


def sequence_of(tree: Tree) -> trees.Sequence | None:
    """The first sequence that must have been done for a condition to hold; None = there is none."""
    return next((one for one in _needed(tree) if isinstance(one, trees.Sequence)), None)


def steps_of(tree: Tree) -> list[Step]:
    """The steps that a condition asks for: of its first sequence, or the first thing that was done."""
    sequence = sequence_of(tree)
    done = sequence.steps if sequence else tuple(one for one in _needed(tree) if isinstance(one, Did))[:1]
    return [Step(one.event, _category(one)) for one in done]


def missing_of(tree: Tree) -> list[Step]:
    """What must not have followed: the last step of each sequence, and each deed, that a condition denies."""
    denied = [term.term for term in _terms(tree) if isinstance(term, Not)]
    steps = [one.steps[-1] if isinstance(one, trees.Sequence) else one for one in denied]
    return list(dict.fromkeys(Step(one.event, _category(one)) for one in steps if isinstance(one, Did)))


def beginnings(tree: Tree) -> list[Tree]:
    """For each step of a condition's sequence, the condition that it was reached; of another condition none."""
    sequence = sequence_of(tree)
    if sequence is None:
        return []
    first = replace(sequence.steps[0], window=sequence.window)
    longer = [replace(sequence, steps=sequence.steps[:length]) for length in range(2, len(sequence.steps) + 1)]
    return [first, *longer]


def _needed(tree: Tree) -> Iterator[Tree]:
    return (term for term in _terms(tree) if not isinstance(term, Not | Or))


def _terms(tree: Tree) -> tuple[Tree, ...]:
    return tree.terms if isinstance(tree, And) else (tree,)


def _category(did: Did) -> str:
    found = (atom for atom in did.filters if isinstance(atom, Compare) and atom.name == "category")
    return next((str(atom.value) for atom in found if atom.operator is Operator.EQUAL), "")
