"""Counts words as they came and as they are read, so that a shop sees what its vocabularies do, and what they lack."""

from __future__ import annotations

from collections.abc import Sequence

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.fields import path
from qianmian.unify.normal.rules import EVENT_WORDS, ITEM_WORDS
from qianmian.unify.normal.units import UNITS, Units, quantity, units_params
from qianmian.unify.normal.words import Words

#: Fewer rows of a word than this could name somebody: they are told together.
LEAST_NAMED = 5
#: Names under which counts are dealt.
WORDS_SEEN, QUANTITIES_SEEN = "words_seen", "quantities_seen"
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
#: A property with units is read as a number with its unit; one that came without a unit stays.
_QUANTITIES = """
SELECT 'properties.' || getvariable('properties')[{place}] AS field, source, getvariable('rules')[{place}] AS rule,
       number IS NOT NULL AS is_known, raw,
       CASE WHEN number IS NULL OR try_cast(raw AS DOUBLE) IS NOT NULL THEN raw
            ELSE concat_ws(' ', round(number, 9), getvariable('to')[{place}]) END AS word,
       count(*) AS n, 0 AS part
FROM (SELECT source, raw, {number} AS number FROM (
        SELECT source, json_extract_string(properties, getvariable('paths')[{place}]) AS raw FROM events
        WHERE node_id BETWEEN getvariable('first') AND getvariable('last')))
WHERE raw IS NOT NULL GROUP BY ALL
"""
_COUNTED = f"""
SELECT field, source, rule, is_known, changed, CASE WHEN n < {LEAST_NAMED} THEN '' ELSE raw END AS raw,
       CASE WHEN n < {LEAST_NAMED} THEN '' ELSE word END AS word, count(*) AS distinct_words, sum(n)::BIGINT AS events
FROM (SELECT *, raw <> word AS changed FROM (
        SELECT field, source, rule, is_known, raw, word, n FROM seen JOIN read_words USING (field, source, raw)
        UNION ALL {{quantities}}))
GROUP BY ALL ORDER BY field, source, rule, is_known, changed, raw
"""
_ADDED = """
SELECT field, source, rule, is_known, raw, word, sum(n)::BIGINT AS n FROM read_parquet($files)
GROUP BY ALL
"""
_NO_WORDS = "SELECT '' AS field, '' AS source, '' AS raw, 0 AS n WHERE false"
_NONE = "SELECT '', '', '', false, '', '', 0 WHERE false"


def see_words(context: Context) -> Output:
    """Count the words of the events of some buckets, and deal out the counts.

    Params: see `seen_params`.
    """
    quantities = [
        _QUANTITIES.format(place=place, number=quantity("raw", place))
        for place in range(1, len(context.params["properties"]) + 1)
    ]
    with context.connect("events") as connection:
        for name, value in vars(context.buckets).items():
            connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
        connection.execute(f"CREATE TEMP TABLE {WORDS_SEEN} AS {_OF_EVENTS}")
        context.deal(connection, WORDS_SEEN, WORDS_SEEN)
        if quantities:
            connection.execute(f"CREATE TEMP TABLE {QUANTITIES_SEEN} AS {' UNION ALL '.join(quantities)}")
            context.deal(connection, QUANTITIES_SEEN, QUANTITIES_SEEN)
    return Output()


def seen_params(units: Sequence[Units]) -> dict[str, object]:
    """The parameters of `see_words`."""
    named = [one.property for one in units]
    rules = [f"{UNITS}{number}" for number in range(len(units))]
    told = {"properties": named, "paths": list(map(path, named)), "to": [one.to for one in units], "rules": rules}
    return {**told, **units_params(named, units)}


def count_words(context: Context) -> Output:
    """Add up what was counted, read each word once, and write `word_counts`.

    Params:
        words: how words are read.
    """
    words = Words.from_json(str(context.params["words"]))
    with context.connect("items", "item_changes") as connection:
        files, quantities = ([str(path) for path in context.dealt(name, 0)] for name in (WORDS_SEEN, QUANTITIES_SEEN))
        read = "SELECT field, source, raw, n FROM read_parquet($files)" if files else _NO_WORDS
        connection.execute(_SEEN.format(events=read), {"files": files} if files else None)
        rows = connection.execute("SELECT field, source, raw FROM seen").fetchall()
        connection.register("read_words", words.rules_of(rows))
        added = _COUNTED.format(quantities=_ADDED if quantities else _NONE)
        counted = fetch(connection, added, {"files": quantities} if quantities else None)
    return Output({"word_counts": (context.write("word_counts", counted),)} if counted.num_rows else {})
