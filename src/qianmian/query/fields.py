"""What a condition can name: tags, events, and the fields of a row of history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from qianmian.core.tables import Type
from qianmian.query.tree import RESERVED

WHOLE = frozenset({Type.INTEGER, Type.SMALL})
NUMBERS = WHOLE | {Type.NUMBER, Type.MONEY}
ORDERED = NUMBERS | {Type.DATE, Type.INSTANT}
COMPARABLE = ORDERED | {Type.TEXT, Type.FLAG}

CodeOf = Callable[[str, str], int | None]
"""(column of history, text) → the non-negative code that stands for the text there; None if it never occurred."""


@dataclass(frozen=True)
class TagField:
    """A tag: a column of ``profiles`` under its own name.

    Attributes:
        name: what conditions and the column are called.
        type: the column's type; one of `COMPARABLE`.
        values: the values that a layered tag can have; empty if any.
    """

    name: str
    type: Type
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_name(self.name, self.type)


@dataclass(frozen=True)
class HistoryField:
    """A field that ``did(…)`` filters on: a column of ``history``.

    Attributes:
        name: what conditions call it.
        column: what the column is called.
        type: what the author writes: TEXT for a coded column.
        coded: the column holds codes of texts.
        line: it tells about one product of the event, not about the event; see `compile`.
    """

    name: str
    column: str
    type: Type
    coded: bool = False
    line: bool = False

    def __post_init__(self) -> None:
        _check_name(self.name, self.type)
        _check_name(self.column, self.type)
        if self.coded and self.type is not Type.TEXT:
            raise ValueError(f"{self.name!r} is coded, so its author writes text, not {self.type.value[0]}")


@dataclass(frozen=True)
class SavedCondition:
    """What a condition needs to know of a saved audience that it names.

    Attributes:
        condition: text of what its people meet.
        is_fixed: its people stand in a table, whatever they meet now.
        is_deleted: nothing may name it.
    """

    condition: str
    is_fixed: bool = False
    is_deleted: bool = False


def _no_audience(_number: int) -> SavedCondition | None:
    return None


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a condition can name, handed in by whoever knows the workspace.

    Attributes:
        tags: fields of a person.
        events: names of the known events.
        history: fields that filter ``did(…)``.
        code_of: the codes of event names (column ``event``) and of texts in coded columns.
        tie_kinds: names of the kinds of tie.
        categories: words for categories of goods, as sources write them too.
        waiting: names of tags that are declared, and told from the next build on.
        audience: tells of a saved audience by its number; None = there is none.
    """

    tags: tuple[TagField, ...]
    events: frozenset[str]
    history: tuple[HistoryField, ...]
    code_of: CodeOf
    tie_kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    audience: Callable[[int], SavedCondition | None] = _no_audience

    @cached_property
    def tag(self) -> dict[str, TagField]:
        """The tags by name."""
        return {each.name: each for each in self.tags}

    @cached_property
    def filter(self) -> dict[str, HistoryField]:
        """The history fields by name."""
        return {each.name: each for each in self.history}


def _check_name(name: str, field_type: Type) -> None:
    """A name becomes an identifier in SQL, so it is checked where it is declared."""
    if not name.isidentifier() or name.lower() in RESERVED:
        raise ValueError(f"{name!r} cannot be named in a condition: it is reserved or has other signs than letters")
    if field_type not in COMPARABLE:
        raise ValueError(f"{name!r} is {field_type.value[0]}; conditions compare no such values")
