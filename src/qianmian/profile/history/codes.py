"""Words become small numbers that never change: the only way in which history knows an event, an item, a region."""

from __future__ import annotations

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.profile.history.rows import CODED
from qianmian.unify.fresh import FRESH_DAYS

#: How each kind of word is found on a row of events.
WORD = {
    "event": "name",
    "item": "source || '/' || item_id",
    "channel": "channel",
    "device_type": "device_type",
    "region": "region",
}
_EVENT_WORDS = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, word AS text FROM (SELECT DISTINCT {WORD[kind]} AS word FROM fresh)" for kind in CODED
)
#: Only words that are new get a number; in alphabetical order, so that equal input gives equal codes.
_NEW_CODES = f"""
WITH found AS (
    SELECT DISTINCT kind, text FROM ({_EVENT_WORDS}
    UNION ALL SELECT 'item', word FROM (
        SELECT DISTINCT {WORD["item"]} AS word FROM event_lines WHERE {FRESH_DAYS}))
    WHERE text IS NOT NULL),
highest AS (SELECT kind, max(code) AS code FROM codes GROUP BY kind)
SELECT kind, (coalesce(highest.code, 0) + row_number() OVER (PARTITION BY kind ORDER BY text))::INTEGER AS code, text
FROM found ANTI JOIN codes USING (kind, text) LEFT JOIN highest USING (kind) ORDER BY kind, code
"""


def learn_words(connection: Connection) -> pa.Table:
    """Give a code to each word that history has not met yet, and make the table ``words`` of all that it knows now.

    Args:
        connection: has the relation ``fresh`` and views of event_lines and codes.

    Returns:
        The rows that `codes` still lacks.
    """
    found = fetch(connection, _NEW_CODES)
    connection.register("new_codes", found)
    connection.execute("CREATE TEMP TABLE words AS FROM codes UNION ALL BY NAME FROM new_codes")
    return found
