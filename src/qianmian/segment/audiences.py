"""Audiences: everybody who meets a condition, counted and listed over what the last build left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.query.compile import compile_audience
from qianmian.query.compiled import Compiled
from qianmian.query.parse import parse
from qianmian.query.tree import And, Did, Friends, Not, Or, Sequence, Tree, Within, terms_of


@dataclass(frozen=True)
class Audience:
    """A condition, compiled for one reading.

    Attributes:
        condition: canonical text of the condition.
        query: what finds the people.
    """

    condition: str
    query: Compiled

    def size(self, reading: Reading) -> int:
        """How many people meet the condition."""
        counted = self.query.counted()
        return int(reading.connection.execute(counted.sql, list(counted.values)).fetchall()[0][0])

    def members(self, reading: Reading, limit: int | None = None) -> tuple[int, list[int]]:
        """How many meet the condition, and their person_ids, ascending; found by one query.

        Args:
            reading: what the condition was compiled for.
            limit: list at most so many.
        """
        if limit == 0:
            return self.size(reading), []
        values = [*self.query.values, *([] if limit is None else [limit])]
        tail = "" if limit is None else " LIMIT ?"
        found = fetch(
            reading.connection,
            f"SELECT person_id, count(*) OVER () AS people FROM ({self.query.sql}) ORDER BY person_id{tail}",
            values,
        )
        people: list[int] = found.column("person_id").to_pylist()
        return (found.column("people")[0].as_py() if people else 0), people


def audience(reading: Reading, condition: str, *, purpose: str, check: Callable[[str], None]) -> Audience:
    """Read and compile a condition.

    Args:
        reading: what the last build left.
        condition: text in the condition language.
        purpose: what the people are looked up for.
        check: raises if the purpose is not allowed; called before anything else.

    Raises:
        PurposeError: from ``check``.
        ConditionError: the text does not parse or names something unknown.
    """
    check(purpose)
    tree = parse(condition)
    query = compile_audience(tree, reading.vocabulary, today=reading.today, purpose=purpose, check=check)
    profiles = reading.select(tags_of(tree))
    query = replace(query, sql=f"WITH profiles AS ({profiles}) FROM ({query.sql})")
    if query.reads_history:
        reading.show_history()
    for name, sequence in query.sequences:
        reading.show_sequence(name, sequence)
    if query.reads_ties:
        reading.show_ties()
    return Audience(str(tree), query)


def tags_of(tree: Tree) -> Iterator[str]:
    """The tags that a condition names, also of people tied to somebody."""
    if not isinstance(tree, And | Or | Not | Did | Sequence | Friends | Within):
        yield tree.name
    for term in terms_of(tree):
        yield from tags_of(term)


def everybody(reading: Reading) -> int:
    """How many people have a profile."""
    return int(reading.connection.execute("SELECT count(*) FROM partials").fetchall()[0][0])
