"""What the last check counted of words: what each rule changed, and the commonest that no vocabulary knows."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.lake.connection import Connection, fetch

#: Words of a field that are told.
MOST_UNKNOWN = 20
_CHANGED = """
SELECT rule, field, source, sum(distinct_words)::BIGINT AS words, sum(events)::BIGINT AS events
FROM word_counts WHERE changed GROUP BY ALL ORDER BY rule, field, source
"""
#: Rare words are told together in the table, and not here.
_UNKNOWN = """
SELECT field, source, raw AS word, events FROM word_counts WHERE NOT is_known AND raw <> ''
QUALIFY row_number() OVER (PARTITION BY field ORDER BY events DESC, raw, source) <= $most
ORDER BY field, events DESC, raw, source
"""


@dataclass(frozen=True)
class WordRule:
    """What one rule changed in one source.

    Attributes:
        rule: text, categories, or words.… or units.… with its place in the declaration.
        field: words of what.
        source: data source.
        words: how many different words are read otherwise than they came.
        events: how many events have them; of a category or brand, items.
    """

    rule: str
    field: str
    source: str
    words: int
    events: int


@dataclass(frozen=True)
class UnknownWord:
    """A word that no vocabulary knows.

    Attributes:
        field: word of what.
        source: data source.
        word: as it came.
        events: how many events have it; of a category or brand, items.
    """

    field: str
    source: str
    word: str
    events: int


def word_rules(connection: Connection) -> list[WordRule]:
    """What each rule changed; the connection sees `word_counts`."""
    return [WordRule(**row) for row in fetch(connection, _CHANGED).to_pylist()]


def unknown_words(connection: Connection) -> list[UnknownWord]:
    """The commonest unknown words of each field; the connection sees `word_counts`."""
    return [UnknownWord(**row) for row in fetch(connection, _UNKNOWN, {"most": MOST_UNKNOWN}).to_pylist()]
