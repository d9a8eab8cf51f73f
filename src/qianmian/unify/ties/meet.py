"""Interactions become contacts: who met whom over an object, dealt out under both people."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.ties.interact import UNSETTLED, show_clues
from qianmian.unify.ties.kinds import TieKinds
from qianmian.unify.ties.place import AT, KEY, PLACE
from qianmian.unify.ties.tables import ACTOR, BOTH, IN, MEMBER, MENTION, OUT, OWNER

#: Name under which the exchange holds contacts, summed up within an object's bucket.
CONTACTS = "contacts"
_DAY = 86_400_000_000
#: Weights are whole multiples of 2⁻²⁰, so that sums of them are exact whatever comes first.
_STEP = 1 << 20

#: People whose contacts are all looked at again: who they are has changed, or somebody came in between.
_REDONE = """
CREATE TEMP TABLE redone AS
SELECT DISTINCT person_id FROM (
    SELECT unnest([old, new]) AS person_id FROM moved WHERE version = getvariable('version')
    UNION ALL {unsettled})
WHERE person_id <> 0
"""
_IN_BUCKET = "object BETWEEN getvariable('first') AND getvariable('last')"
#: A mention of somebody whom no build knew is as good as fresh once one does.
_ROWS = f"""
CREATE TEMP VIEW held AS
SELECT *, build = getvariable('build') OR role = '{MENTION}' AND object IN (
    SELECT node_id FROM nodes WHERE batch > getvariable('batch')) AS is_fresh
FROM interactions WHERE {_IN_BUCKET}
"""
_TOUCHED = f"""
CREATE TEMP TABLE redone_nodes AS SELECT DISTINCT node_id FROM persons SEMI JOIN redone USING (person_id);
CREATE TEMP TABLE touched AS
SELECT DISTINCT object FROM held WHERE role <> '{MENTION}' AND (is_fresh OR node_id IN (FROM redone_nodes));
CREATE TEMP TABLE unplaced AS
FROM held WHERE role <> '{MENTION}' AND object IN (FROM touched)
UNION ALL
FROM held WHERE role = '{MENTION}' AND (is_fresh OR node_id IN (FROM redone_nodes) OR object IN (FROM redone_nodes));
"""
_ALL = "CREATE TEMP TABLE unplaced AS FROM held"
_MENTIONED = f"""
CREATE TEMP VIEW mentioned AS
SELECT object AS node_id, occurred_at, kind, person_id AS actor_id, place, is_fresh FROM rows WHERE role = '{MENTION}'
"""
#: Of a circle only the first time that somebody was seen in it counts.
_CONTACTS = f"""
CREATE TEMP VIEW contacts AS
WITH tellers AS (
    SELECT object, arg_min(person_id, place) AS owner_id, arg_min(is_fresh, place) AS is_fresh
    FROM rows WHERE role = '{OWNER}' GROUP BY object),
small AS (
    SELECT object, kind FROM unplaced WHERE role = '{MEMBER}' GROUP BY ALL
    HAVING count(DISTINCT node_id) <= any_value((SELECT max(most) FROM clues WHERE clues.kind = unplaced.kind))),
members AS (
    SELECT object, kind, person_id, min(place) AS place, bool_and(is_fresh) AS is_fresh
    FROM rows SEMI JOIN small USING (object, kind) WHERE role = '{MEMBER}' GROUP BY ALL),
directed AS (
    SELECT actor_id AS person_id, person_id AS other_id, kind, place, is_fresh FROM ({{mentioned}})
    UNION ALL
    SELECT person_id, owner_id, kind, place, rows.is_fresh OR tellers.is_fresh
    FROM rows JOIN tellers USING (object) WHERE role = '{ACTOR}'),
seen AS (
    SELECT person_id, other_id, kind, '{OUT}' AS direction, place, is_fresh FROM directed
    UNION ALL SELECT other_id, person_id, kind, '{IN}', place, is_fresh FROM directed
    UNION ALL
    SELECT one.person_id, other.person_id, kind, '{BOTH}', greatest(one.place, other.place),
           one.is_fresh OR other.is_fresh
    FROM members AS one JOIN members AS other USING (object, kind))
