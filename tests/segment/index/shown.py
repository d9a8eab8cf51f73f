"""A reading of a small shop that lies in DuckDB, as the tests of conditions load it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qianmian.query.bind import bind
from qianmian.query.tree import Journey, Sequence
from qianmian.segment.index import sets
from qianmian.segment.index.loading import people
from qianmian.segment.index.question import Index, Question
from tests.query.vocabulary import TODAY, VOCABULARY, show_journey, show_sequence


@dataclass
class Shown:
    """Stands for `qianmian.profile.reading.Reading`: every relation is there already."""

    connection: Any
    vocabulary: Any = VOCABULARY
    today: Any = TODAY
    sequences: int = 0

    def __post_init__(self) -> None:
        self.connection.execute("CREATE OR REPLACE TEMP VIEW partials AS SELECT person_id FROM profiles")

    def select(self, names: Iterable[str]) -> str:
        return f"SELECT {', '.join(['person_id', *names])} FROM profiles"

    def show_history(self) -> None:
        pass

    def show_ties(self) -> None:
        pass

    def show_journey(self, name: str, journey: Journey) -> None:
        show_journey(self.connection, name, journey)

    def show_sequence(self, name: str, sequence: Sequence) -> None:
        self.sequences += 1
        show_sequence(self.connection, name, sequence)


def allowed(purpose: str) -> None:
    pass


def question(connection: Any, *, threads: int = 1, check: Any = allowed, **limits: int) -> Question:
    reading: Any = Shown(connection)
    return Question(Index(people(reading), threads, **limits), reading, "analyse", check)


def found(asked: Question, tree: Any) -> list[int]:
    """The person_ids whom an index finds."""
    met = asked.met(bind(tree, asked.reading.vocabulary))
    listed: list[int] = asked.index.people.ids[sets.numbers(met)].tolist()
    assert sets.size(met) == len(listed)
    return listed
