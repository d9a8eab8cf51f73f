"""Events become interactions: what each names, as far as somebody else may stand behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from qianmian.collect.event_key import event_key_sql
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.lake.write import write_rows
from qianmian.unify.fresh import fresh
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.ties.kinds import Clue, TieKinds, Way
from qianmian.unify.ties.place import PLACE
from qianmian.unify.ties.tables import ACTOR, MEMBER, MENTION, OWNER

#: Name under which the exchange holds people some of whose contacts are not what the last build thought.
UNSETTLED = "unsettled"
_BETWEEN = "\x1f"
_CLUES = pa.schema([("name", pa.string()), ("pointer", pa.string()), ("prefix", pa.string()),
                    ("kind", pa.string()), ("role", pa.string()), ("most", pa.int64())])  # fmt: skip
_IS_PSEUDONYM = "length(value) = 13 AND regexp_full_match(value, '[a-z2-7]+')"
#: The inverse of `core.people.id_text`: 13 digits of five bits hold 64, and one that is empty.
_NUMBER = """(list_sum(list_transform(range(1, 14), lambda i:
    (strpos('abcdefghijklmnopqrstuvwxyz234567', value[i]) - 1)::HUGEINT << (65 - 5 * i)::INTEGER)) >> 1)"""
#: An object is a hash of its property and value, whatever the source: a post is liked in the app and on the web.
_OBJECT = f"""
CASE WHEN role <> '{MENTION}' THEN {event_key_sql("prefix", "value")}
     WHEN {_IS_PSEUDONYM} THEN try_cast({_NUMBER} AS BIGINT) END
"""
_FRESH = f"""
CREATE TEMP {{kind}} fresh AS
SELECT object, kind, role, node_id, occurred_at, event_key, getvariable('build')::BIGINT AS build FROM (
    SELECT {_OBJECT} AS object, kind, role, node_id, occurred_at, event_key FROM (
        SELECT clues.*, node_id, occurred_at, event_key, json_extract_string(properties, pointer) AS value
        FROM (FROM ({fresh("event_key, node_id, occurred_at, name, properties")})
              WHERE name IN (SELECT name FROM clues) AND node_id <> 0 AND properties IS NOT NULL
        ) AS events JOIN clues USING (name))
    WHERE value <> '')
WHERE object IS NOT NULL
UNION ALL
SELECT b, 'household', '{MEMBER}', a, "at", event_key, getvariable('build')::BIGINT FROM sign_ins
"""
#: On which identifiers people signed in.
_SIGN_INS = f"""
CREATE TEMP VIEW sign_ins AS
SELECT a, b, "at", event_key
FROM (SELECT *, {event_key_sql("source", "event_id")} AS event_key FROM links) AS links
ANTI JOIN left_out USING (event_key) JOIN nodes ON b = nodes.node_id
WHERE kind = 'sign_in' AND namespace IN (SELECT unnest(getvariable('namespaces')::VARCHAR[]))
  AND "at" <= getvariable('now') AND (links.batch > getvariable('batch') OR "at" > getvariable('instant')::TIMESTAMPTZ)
"""
#: All that is known of the objects and circles that fresh rows belong to.
_AGAIN = f"""
CREATE TEMP TABLE again AS
SELECT rows.*, coalesce(most, 0) AS most
FROM (SELECT *, false AS is_fresh FROM interactions UNION ALL SELECT *, true FROM fresh) AS rows
SEMI JOIN (SELECT object FROM fresh WHERE role IN ('{OWNER}', '{MEMBER}')) AS touched USING (object)
LEFT JOIN (SELECT kind, max(most) AS most FROM clues GROUP BY kind) AS clues USING (kind)
WHERE role IN ('{OWNER}', '{MEMBER}')
"""
#: Who told first of an object, or joined a circle first, is somebody else now or did it earlier; or the circle is too
#: large by now.
_UNSETTLED = f"""
CREATE TEMP TABLE unsettled AS
WITH tellers AS (
    SELECT object, arg_min(person_id, place) FILTER (NOT is_fresh) AS person_id,
           min(place) FILTER (NOT is_fresh) AS was, min(place) AS is_now
    FROM rows WHERE role = '{OWNER}' GROUP BY object),
