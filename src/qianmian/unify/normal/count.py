"""Counts words as they came and as they are read, so that a shop sees what its vocabularies do, and what they lack."""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.normal.rules import EVENT_WORDS, ITEM_WORDS
from qianmian.unify.normal.words import Words

#: Fewer rows of a word than this could name somebody: they are told together.
LEAST_NAMED = 5
#: Name under which counts are dealt.
WORDS_SEEN = "words_seen"
_OF_EVENTS = " UNION ALL ".join(
    f"""SELECT '{field}' AS field, source, {field} AS raw, count(*) AS n, 0 AS part FROM events
        WHERE node_id BETWEEN getvariable('first') AND getvariable('last') AND {field} IS NOT NULL GROUP BY ALL"""
    for field in EVENT_WORDS
)
_OF_ITEMS = " UNION ALL ".join(
    f"""SELECT '{field}' AS field, source, raw, count(DISTINCT item_id) AS n FROM (
            SELECT source, item_id, {column} AS raw FROM items UNION SELECT source, item_id, {column} FROM item_changes)
        WHERE raw IS NOT NULL GROUP BY ALL"""
    for field, column in ITEM_WORDS.items()
)
_SEEN = f"""
CREATE TEMP TABLE seen AS
SELECT field, source, raw, sum(n)::BIGINT AS n FROM ({{events}} UNION ALL {_OF_ITEMS}) GROUP BY ALL
"""
_COUNTED = f"""
SELECT field, source, rule, is_known, changed, CASE WHEN n < {LEAST_NAMED} THEN '' ELSE raw END AS raw,
       CASE WHEN n < {LEAST_NAMED} THEN '' ELSE word END AS word, count(*) AS distinct_words, sum(n)::BIGINT AS events
FROM (SELECT *, raw <> word AS changed FROM seen JOIN read_words USING (field, source, raw))
GROUP BY ALL ORDER BY field, source, rule, is_known, changed, raw
"""


def see_words(context: Context) -> Output:
    """Count the words of the events of some buckets, and deal out the counts."""
    with context.connect("events") as connection:
        for name, value in vars(context.buckets).items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
        connection.execute(f"CREATE TEMP TABLE {WORDS_SEEN} AS {_OF_EVENTS}")
        context.deal(connection, WORDS_SEEN, WORDS_SEEN)
    return Output()


def count_words(context: Context) -> Output:
    """Add up what was counted, read each word once, and write `word_counts`.

    Params:
        words: how words are read.
    """
    words = Words.from_json(str(context.params["words"]))
    with context.connect("items", "item_changes") as connection:
        files = [str(path) for path in context.dealt(WORDS_SEEN, 0)]
        read = "SELECT field, source, raw, n FROM read_parquet($files)" if files else "SELECT '', '', '', 0 WHERE false"
        connection.execute(_SEEN.format(events=read), {"files": files} if files else None)
        rows = connection.execute("SELECT field, source, raw FROM seen").fetchall()
        connection.register("read_words", words.rules_of(rows))
        counted = fetch(connection, _COUNTED)
    return Output({"word_counts": (context.write("word_counts", counted),)} if counted.num_rows else {})
