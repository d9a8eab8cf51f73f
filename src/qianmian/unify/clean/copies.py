"""Texts that several people wrote nearly alike: what is paid for, or copied, rather than meant.

Texts are compared by their letters and figures alone, small and of half width. Three letters in a row are a shingle;
sixteen least hashes of a text's shingles, two by two, find whom it may be like (MinHash), and the share of common
shingles says whether it is. Equal texts are compared once, however often they were written.
"""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.fields import PROPERTIES, path
from qianmian.unify.clean.rules import Cleaning

#: A pair of hashes that more texts have is too common to find by; the other pairs find who is like whom.
MOST_IN_BAND = 1000
_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
_NARROW = "".join(map(chr, range(0x21, 0x7F))).replace("'", "''")
_TEXTS = f"""
CREATE TEMP TABLE texts AS
SELECT source, event_id, event_key, node_id, occurred_at, name, letters
FROM (SELECT *, regexp_replace(
          lower(translate(text, '{_WIDE}', '{_NARROW}')), '[^\\p{{L}}\\p{{N}}]', '', 'g') AS letters
      FROM (SELECT *, json_extract_string(properties, getvariable('path')) AS text FROM events
            WHERE node_id <> 0 AND list_contains(getvariable('named'), name)))
WHERE length(letters) >= getvariable('least_letters');
CREATE TEMP TABLE wordings AS
SELECT row_number() OVER (ORDER BY letters) AS wording, letters FROM (SELECT DISTINCT letters FROM texts);
CREATE TEMP TABLE shingles AS
SELECT wording, unnest(list_distinct(list_transform(
    range(1, length(letters) - 1), lambda place: substr(letters, place, 3)))) AS shingle
FROM wordings;
CREATE TEMP TABLE sizes AS SELECT wording, count(*) AS size FROM shingles GROUP BY wording
"""
_LIKE = f"""
CREATE TEMP TABLE bands AS
SELECT wording, seed // 2 AS band, hash(min(low), max(low)) AS pair
FROM (SELECT wording, seed, min(hash(shingle, seed)) AS low
      FROM shingles CROSS JOIN (SELECT unnest(range(16)) AS seed) GROUP BY wording, seed)
GROUP BY wording, band;
CREATE TEMP TABLE met AS
WITH few AS (SELECT band, pair FROM bands GROUP BY band, pair HAVING count(*) BETWEEN 2 AND {MOST_IN_BAND}),
     kept AS (FROM bands SEMI JOIN few USING (band, pair))
SELECT DISTINCT one.wording AS a, other.wording AS b
FROM kept AS one JOIN kept AS other USING (band, pair) WHERE one.wording < other.wording;
CREATE TEMP TABLE near AS
WITH shared AS (
    SELECT a, b, count(*) AS n FROM met
    JOIN shingles AS one ON one.wording = a JOIN shingles AS other ON other.wording = b AND other.shingle = one.shingle
    GROUP BY a, b),
alike AS (
    SELECT a, b FROM shared JOIN sizes AS one ON one.wording = a JOIN sizes AS other ON other.wording = b
    WHERE n >= getvariable('similar') * (one.size + other.size - n))
FROM alike UNION ALL SELECT b, a FROM alike UNION ALL SELECT wording, wording FROM wordings
"""
_FLAGS = """
WITH written AS (SELECT * FROM texts JOIN wordings USING (letters)),
many AS (
    SELECT a AS wording, count(DISTINCT node_id) AS identifiers, arg_min(event_id, (occurred_at, event_key)) AS first_id
    FROM near JOIN written ON written.wording = b GROUP BY a HAVING identifiers >= getvariable('identifiers'))
SELECT source, event_id, event_key, node_id, occurred_at, name, 'copied_text' AS rule, getvariable('field') AS field,
       identifiers::VARCHAR AS value, nullif(first_id, event_id) AS like_event
FROM written JOIN many USING (wording) ORDER BY occurred_at, event_key
"""


def find_copies(context: Context) -> Output:
    """Write the flags of texts that several people wrote nearly alike, of all events at once.

    Params: see `copies_params`.
    """
    with context.connect("events") as connection:
        connection.execute(_TEXTS)
        connection.execute(_LIKE)
        rows = fetch(connection, _FLAGS)
    files = (context.write("flags", rows),) if rows.num_rows else ()
    return Output({"flags": files}, {"flags": rows.num_rows})


def copies_params(cleaning: Cleaning) -> dict[str, object]:
    """The parameters of `find_copies`; none if no text is compared."""
    copies = cleaning.copies
    if copies is None:
        return {}
    told = {name: getattr(copies, name) for name in ("least_letters", "similar", "identifiers")}
    return {
        **told,
        "named": list(copies.events),
        "path": path(copies.property),
        "field": f"{PROPERTIES}{copies.property}",
    }
