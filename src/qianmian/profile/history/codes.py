"""Words become small numbers that never change: the only way in which history knows an event, an item, a region."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.fresh import FRESH_DAYS
from qianmian.unify.normal.rules import EVENT_WORDS, ITEM_WORDS
from qianmian.unify.normal.words import Words

_ITEM = "source || '/' || item_id"
_OF_EVENTS = " UNION ALL ".join(
    f"SELECT '{field}' AS field, '' AS source, raw FROM (SELECT DISTINCT {field} AS raw FROM fresh)"
    for field in EVENT_WORDS
)
#: SQL of the words of goods as they came: ``field, source, raw``.
WORDS_OF_ITEMS = " UNION ".join(
    f"SELECT '{field}' AS field, source, {column} AS raw FROM {table} WHERE {column} IS NOT NULL"
    for field, column in ITEM_WORDS.items()
    for table in ("items", "item_changes")
)
_RAW = f"FROM ({_OF_EVENTS}) WHERE raw IS NOT NULL UNION ALL ({WORDS_OF_ITEMS})"
#: What earlier builds do not know yet; a build that begins anew replaces what they knew.
_NEW_WORDS = """
FROM read_words ANTI JOIN (FROM normal_words WHERE NOT getvariable('anew')) USING (field, source, raw) ORDER BY ALL
"""
_READ_AS = f"""
CREATE TEMP TABLE read_as AS
SELECT field, raw, nullif(coalesce(word, raw), '') AS text
FROM ({_OF_EVENTS}) LEFT JOIN read_words USING (field, source, raw)
"""
#: Only words that are new get a number; in alphabetical order, so that equal input gives equal codes.
_NEW_CODES = f"""
WITH found AS (
    SELECT DISTINCT kind, text FROM (
        SELECT field AS kind, text FROM read_as
        UNION ALL SELECT 'event', text FROM (SELECT DISTINCT name AS text FROM fresh)
        UNION ALL SELECT 'item', text FROM (SELECT DISTINCT {_ITEM} AS text FROM fresh)
        UNION ALL SELECT 'item', text FROM (SELECT DISTINCT {_ITEM} AS text FROM event_lines WHERE {FRESH_DAYS}))
    WHERE text IS NOT NULL),
highest AS (SELECT kind, max(code) AS code FROM codes GROUP BY kind)
SELECT kind, (coalesce(highest.code, 0) + row_number() OVER (PARTITION BY kind ORDER BY text))::INTEGER AS code, text
FROM found ANTI JOIN codes USING (kind, text) LEFT JOIN highest USING (kind) ORDER BY kind, code
"""
_CODE_OF_EVENT = """
CREATE TEMP TABLE code_of_event AS
SELECT text AS event_word, code::SMALLINT AS event_code FROM words WHERE kind = 'event'
"""
#: By the word as it came: no row of events is touched to read it as another.
_CODE_OF_WORD = """
CREATE TEMP TABLE code_of_{kind} AS
SELECT raw AS {kind}_word, code::SMALLINT AS {kind}_code
FROM read_as JOIN words USING (text) WHERE kind = '{kind}' AND field = '{kind}'
"""
#: An item's word is source/item_id; taken apart, so that no event's has to be put together.
_CODE_OF_ITEM = """
CREATE TEMP TABLE code_of_item AS
SELECT text[:strpos(text, '/') - 1] AS source, text[strpos(text, '/') + 1:] AS item_id, code::INTEGER AS item_code
FROM words WHERE kind = 'item'
"""


def read_words(connection: Connection, words: Words) -> pa.Table:
    """Read each distinct word once, and make the table ``read_as`` of those of events.

    Args:
        connection: has the relation ``fresh`` and views of items, item_changes and normal_words.
        words: how words are read.

    Returns:
        The rows that `normal_words` still lacks.
    """
    connection.register("read_words", words.table(connection.execute(_RAW).fetchall()))
    connection.execute(_READ_AS)
    return fetch(connection, _NEW_WORDS)


def learn_words(connection: Connection) -> pa.Table:
    """Give a code to each word that history has not met yet, and make tables of all codes, such as ``code_of_region``.

    Args:
        connection: has the relation ``fresh``, what `read_words` made, and views of event_lines and codes.

    Returns:
        The rows that `codes` still lacks.
    """
    found = fetch(connection, _NEW_CODES)
    connection.register("new_codes", found)
    connection.execute("CREATE TEMP TABLE words AS FROM codes UNION ALL BY NAME FROM new_codes")
    for step in (_CODE_OF_EVENT, _CODE_OF_ITEM, *_codes_of_words()):
        connection.execute(step)
    return found


def _codes_of_words() -> Iterator[str]:
    return (_CODE_OF_WORD.format(kind=field) for field in EVENT_WORDS)
