"""How large a condition may be: what is larger would be planned, or run, for too long."""

from __future__ import annotations

from collections.abc import Iterator

from qianmian.core.errors import ConditionError
from qianmian.query.parts import terms_of
from qianmian.query.tree import And, Did, Friends, Not, Or, Sequence, Tree, Within

MAX_TERMS = 500  # beyond it the database plans for seconds and cannot be interrupted
MAX_DEPTH = 20
MAX_LENGTH = 20_000  # characters
MAX_SOCIAL = 10  # each walks all ties once, or more often


def check_size(tree: Tree) -> None:
    """Refuse a tree that the database would plan or run for too long.

    Raises:
        ConditionError: more than `MAX_TERMS` terms or `MAX_SOCIAL` social ones, or nested deeper than `MAX_DEPTH`.
    """
    terms = social = 0
    for node in _nodes(tree, 0):
        match node:
            case Did(filters=filters):
                terms += 1 + len(filters)
            case Sequence(steps):
                terms += sum(1 + len(step.filters) for step in steps)
            case Friends() | Within():
                terms, social = terms + 1, social + 1
            case And() | Or() | Not():
                pass
            case _:
                terms += 1
    if terms > MAX_TERMS:
        raise ConditionError("condition_too_many_terms", terms=terms, most=MAX_TERMS)
    if social > MAX_SOCIAL:
        raise ConditionError("condition_too_social", terms=social, most=MAX_SOCIAL)


def _nodes(tree: Tree, depth: int) -> Iterator[Tree]:
    """Every node of a tree, from the top."""
    if depth > MAX_DEPTH:
        raise too_deep()
    yield tree
    for term in terms_of(tree):
        yield from _nodes(term, depth + 1)


def too_deep() -> ConditionError:
    """The error for a condition nested deeper than `MAX_DEPTH`."""
    return ConditionError("condition_too_deep", most=MAX_DEPTH)
