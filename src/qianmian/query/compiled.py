"""SQL with the values for its marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from qianmian.query.tree import Journey, Member, Sequence

#: Whose people are found before the query runs.
Walked: TypeAlias = Sequence | Member | Journey


@dataclass(frozen=True)
class Compiled:
    """SQL text and the values for its ``?``, in order.

    Attributes:
        sql: holds words and identifiers of the vocabulary only; never a value that an author wrote.
        values: what the engine binds.
        reads_history: whether it names the relation ``history`` beside ``profiles``.
        sequences: relations ``<name>(person_id)`` that it names, each with what its people did or are in.
        reads_ties: whether it names ``ties``, and perhaps ``closeness``.
    """

    sql: str
    values: tuple[object, ...] = ()
    reads_history: bool = False
    sequences: tuple[tuple[str, Walked], ...] = ()
    reads_ties: bool = False


def joined(parts: Iterable[Compiled], word: str, each: str = "({})") -> Compiled:
    """Parts with a word between them, each in parentheses unless told otherwise."""
    listed = tuple(parts)
    sql = word.join(each.format(part.sql) for part in listed)
    return Compiled(sql, tuple(value for part in listed for value in part.values))