members AS (
    SELECT object, kind, person_id, min(place) FILTER (NOT is_fresh) AS was, min(place) AS is_now
    FROM rows WHERE role = '{MEMBER}' GROUP BY ALL),
crowded AS (
    SELECT object, kind FROM again WHERE role = '{MEMBER}' GROUP BY ALL
    HAVING count(DISTINCT node_id) > max(most) AND count(DISTINCT node_id) FILTER (NOT is_fresh) <= max(most))
SELECT DISTINCT person_id, 0 AS part FROM (
    SELECT person_id FROM tellers WHERE was <> is_now
    UNION ALL SELECT person_id FROM members WHERE was <> is_now
    UNION ALL SELECT person_id FROM rows SEMI JOIN crowded USING (object, kind))
"""
#: Mentions of people whom no build knew before this one.
_AWAITED = f"""
SELECT count(*) FROM interactions
WHERE role = '{MENTION}' AND object IN (SELECT node_id FROM nodes WHERE batch > getvariable('batch'))
"""


def interact(context: Context) -> Output:
    """Write the interactions of the events that no build has read, and deal out whom they unsettle.

    If it reports nothing, and nobody moved, then all ties are as the last build left them.

    Params:
        build: number of the build.
        batch, instant: how far the last build came (see `Folded`).
        kinds: see `TieKinds.to_json`.
        ties_anew: whether ties are computed anew; then nobody has to be unsettled.
    """
    anew, kinds = bool(context.params["ties_anew"]), TieKinds.from_json(context.params["kinds"])
    with context.connect("events", "left_out", "links", "nodes", "persons", "interactions") as connection:
        show_clues(connection, kinds)
        among = sorted({name for kind in kinds.kinds for clue in kind.made_by for name in clue.namespaces})
        connection.execute("SET VARIABLE namespaces = $namespaces", {"namespaces": among})
        connection.execute(_SIGN_INS)
        connection.execute(_FRESH.format(kind="VIEW" if anew else "TABLE"))
        files = write_rows(context.lake, connection, "interactions", "fresh")
        unsettled = 0 if anew else _unsettle(context, connection)
        awaited = 0 if anew else connection.execute(_AWAITED).fetchall()[0][0]
    rows = sum(file.rows for file in files)
    summary = {"interactions": rows, "unsettled": unsettled, "awaited": awaited}
    return Output({"interactions": files} if files else {}, summary, rows_read=rows)


def show_clues(connection: Connection, kinds: TieKinds) -> None:
    """Make the relation ``clues``: which property of which event names what, and what follows from it."""
    rows = [row for kind in kinds.kinds for clue in kind.made_by for row in _rows(kind.name, clue)]
    columns = zip(*dict.fromkeys(rows), strict=True) if rows else ((),) * len(_CLUES)
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, _CLUES, strict=True)], _CLUES)
    connection.register("clues", table)


def _rows(kind: str, clue: Clue) -> Iterator[tuple[str, str, str, str, str, int]]:
    pointer = "/" + clue.name.replace("~", "~0").replace("/", "~1")
    match clue.way:
        case Way.PERSON:
            yield clue.events[0], pointer, "", kind, MENTION, 0
        case Way.OBJECT:
            prefix = f"{clue.of}{_BETWEEN}{clue.name}"
            yield clue.events[0], pointer, prefix, kind, ACTOR, 0
            yield clue.of, pointer, prefix, "", OWNER, 0
        case Way.TOGETHER:
            for event in clue.events:
                yield event, pointer, f"{kind}{_BETWEEN}{clue.name}", kind, MEMBER, clue.most
        case Way.SIGNED_IN_ON:
            yield "", "", "", kind, MEMBER, clue.most  # no event: sign-ins are read from links


def _unsettle(context: Context, connection: Connection) -> int:
    connection.execute(_AGAIN)
    show_owners(connection, "SELECT node_id FROM again")
    connection.execute(f"CREATE TEMP TABLE rows AS SELECT *, {PLACE} AS place FROM ({placed(connection, 'again')})")
    connection.execute(_UNSETTLED)
    return context.deal(connection, "unsettled", UNSETTLED)
