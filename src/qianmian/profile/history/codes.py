"""Words become small numbers that never change: the only way in which history knows an event, an item, a region."""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.profile.history.rows import CODED
from qianmian.unify.fresh import FRESH, FRESH_DAYS

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


def learn_words(context: Context) -> Output:
    """Give a code to each word that history has not met yet.

    Params:
        batch, instant: how far the last build came (see `Folded`).
    """
    with context.connect("events", "event_lines", "codes") as connection:
        connection.execute(f"CREATE TEMP VIEW fresh AS {FRESH}")
        found = fetch(connection, _NEW_CODES)
    if not found.num_rows:
        return Output(summary={"words": 0})
    return Output({"codes": (context.write("codes", found),)}, {"words": found.num_rows})