FROM seen WHERE person_id <> other_id {{which}}
"""
_WHICH = "AND (is_fresh OR person_id IN (FROM redone) OR other_id IN (FROM redone))"
_SUMS = f"""
CREATE TEMP VIEW summed AS
SELECT person_id, other_id, kind, direction, weight, count, {AT.format("first_place")} AS first_at,
       {AT.format("last_place")} AS last_at, {KEY.format("first_place")} AS first_event,
       {KEY.format("last_place")} AS last_event, (person_id >> getvariable('shift'))::INTEGER AS part
FROM (
    SELECT person_id, other_id, kind, direction, sum(weight) AS weight, count(*) AS count, min(place) AS first_place,
           max(place) AS last_place
    FROM (
        SELECT contacts.*,
               round({_STEP} * pow(2.0, ((place >> 63)::BIGINT - reference) / half_life)) / {_STEP} AS weight
        FROM contacts JOIN fading USING (kind))
    GROUP BY ALL)
"""


def meet(context: Context) -> Output:
    """Find the contacts in a range of objects, and deal out those that the last build did not count.

    Params:
        build: number of the build.
        version: the identity version that moved people.
        batch: highest batch that the last build read.
        kinds: see `TieKinds.to_json`.
        ties_anew: whether all contacts are dealt.
        shift: how far a person_id is shifted to give its part.
    """
    kinds, anew = TieKinds.from_json(context.params["kinds"]), bool(context.params["ties_anew"])
    with context.connect("interactions", "persons", "nodes", "moved") as connection:
        show_clues(connection, kinds)
        show_fading(connection, kinds, context.snapshot.instant)
        for name, value in (("first", context.buckets.first), ("last", context.buckets.last)):
            connection.execute(f"SET VARIABLE {name} = {value}")
        connection.execute(_ROWS)
        if anew:
            connection.execute(_ALL)
        else:
            show_redone(context, connection)
            connection.execute(_TOUCHED)
        read = connection.execute("SELECT count(*) FROM unplaced").fetchall()[0][0]
        if not read:
            return Output(summary=0)
        _place(connection, anew=anew)
        dealt = context.deal(connection, "summed", CONTACTS)
    return Output(summary=dealt, rows_read=read)


def show_redone(context: Context, connection: Connection) -> None:
    """Make the table ``redone`` of people all of whose contacts are dealt anew; the connection has ``moved``."""
    files = [str(path) for path in context.dealt(UNSETTLED, 0)]
    unsettled = "SELECT person_id FROM read_parquet($files)" if files else "SELECT 0::BIGINT"
    connection.execute(_REDONE.format(unsettled=unsettled), {"files": files} if files else None)


def show_fading(connection: Connection, kinds: TieKinds, now: datetime) -> None:
    """Make the relation ``fading``: how the weight of each kind fades; instants and half-lives in microseconds."""
    references = [kind.reference_at(now) for kind in kinds.kinds]
    connection.register(
        "fading",
        pa.table(
            {
                "kind": pa.array([kind.name for kind in kinds.kinds], pa.string()),
                "reference": pa.array([int(at.timestamp()) * 1_000_000 for at in references], pa.int64()),
                "reference_at": pa.array(references, pa.timestamp("us", "UTC")),
                "half_life": pa.array([kind.half_life_days * _DAY for kind in kinds.kinds], pa.int64()),
                "weight_of_one": pa.array([kind.weight for kind in kinds.kinds], pa.float64()),
            }
        ),
    )


def _place(connection: Connection, *, anew: bool) -> None:
    among = "SELECT node_id FROM unplaced UNION SELECT object FROM unplaced WHERE role = 'mention'"
    show_owners(connection, "" if anew else among)
    connection.execute(f"CREATE TEMP TABLE rows AS SELECT *, {PLACE} AS place FROM ({placed(connection, 'unplaced')})")
    connection.execute(_MENTIONED)
    which = "" if anew else _WHICH
    connection.execute(_CONTACTS.format(mentioned=placed(connection, "mentioned"), which=which))
    connection.execute(_SUMS)
