"""The parts of a tree: what it is made of, and whom it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qianmian.query.tree import And, Friends, Leaf, Member, Not, Or, Tree, Within


def leaves_of(tree: Tree) -> Iterator[Leaf]:
    """The parts of a condition that *and*, *or* and *not* join; what is asked of others stays inside its part."""
    if isinstance(tree, And | Or | Not):
        for term in terms_of(tree):
            yield from leaves_of(term)
    else:
        yield tree


def terms_of(tree: Tree) -> tuple[Tree, ...]:
    """The conditions that a node is made of; none of an atom or a `Did`."""
    match tree:
        case And(terms) | Or(terms):
            return terms
        case Not(term) | Friends(term) | Within(term):
            return (term,)
        case _:
            return ()


def expanded(tree: Tree) -> Tree:
    """A bound condition with what people of a dynamic audience meet in the place of its number."""
    match tree:
        case And(terms):
            return And(tuple(map(expanded, terms)))
        case Or(terms):
            return Or(tuple(map(expanded, terms)))
        case Not(term):
            return Not(expanded(term))
        case Friends(term) | Within(term):
            return replace(tree, term=expanded(term))
        case Member(term=term) if term is not None:
            return expanded(term)
        case _:
            return tree


def named_audiences(tree: Tree) -> Iterator[int]:
    """The audiences whose people of now a condition asks for, also of people tied to somebody."""
    if isinstance(tree, Member):
        if not tree.moved:
            yield tree.audience
    else:
        for term in terms_of(tree):
            yield from named_audiences(term)
