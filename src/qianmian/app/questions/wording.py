"""What a condition can say, and what is wrong with one that somebody writes."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.errors import ConditionError
from qianmian.core.language import Language
from qianmian.profile.tags.declare import Tag
from qianmian.query.bind import bind
from qianmian.query.fields import HistoryField
from qianmian.query.parse import parse
from qianmian.query.problems import Problem
from qianmian.query.tree import Tree
from qianmian.segment.sentence import sentence


@dataclass(frozen=True)
class Wording:
    """Everything that a condition can name.

    Attributes:
        tags: what is compared of a person.
        events: what ``did(…)`` counts.
        filters: what stands inside it.
        tie_kinds: what ``friends(…)`` and ``within(…)`` can name.
        computed: from which build.
    """

    tags: tuple[Tag, ...]
    events: list[str]
    filters: tuple[HistoryField, ...]
    tie_kinds: list[str]
    computed: Computed


@dataclass(frozen=True)
class Checked:
    """A condition after a look at it, before anybody is counted.

    Attributes:
        text: what was looked at.
        condition: its canonical text; None if something is wrong.
        tree: the same as a tree, also if names or values are wrong; None if it is not understood.
        sentence: the same in words; empty if it is not understood.
        problems: what is wrong, in the order in which it stands.
    """

    text: str
    condition: str | None
    tree: Tree | None
    sentence: str
    problems: tuple[Problem, ...]


def wording(shop: Shop, *, purpose: str) -> Wording:
    """What a condition can name as of the last build."""
    with shop.asking(purpose) as (found, computed):
        known = found.vocabulary
        kinds = [kind.name for kind in found.tie_kinds.kinds if kind.made_by]
        tags = found.tags
    return Wording(tags, sorted(known.events), known.history, kinds, computed)


def check(shop: Shop, condition: str, language: Language, *, purpose: str) -> Checked:
    """Find everything that is wrong with a condition, without counting anybody."""
    with shop.asking(purpose) as (found, _):
        vocabulary = found.vocabulary
    tree: Tree | None = None
    said = ""
    try:
        tree = parse(condition)
        said = sentence(tree, shop.tags(), language)
        bind(tree, vocabulary)
    except ConditionError as error:
        return Checked(condition, None, tree, said, error.problems or (Problem(error.message),))
    return Checked(condition, str(tree), tree, said, ())


def written(shop: Shop, tree: Tree, language: Language, *, purpose: str) -> Checked:
    """The text of a tree that somebody put together, and what is wrong with it.

    Raises:
        ConditionError: no text says what the tree says, for a name in it is none.
    """
    text = str(tree)
    checked = check(shop, text, language, purpose=purpose)
    if checked.tree is not None and checked.tree != tree:
        raise ConditionError("no_such_condition", condition=text)
    return checked
