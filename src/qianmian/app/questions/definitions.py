"""The definitions of tags: which hold, which are told already, what one that is being written would say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudience, SavedAudiences
from qianmian.app.declared_tags import NAME, DeclaredTags, changes, text_with
from qianmian.app.plan import failed_tags
from qianmian.app.shop import Shop
from qianmian.app.versions import Version
from qianmian.core.errors import ConditionError, NotBuiltError, UnknownNameError
from qianmian.core.messages import Message
from qianmian.profile.tags.built_in import built_in_tags, read_tags
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.profile.tags.declaration.forbidden import check_lawful
from qianmian.profile.tags.declare import Tag
from qianmian.profile.trial import Trial, trial
from qianmian.query.parse import parse
from qianmian.query.parts import leaves_of
from qianmian.query.tree import Atom, Friends, Tree, Within


class State(StrEnum):
    """Whether a tag is told of people."""

    TOLD = "told"
    OUTDATED = "outdated"  # as the last build knew it; what was declared since needs a build
    WAITING = "waiting"  # nothing is told before the next build
    FAILED = "failed"  # its SELECT failed at the last build; what it answered before stands


@dataclass(frozen=True)
class Definition:
    """A tag as it is declared now.

    Attributes:
        tag: the definition.
        state: whether it is told of people.
        failure: why its SELECT failed at the last build; None if it did not.
        entry: what its author said; None if it is built in.
        used_by: names of tags that read its value.
        audiences: saved audiences whose conditions name it.
        changes: versions of the shop's tags that say something new of it, newest first.
    """

    tag: Tag
    state: State
    failure: Message | None
    entry: dict[str, Any] | None
    used_by: tuple[str, ...]
    audiences: tuple[SavedAudience, ...]
    changes: tuple[Version, ...]


@dataclass(frozen=True)
class Tried:
    """What a tag would say.

    Attributes:
        tag: the definition.
        trial: over some people.
        of_people: how many there are.
        computed: from which build.
    """

    tag: Tag
    trial: Trial
    of_people: int
    computed: Computed


def states(shop: Shop, *, purpose: str) -> list[tuple[Tag, State]]:
    """Every tag that is declared, and whether it is told of people.

    Raises:
        PurposeError: the purpose is not registered.
    """
    try:
        with shop.asking(purpose) as (found, _):
            told = {tag.name: tag for tag in found.tags}
    except NotBuiltError:
        told = {}
    failed = failed_tags(shop.workspace)
    return [(tag, _state(tag, told.get(tag.name), is_failed=tag.name in failed)) for tag in shop.tags()]


def definition(shop: Shop, name: str, *, purpose: str) -> Definition:
    """One tag, and what rests on it.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such tag.
    """
    known = {tag.name: (tag, state) for tag, state in states(shop, purpose=purpose)}
    if name not in known:
        raise UnknownNameError("no_tag", tag=name)
    tag, state = known[name]
    kept = DeclaredTags(shop.workspace.catalogue, shop.workspace.clock)
    entries = kept.declaration().entries
    users = tuple(other.name for other, _ in known.values() if name in other.uses)
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).all()
    named = tuple(one for one in saved if name in tags_in(one.condition))
    failure = failed_tags(shop.workspace).get(name) if state is State.FAILED else None
    return Definition(tag, state, failure, entries.get(name), users, named, tuple(changes(kept.all(), name)))


def try_tag(shop: Shop, name: str, entry: dict[str, Any], *, purpose: str, beside: Declaration | None = None) -> Tried:
    """Work out a tag that is being written for some people; nothing is kept.

    Args:
        shop: the shop.
        name: of the tag.
        entry: what its author says.
        purpose: what the people are looked up for.
        beside: the other tags that it can use; those that hold if not given.

    Raises:
        PurposeError: the purpose is not registered.
        RulesError: it is none, or names what no tag may say.
        SqlError: it is a SELECT that is refused, or fails.
        NotBuiltError: nothing was built yet.
    """
    holding = beside or DeclaredTags(shop.workspace.catalogue, shop.workspace.clock).declaration()
    known = (*built_in_tags(), *read_tags(text_with(holding, name, entry), NAME).tags)
    tag = next(tag for tag in known if tag.name == name)
    check_lawful([tag])
    with shop.asking(purpose) as (found, computed):
        tried = trial(found, tag, known, session_minutes=shop.workspace.settings.session_minutes)
        [(people,)] = found.connection.execute("SELECT count(*) FROM partials").fetchall()
    return Tried(tag, tried, people, computed)


def _state(tag: Tag, told: Tag | None, *, is_failed: bool) -> State:
    if told is None:
        return State.WAITING
    if told != tag:
        return State.OUTDATED
    return State.FAILED if is_failed else State.TOLD


def tags_in(condition: str) -> frozenset[str]:
    """The tags that a saved condition names; one that is not understood any more names none."""
    try:
        return frozenset(_tags(parse(condition)))
    except ConditionError:
        return frozenset()


def _tags(tree: Tree) -> Iterator[str]:
    """The tags that a condition names, also of people tied to somebody."""
    for leaf in leaves_of(tree):
        if isinstance(leaf, Friends | Within):
            yield from _tags(leaf.term)
        elif isinstance(leaf, Atom):
            yield leaf.name
