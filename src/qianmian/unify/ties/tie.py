"""Contacts become ties: what is new is added to what the last build left."""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.write import write_rows
from qianmian.unify.ties.kinds import TieKinds
from qianmian.unify.ties.meet import CONTACTS, show_fading, show_redone
from qianmian.unify.ties.place import AT, KEY, PLACE

#: Contacts and ties alike, in a form in which they can be added.
_SUM = f"""
SELECT person_id, other_id, kind, direction, weight, count,
       {PLACE.replace("occurred_at", "first_at").replace("event_key", "first_event")} AS first_place,
       {PLACE.replace("occurred_at", "last_at").replace("event_key", "last_event")} AS last_place
FROM
"""
_DEALT = f"CREATE TEMP TABLE dealt AS {_SUM} read_parquet($files, hive_partitioning = false)"
#: Pairs that have new contacts, or one of whose people is looked at again.
_PAIRS = """
CREATE TEMP TABLE pairs AS
SELECT person_id, other_id FROM dealt
UNION
SELECT person_id, other_id FROM held WHERE person_id IN (FROM redone) OR other_id IN (FROM redone)
"""
#: What stays of their ties: of people who are looked at again nothing, for all their contacts are dealt.
_KEPT = f"""
CREATE TEMP VIEW kept AS
{_SUM} held SEMI JOIN pairs USING (person_id, other_id)
WHERE person_id NOT IN (FROM redone) AND other_id NOT IN (FROM redone)
"""
_TIES = f"""
CREATE TEMP VIEW written AS
SELECT person_id, other_id, kind, direction, weight, reference_at, count,
       {AT.format("first_place")} AS first_at, {AT.format("last_place")} AS last_at,
       {KEY.format("first_place")} AS first_event, {KEY.format("last_place")} AS last_event
FROM (
    SELECT person_id, other_id, kind, direction, sum(weight) AS weight, sum(count)::BIGINT AS count,
           min(first_place) AS first_place, max(last_place) AS last_place
    FROM ({{contacts}}) GROUP BY ALL)
JOIN fading USING (kind)
"""
_GONE = """
SELECT person_id, other_id FROM pairs SEMI JOIN held USING (person_id, other_id)
ANTI JOIN written USING (person_id, other_id) ORDER BY ALL
"""


def tie(context: Context) -> Output:
    """Write the ties of people in a range of ids of which anything is new.

    Params:
        build: number of the build.
        version: the identity version that moved people.
        kinds: see `TieKinds.to_json`.
        ties_anew: whether all contacts were dealt.
        parts: number of ranges of person_id.
    """
    kinds, anew = TieKinds.from_json(context.params["kinds"]), bool(context.params["ties_anew"])
    part = context.buckets.first // (2**63 // int(context.params["parts"]))
    files = [str(path) for path in context.dealt(CONTACTS, part)]
    with context.connect("ties", "moved") as connection:
        show_fading(connection, kinds, context.snapshot.instant)
        if files:
            connection.execute(_DEALT, {"files": files})
        else:
            connection.execute(f"CREATE TEMP TABLE dealt AS {_SUM} ties WHERE false")
        if not anew:
            _show_kept(context, connection)
        contacts = "FROM dealt" if anew else "FROM dealt UNION ALL BY NAME FROM kept"
        connection.execute(_TIES.format(contacts=contacts))
        layer = int(context.params["build"])
        written = write_rows(context.lake, connection, "ties", "written", layer=layer)
        gone = None if anew else fetch(connection, _GONE)
        if gone is not None and gone.num_rows:
            written = (*written, context.write_gone("ties", gone, layer=layer))
        read = connection.execute("SELECT count(*) FROM dealt").fetchall()[0][0]
    rows = sum(file.rows for file in written)
    return Output({"ties": written} if written else {}, {"ties": rows}, rows_read=read)


def _show_kept(context: Context, connection: Connection) -> None:
    first, last = context.buckets.first, context.buckets.last
    connection.execute(f"CREATE TEMP VIEW held AS FROM ties WHERE person_id BETWEEN {first} AND {last}")
    show_redone(context, connection)
    connection.execute(_PAIRS)
    connection.execute(_KEPT)
